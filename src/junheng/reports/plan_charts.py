"""The drawings of a plan: money by year, coefficients before and after, school stages that pass."""

from __future__ import annotations

from junheng.reports.charts import Chart, Series, bars, cv_bars
from junheng.reports.plan_text import Data

__all__ = ["money_chart", "passing_chart", "spread_chart"]

_MOST_SOURCES = 4


def money_chart(data: Data) -> Chart:
    """What is spent in every year, by source (the sources beyond four are added up)."""
    years = sorted({entry["year"] for entry in data["money"]})
    sums: dict[str, dict[int, float]] = {}
    for entry in data["money"]:
        sums.setdefault(entry["source"], {})[entry["year"]] = entry["amount"]
    names = sorted(sums, key=lambda name: (-sum(sums[name].values()), name))
    if len(names) > _MOST_SOURCES:
        rest = names[_MOST_SOURCES - 1 :]
        sums["其他"] = {year: sum(sums[name].get(year, 0.0) for name in rest) for year in years}
        names = [*names[: _MOST_SOURCES - 1], "其他"]
    series = [Series(name, tuple(sums[name].get(year, 0.0) for year in years)) for name in names]
    return cv_bars("分年度支出（万元）", [f"{year}年" for year in years], series, decimals=1)


def passing_chart(data: Data) -> Chart:
    """School stages that pass, today and in every year, against how many are judged."""
    judged = float(data["years"][-1]["judged"])
    items: list[tuple[str, float | None]] = [
        (f"{entry['year']}年{'（现状）' if place == 0 else ''}", float(entry["passing"]))
        for place, entry in enumerate(data["years"])
    ]
    return bars("资源配置达标的校段数", items, unit="个", limit=judged, decimals=0)


def spread_chart(data: Data, stage: str) -> Chart:
    """The coefficients of one stage today, in the target year without the plan, and with it."""
    entries = [entry for entry in data["spreads"] if entry["stage"] == stage]
    label, limit, year = entries[0]["stage_label"], entries[0]["limit"], data["target_year"]
    series = (
        Series("现状", tuple(entry["today"] for entry in entries)),
        Series(f"{year}年不采取措施", tuple(entry["without"] for entry in entries)),
        Series(f"{year}年按方案", tuple(entry["by_year"][-1] for entry in entries), limit),
    )
    return cv_bars(f"{label}校际差异系数", [entry["name"] for entry in entries], series)
