"""What people tell the forecast: the year to reach, births, planned changes, housing. Nothing here has a silent default.

What is incomplete is left out with a finding; what makes no sense at all is an InputError.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite

from junheng.core.errors import InputError
from junheng.core.findings import Finding, Level, Location
from junheng.core.standard import Stage
from junheng.planning.forecast.history import History, Row

MOST_YEARS = 15
MOST_SIMULATIONS = 100_000


@dataclass(frozen=True, slots=True)
class Opening:
    """A new school stage from `year` on. It is empty until a Shift, Transfer or HousingProject brings pupils."""

    school_id: str
    school_name: str
    stage: Stage
    year: int


@dataclass(frozen=True, slots=True)
class Closure:
    """A stage that has no pupils any more from `year` on: closed, or merged into others.

    `receivers` maps school ids to the share of its pupils (and of its later entrants) each takes; the shares sum to at most 1,
    the rest leaves the county. Empty means not known.
    """

    school_id: str
    stage: Stage
    year: int
    receivers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Shift:
    """From `year` on a `share` of a school's entrants goes to another school (a catchment is moved, a new school is opened).

    `moves_all_grades`: in that year the same share of the other grades moves too.
    """

    giver_id: str
    receiver_id: str
    stage: Stage
    year: int
    share: float
    moves_all_grades: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """`count` pupils who change school once, in `year`, out of all grades in proportion. None stands for outside the county."""

    giver_id: str | None
    receiver_id: str | None
    stage: Stage
    year: int
    count: int


@dataclass(frozen=True, slots=True)
class HousingProject:
    """Dwellings zoned to a school: pupils = dwellings × pupils per dwelling × share occupied, spread evenly over the grades.

    `occupied` are the shares of dwellings lived in at the start of school in `completed_in`, the year after, and so on; the last
    one stays. None is not known yet.
    """

    name: str
    school_id: str
    stage: Stage
    completed_in: int
    dwellings: int | None
    pupils_per_dwelling: float | None
    occupied: tuple[float, ...] | None


Change = Opening | Closure | Shift | Transfer | HousingProject


@dataclass(frozen=True)
class Options:
    """What to forecast and how.

    `births[catchment][year]` are the children of a catchment who reach school age in that year, for past years as well, so that
    the share that enters can be told; `catchments` maps school ids to catchments. `memory` is the weight of a year relative to
    the year after it, `damping` what is left of a yearly trend after each year ahead. `simulations` is even: draws come in
    mirrored pairs.
    """

    to_year: int
    simulations: int = 2000
    seed: int = 20260101
    births: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    catchments: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    memory: float = 0.8
    damping: float = 0.95

    def __post_init__(self) -> None:
        if self.simulations < 2 or self.simulations % 2 or self.simulations > MOST_SIMULATIONS:
            raise InputError(f"模拟次数应是 2 至 {MOST_SIMULATIONS} 之间的偶数,现在是 {self.simulations}。")
        if self.seed < 0:
            raise InputError(f"随机种子不能是负数,现在是 {self.seed}。")
        if not 0 < self.memory <= 1 or not 0 <= self.damping <= 1:
            raise InputError("往年权重应大于 0 且不超过 1,趋势留存应在 0 与 1 之间。")
        if any(count < 0 for of_years in self.births.values() for count in of_years.values()):
            raise InputError("出生数据里有负数,请改正后再预测。")


def require_years(history: History, to_year: int) -> None:
    """InputError when the chosen year cannot be forecast from this history."""
    if len(history.years) < 2:
        raise InputError(f"只有 {history.last_year} 年一年的数据,看不出变化,无法预测。请至少再给上一年的数据。")
    if not history.last_year < to_year <= history.last_year + MOST_YEARS:
        first, last = history.last_year + 1, history.last_year + MOST_YEARS
        raise InputError(f"预测到 {to_year} 年做不到:数据到 {history.last_year} 年,可选 {first} 至 {last} 年。")


def openings(history: History, options: Options) -> tuple[Opening, ...]:
    """The openings of stages that are not there yet, within the years of the forecast."""
    found = (change for change in options.changes if isinstance(change, Opening))
    return tuple(
        change
        for change in found
        if (change.school_id, change.stage) not in history.rows and history.last_year < change.year <= options.to_year
    )


def usable_changes(
    history: History, options: Options, graded: Collection[Row], known: Collection[Row]
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """The changes that can be played through, and a finding for each that cannot.

    `known` are the stages that can be forecast at all, openings included, `graded` those of them whose grades are known: only
    these can give or take pupils.
    """
    usable: list[Change] = []
    findings: list[Finding] = []
    for change in options.changes:
        reason = next(_objections(change, graded, known, history, options.to_year), None)
        if reason is None:
            usable.append(change)
        else:
            findings.append(_left_out(change, history, reason))
    return tuple(usable), tuple(findings)


def _objections(
    change: Change, graded: Collection[Row], known: Collection[Row], history: History, to_year: int
) -> Iterator[str]:
    """Why a change cannot be used, the first reason first."""
    year = change.completed_in if isinstance(change, HousingProject) else change.year
    if not isinstance(change, HousingProject) and not history.last_year < year <= to_year:
        yield f"年份 {year} 不在 {history.last_year + 1} 至 {to_year} 年之内"
    if isinstance(change, Opening):
        if (change.school_id, change.stage) in history.rows:
            yield "这所学校的这个学段已经有了"
        return
    for school_id in _schools_of(change):
        if (school_id, change.stage) not in known:
            yield f"没有学校 {school_id} 这个学段 {history.last_year} 年的数据"
        elif (school_id, change.stage) not in graded and not isinstance(change, HousingProject):
            yield f"不知道{history.name(school_id)}各年级的人数"
    yield from _own_objections(change)


def _own_objections(change: Change) -> Iterator[str]:
    """What is wrong with a change whatever the county."""
    if isinstance(change, HousingProject):
        yield from _housing_objections(change)
    elif isinstance(change, Closure):
        yield from _closure_objections(change)
    elif isinstance(change, Shift) and not 0 <= change.share <= 1:
        yield f"比例 {change.share} 不在 0 与 1 之间"
    elif isinstance(change, Transfer) and (change.count < 0 or change.giver_id == change.receiver_id):
        yield "人数是负数,或转出与转入是同一处"


def _schools_of(change: Change) -> tuple[str, ...]:
    if isinstance(change, Shift | Transfer):
        return tuple(name for name in (change.giver_id, change.receiver_id) if name is not None)
    if isinstance(change, Closure):
        return (change.school_id, *change.receivers)
    return (change.school_id,)


def _closure_objections(change: Closure) -> Iterator[str]:
    shares = change.receivers.values()
    if not shares:
        yield "没有写明学生去哪所学校"
    elif not all(0 <= share <= 1 for share in shares) or sum(shares) > 1 + 1e-9:
        yield "各接收学校的比例应不小于 0、合计不超过 1"
    elif change.school_id in change.receivers:
        yield "接收学校就是它自己"


def _housing_objections(change: HousingProject) -> Iterator[str]:
    words = {"套数": change.dwellings, "每套学生数": change.pupils_per_dwelling, "入住比例": change.occupied}
    missing = [word for word, value in words.items() if value is None or value == ()]
    shares = change.occupied or ()
    numbers = [number for number in (change.dwellings, change.pupils_per_dwelling, *shares) if number is not None]
    if missing:
        yield f"没有填写{'、'.join(missing)}"
    elif any(not isfinite(number) or number < 0 for number in numbers) or max(shares) > 1:
        yield "套数、每套学生数不能是负数,入住比例应在 0 与 1 之间"


def _left_out(change: Change, history: History, reason: str) -> Finding:
    subject = {
        Opening: "新开办",
        Closure: "撤并",
        Shift: "学区调整",
        Transfer: "转学",
        HousingProject: "住宅项目",
    }[type(change)]
    schools = "、".join(history.name(name) for name in _schools_of(change)) or "县外"
    name = f"“{change.name}”" if isinstance(change, HousingProject) else ""
    text = f"{subject}{name}（{schools}）没有用于预测:{reason}。"
    hint = "请补齐或改正后重新预测;在此之前,预测里没有这件事。"
    return Finding(Level.WARNING, "forecast-change-unusable", text, hint, Location(subject=schools))
