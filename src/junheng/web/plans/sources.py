"""The facts that forecasts and plans rest on: those of a run, and the approved ones of the years before it."""

from junheng.core.facts import Facts
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.returns.facts import approved_facts
from junheng.web.returns.models import Round

MOST_YEARS = 8
"""Of facts before the year of the run; older years tell little of the next ones."""


def facts_of(run: Run) -> Facts:
    """The facts of a finished run, from its snapshot."""
    return evaluation_of(run).facts


def history_of(run: Run) -> list[Facts]:
    """The approved facts of earlier years, oldest first; years of which nothing was approved are left out."""
    years = Round.objects.filter(county_id=run.organisation_id, year__lt=run.year).order_by("-year")
    listed = sorted(years.values_list("year", flat=True)[:MOST_YEARS])
    found = (approved_facts(county=run.organisation, year=year) for year in listed)
    return [facts for facts in found if facts is not None]
