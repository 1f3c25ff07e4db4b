"""A kept forecast as its page shows it: the county, the schools and the risks, filtered. Nothing here computes a forecast."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from junheng.web.evaluations.words import STAGES

Chart = dict[str, Any]
Row = Mapping[str, Any]

FILTERS = ("stage", "rule", "year", "least", "new", "name")
LEASTS = ("0.1", "0.5", "0.9")
PER_PAGE = 40
MOST_RULES = 8


@dataclass(frozen=True, slots=True)
class RiskTable:
    """The risks that fit the filters, one page of them; what the filters offer, and what is chosen."""

    page: Page[Row]
    total: int
    years: Sequence[int]
    rules: Sequence[tuple[str, str]]
    stages: Sequence[str]
    chosen: Mapping[str, str]


def risk_table(data: Row, wanted: Mapping[str, str]) -> RiskTable:
    """What may break, that which is kept today first, the likeliest in front. Filters that fit nothing known are ignored."""
    years: Sequence[int] = data["years"]
    rules = sorted({(row["rule_id"], row["rule"]) for row in data["risks"]})
    stages = [stage for stage in STAGES if any(row["stage"] == stage for row in data["risks"])]
    offered = {
        "stage": {*stages, "school"},
        "rule": {rule for rule, _label in rules},
        "year": {str(year) for year in years},
        "least": set(LEASTS),
        "new": {"1"},
    }
    chosen = {name: wanted.get(name, "") for name in FILTERS}
    chosen = {name: text if text in offered.get(name, {text}) else "" for name, text in chosen.items()}
    rows = [row for row in data["risks"] if _fits(row, chosen)]
    rows.sort(
        key=lambda row: (bool(row["is_broken_today"]), -_weight(row, chosen["year"]), row["school_id"], row["rule_id"])
    )
    shown = Paginator(rows, PER_PAGE).get_page(wanted.get("page"))
    return RiskTable(shown, len(data["risks"]), years, rules, stages, chosen)


def _fits(row: Row, chosen: Mapping[str, str]) -> bool:
    stage = row["stage"] or "school"
    return (
        chosen["stage"] in {"", stage}
        and chosen["rule"] in {"", row["rule_id"]}
        and chosen["name"].strip() in row["school_name"]
        and not (chosen["new"] and row["is_broken_today"])
        and _weight(row, chosen["year"]) >= float(chosen["least"] or 0.0005)
    )


def _weight(row: Row, year: str) -> float:
    """The probability of the chosen year, or the highest of all."""
    told = [entry["probability"] for entry in row["years"] if not year or str(entry["year"]) == year]
    return max((value for value in told if value is not None), default=0.0)


def pupil_lines(data: Row, stage: str) -> Chart:
    """The pupils of one stage: what was, what is expected, and between which numbers 80 of 100 futures lie."""
    past = {entry["year"]: entry["pupils"].get(stage) for entry in data["past"]}
    ahead = {entry["year"]: entry for entry in data["county"] if entry["stage"] == stage}
    years = sorted({*past, *ahead})
    last = max(past)

    def line(key: str) -> list[int | None]:
        first = {last: past[last]}
        told = {year: entry["quantiles"][key] if key else entry["pupils"] for year, entry in ahead.items()}
        return [{**first, **told}.get(year) for year in years]

    series = [
        {"name": _("实际"), "values": [past.get(year) for year in years]},
        {"name": _("预计"), "values": line("")},
        {"name": _("低位（10%）"), "values": line("0.1")},
        {"name": _("高位（90%）"), "values": line("0.9")},
    ]
    return {"kind": "lines", "categories": [str(year) for year in years], "series": series, "places": 0, "fits": True}


def stages_of(data: Row) -> list[str]:
    """The stages of which something is forecast."""
    known = {entry["stage"] for entry in data["county"]}
    return [stage for stage in STAGES if stage in known]


def rule_bars(data: Row) -> Chart:
    """How many school stages break each rule: today, and as expected in the first and the last year."""
    years: Sequence[int] = data["years"]
    labels = {row["rule_id"]: row["rule"] for row in data["risks"]}
    today = {rule: sum(bool(row["is_broken_today"]) for row in _of(data, rule)) for rule in labels}
    ends = {rule: _expected(_of(data, rule), years[-1]) for rule in labels}
    listed = sorted(labels, key=lambda rule: -max(today[rule], ends[rule]))[:MOST_RULES]
    middle = years[(len(years) - 1) // 2]
    series = [{"name": _("现在"), "values": [today[rule] for rule in listed]}]
    series += [
        {
            "name": _("%(year)s 年预计") % {"year": year},
            "values": [round(_expected(_of(data, rule), year), 1) for rule in listed],
        }
        for year in dict.fromkeys((middle, years[-1]))
    ]
    return {"kind": "bars", "categories": [labels[rule] for rule in listed], "series": series, "places": 0}


def _of(data: Row, rule: str) -> list[Row]:
    return [row for row in data["risks"] if row["rule_id"] == rule]


def _expected(rows: Iterable[Row], year: int) -> float:
    return sum(entry["probability"] or 0.0 for row in rows for entry in row["years"] if entry["year"] == year)


def newly_broken(data: Row) -> int:
    """School stages that keep a rule today and more likely than not break it by the last year, each rule counted."""
    return sum(not row["is_broken_today"] and _weight(row, "") >= 0.5 for row in data["risks"])


def school_page(data: Row, wanted: Mapping[str, str]) -> Page[Row]:
    """The school stages with their pupils by year, filtered by name and stage."""
    name, stage = wanted.get("school", "").strip(), wanted.get("school_stage", "")
    rows = [
        row for row in data["schools"] if name in row["school_name"] and (stage not in STAGES or row["stage"] == stage)
    ]
    return Paginator(rows, PER_PAGE).get_page(wanted.get("school_page"))
