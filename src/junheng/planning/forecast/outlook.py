"""Everything the forecast has to say about a county: pupils, risks, how far such forecasts were off, teachers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from junheng.core.facts import Facts
from junheng.core.findings import Finding
from junheng.core.standard import Stage, Standard
from junheng.planning.forecast.backtest import Backtest, backtest
from junheng.planning.forecast.history import Row, history_of
from junheng.planning.forecast.model import Forecast, forecast, require_quantile
from junheng.planning.forecast.options import Change, Options
from junheng.planning.forecast.risks import Risks, risks
from junheng.planning.forecast.teachers import TeacherAges, TeacherForecast, TeacherOptions, forecast_teachers

_FEWEST_YEARS = 3


@dataclass(frozen=True)
class Assumptions:
    """What people add to the facts: births, planned changes, and what concerns teachers. Empty: nothing is known of it."""

    births: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    catchments: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    ages: TeacherAges | None = None
    retirement_age: Mapping[str, int] = field(default_factory=dict)
    attrition: float | None = None
    hiring: Mapping[Row, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountyYear:
    """All pupils of one stage in one year: the point forecast, and the same at each quantile of the futures."""

    stage: Stage
    year: int
    pupils: int
    quantiles: tuple[int, ...]


@dataclass(frozen=True)
class Outlook:
    """The forecast of one county from `facts` (its last year), with the `standard` its risks are held against.

    `backtest` is None with fewer than three years of data. `findings` are those of all parts, in order.
    """

    facts: Facts
    standard: Standard
    forecast: Forecast
    risks: Risks
    backtest: Backtest | None
    teachers: TeacherForecast
    findings: tuple[Finding, ...]

    def county(self, quantiles: Sequence[float] = ()) -> Iterator[CountyYear]:
        """Each stage of the county by year; quantiles are those of the sum, not sums of quantiles. InputError as `quantile`."""
        found = self.forecast
        for quantile in quantiles:
            require_quantile(quantile)
        for stage in Stage:
            rows = [place for place, row in enumerate(found.rows) if row[1] is stage and found.is_known[place]]
            if rows:
                points = found.point[rows].sum(axis=0)
                futures = found.draws[rows].sum(axis=0, dtype=np.int64)
                levels = [np.quantile(futures, q, axis=1, method="inverted_cdf") for q in quantiles]
                for place, year in enumerate(found.years):
                    yield CountyYear(stage, year, int(points[place]), tuple(int(level[place]) for level in levels))


def look_ahead(facts: Sequence[Facts], standard: Standard, options: Options, assumptions: Assumptions) -> Outlook:
    """The outlook from facts of several years (in any order) to `options.to_year`.

    The births, catchments and changes of `assumptions` take the place of those in `options`. InputError when the years do not
    allow a forecast.
    """
    history = history_of(facts)
    given = assumptions
    chosen = replace(options, births=given.births, catchments=given.catchments, changes=given.changes)
    found = forecast(history, chosen)
    latest = max(facts, key=lambda entry: entry.year)
    table = risks(found, latest, standard)
    tried = backtest(history, chosen) if len(history.years) >= _FEWEST_YEARS else None
    hopes = TeacherOptions(options.to_year, given.retirement_age, given.attrition, given.hiring)
    teachers = forecast_teachers(latest, given.ages, hopes)
    findings = (*found.findings, *table.findings, *teachers.findings)
    return Outlook(latest, standard, found, table, tried, teachers, findings)
