"""The charts of a run as data for the layout's charts. Everything shown was computed when the run was made."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from junheng.web.evaluations.addresses import school_address
from junheng.web.evaluations.models import Run, SchoolResult
from junheng.web.evaluations.words import STAGES
from junheng.web.layout.shares import shown_percent

Chart = dict[str, Any]

_LEVELS = {"met": "good", "not_met": "bad", "cannot_tell": "unknown"}


def _values(summary: Mapping[str, Any], stage: str, key: str) -> list[float | None]:
    found = {entry["indicator"]: entry[key] for entry in summary["dispersion"] if entry["stage"] == stage}
    return [found.get(entry["id"]) for entry in summary["indicators"]]


def _series(summary: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    return [{"name": str(label), "values": _values(summary, stage, key)} for stage, label in STAGES.items()]


def dispersion_bars(summary: Mapping[str, Any]) -> Chart:
    """The coefficients of both stages beside their limits; limits that both stages share are drawn once."""
    limits: list[dict[str, Any]] = []
    for at, (stage, label) in enumerate(STAGES.items()):
        found = {entry["limit"] for entry in summary["dispersion"] if entry["stage"] == stage}
        found |= {
            float(entry["limit"]) for entry in summary["composites"] if entry["stage"] == stage and entry["limit"]
        }
        for value in sorted(entry for entry in found if entry is not None):
            limits.append({"name": f"{label}≤{value:.2f}", "value": value, "series": at})
    return {
        "kind": "bars",
        "categories": [entry["short"] for entry in summary["indicators"]],
        "series": _series(summary, "value"),
        "limits": limits,
        "places": 2,
    }


def resource_radar(summary: Mapping[str, Any]) -> Chart:
    """The county means as a share of their thresholds (100 is the standard); a stage of which nothing is known is left out,
    because a missing value would be drawn as zero."""
    series = _series(summary, "mean_percent")
    return {
        "kind": "radar",
        "axes": [{"name": entry["short"]} for entry in summary["indicators"]],
        "series": [entry for entry in series if any(value is not None for value in entry["values"])],
        "limit": 100,
        "limit_name": _("标准"),
        "places": 0,
    }


def school_points(run: Run, results: Iterable[SchoolResult]) -> Chart:
    """Every judged school stage by pupils and by its weakest indicator; those with an unknown value are left to the table."""
    groups: dict[str, list[dict[str, Any]]] = {"met": [], "not_met": [], "cannot_tell": []}
    for entry in results:
        if entry.least_percent is None or entry.student_count is None:
            continue
        note = _("%(students)s 人，最弱的一项为标准的 %(percent)s%%，%(met)s/%(all)s 项达标") % {
            "students": entry.student_count,
            "percent": shown_percent(entry.least_percent, 0),
            "met": entry.met_count,
            "all": entry.indicator_count,
        }
        point = {"name": entry.name, "x": entry.student_count, "y": entry.least_percent, "size": entry.student_count}
        groups[entry.outcome].append({**point, "note": note, "address": school_address(run, entry)})
    words = {"met": _("达标"), "not_met": _("不达标"), "cannot_tell": _("无法判定")}
    return {
        "kind": "points",
        "x_name": _("学生数"),
        "y_name": _("最弱指标（标准=100）"),
        "y_limit": 100,
        "groups": [
            {"name": words[outcome], "level": _LEVELS[outcome], "points": points}
            for outcome, points in groups.items()
            if points
        ],
    }


def trend_lines(runs: Sequence[Run]) -> Chart:
    """The share of school stages that are met, year by year, in per cent."""
    series = []
    for stage, label in STAGES.items():
        found = [next((row for row in run.figures["stages"] if row["stage"] == stage), None) for run in runs]
        values = [_met_percent(row) for row in found]
        series.append({"name": str(label), "values": values})
    return {
        "kind": "lines",
        "categories": [str(run.year) for run in runs],
        "series": series,
        "limits": [{"name": "100%", "value": 100}],
        "unit": "%",
        "places": 1,
    }


def _met_percent(row: Mapping[str, Any] | None) -> float | None:
    return float(shown_percent(100 * row["met"] / row["judged"])) if row and row["judged"] else None


def school_history(rows: Sequence[tuple[int, str, int, int]]) -> Chart:
    """How many indicators each stage of a school met, year by year; rows are (year, stage, met, of how many)."""
    years = sorted({year for year, _stage, _met, _all in rows})
    known = {(year, stage): met for year, stage, met, _all in rows}
    stages = [stage for stage in STAGES if any(row[1] == stage for row in rows)]
    most = max((row[3] for row in rows), default=0)
    return {
        "kind": "lines",
        "categories": [str(year) for year in years],
        "series": [
            {"name": str(STAGES[stage]), "values": [known.get((year, stage)) for year in years]} for stage in stages
        ],
        "limits": [{"name": _("全部 %(count)s 项") % {"count": most}, "value": most}] if most else [],
        "places": 0,
    }
