"""The question: facts of a base year, a standard on the last day of the target year, pupils, prices and limits.

`findings` says in Chinese everything that keeps the question from being answered; nothing is assumed in silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.findings import Finding, Level, Location
from junheng.core.judge import default_day
from junheng.core.resources import resource_frame
from junheng.core.stages import Rules
from junheng.core.standard import DispersionMode, Item, Stage, Standard
from junheng.planning.plan.futures import Tables, enter_pupils, facts_of_year, leave_out_unopened, plain_tables
from junheng.planning.plan.limits import Limits, Prices, RowKey
from junheng.planning.plan.measures import DEMANDS, MATERIALS, SPECS, TRAIT_OF_FORMULA, Measure
from junheng.planning.plan.turnover import Turnover, enter_turnover

MOST_YEARS = 15
ROTATION_FIELDS = ("rotation_eligible_count", "rotated_teacher_count", "rotated_backbone_count")


@dataclass(frozen=True)
class Problem:
    """One planning question. `pupils[year][(school id, stage)]` covers every year after the base year up to the target year;
    use `futures.same_pupils` to ask for today's. `enabled` switches on exceptions of the standard by id. `turnover[year]` tells
    what becomes of today's teachers by that year without a plan; `opens` in which year a school of the facts opens."""

    facts: Facts
    standard: Standard
    dictionary: FieldDictionary
    pupils: Mapping[int, Mapping[RowKey, int]]
    prices: Prices
    limits: Limits
    target_year: int
    enabled: frozenset[str] = frozenset()
    turnover: Mapping[int, Mapping[RowKey, Turnover]] = field(default_factory=dict)
    opens: Mapping[str, int] = field(default_factory=dict)

    @property
    def base_year(self) -> int:
        """The year of the facts."""
        return self.facts.year

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something can be done: after the base year, up to the target year."""
        return tuple(range(self.base_year + 1, self.target_year + 1))

    @cached_property
    def rules(self) -> Rules:
        """The standard on the last day of the target year."""
        return Rules.resolve(self.standard, default_day(self.target_year), self.enabled)

    def tables_of(self, year: int, opened: Mapping[RowKey, int] | None = None) -> Tables:
        """The tables of a later year with its pupils, what is worn out by then gone, and nothing done but classes opened."""
        tables = plain_tables(self.facts, self.dictionary)
        before = {**self._today, **self.pupils.get(year - 1, {})}
        enter_pupils(tables, self.pupils[year], before, opened or {})
        _add_equipment(tables, self.worn_out, year, -1)
        enter_turnover(tables, self.turnover.get(year, {}))
        leave_out_unopened(tables, self.opens, year)
        return tables

    @cached_property
    def worn_out(self) -> Mapping[tuple[str, int], int]:
        """元 of equipment that wear out per school and year, up to the target year; whole 元, never more than there are."""
        found: dict[tuple[str, int], int] = {}
        for row in self.facts.table("schools").rows(named=True):
            value = left = (row["equipment_value"] or 0) // 100
            for year in self.years:
                share = int(value * self.limits.retired_share.get(year, 0))
                gone = min(left, self.limits.retired.get((row["school_id"], year), share))
                left -= gone
                if gone:
                    found[row["school_id"], year] = gone
        return found

    @cached_property
    def renewals(self) -> Mapping[tuple[str, int], int]:
        """元 of worn equipment that are bought again per school and year: all where the measure is allowed and not forbidden."""
        measure, limits = Measure.RENEW_EQUIPMENT, self.limits
        if measure not in limits.allowed:
            return {}
        return {key: gone for key, gone in self.worn_out.items() if (key[0], measure) not in limits.forbidden}

    @cached_property
    def target_facts(self) -> Facts:
        """The facts of the target year when nothing is done."""
        return facts_of_year(self.facts, self.tables_of(self.target_year), self.dictionary, self.target_year)

    @cached_property
    def kept_facts(self) -> Facts:
        """The same with worn equipment renewed as it must be."""
        if not self.renewals:
            return self.target_facts
        tables = self.tables_of(self.target_year)
        _add_equipment(tables, self.renewals, self.target_year, 1)
        return facts_of_year(self.facts, tables, self.dictionary, self.target_year)

    @cached_property
    def judged_rows(self) -> tuple[Mapping[str, Any], ...]:
        """Core's judged rows of the target year without measures, primary first, then by school; excluded ones left out."""
        frame = resource_frame(self.kept_facts, self.rules)
        rows = [dict(row) for row in frame.rows(named=True) if row["exclusion"] == 0]
        return tuple(sorted(rows, key=lambda row: (row["stage"] != Stage.PRIMARY, row["school_id"])))

    def until(self, year: int) -> "Problem":
        """The same question for an earlier target year; asked twice it is the same object, with all that it has worked out."""
        if year == self.target_year:
            return self
        return self._shorter.setdefault(year, replace(self, target_year=year))

    @cached_property
    def _shorter(self) -> dict[int, "Problem"]:
        return {}

    @cached_property
    def school_names(self) -> Mapping[str, str]:
        """The name of every school, its id where there is none."""
        rows = self.facts.table("schools").rows(named=True)
        return {row["school_id"]: row["school_name"] or row["school_id"] for row in rows}

    @property
    def _today(self) -> Mapping[RowKey, int]:
        rows = self.facts.table("stages").rows(named=True)
        return {(row["school_id"], row["stage"]): row["student_count"] or 0 for row in rows}

    def item(self, formula: str) -> Item | None:
        """The item of the standard with that formula, None when it has none."""
        return next((entry for entry in self.standard.items if entry.formula == formula), None)

    def item_values(self, formula: str) -> Mapping[str, Fraction] | None:
        """The numbers of that item in the target year; None when the standard has no such item."""
        item = self.item(formula)
        if item is None:
            return None
        dated = {name: entry.on(self.rules.on) for name, entry in item.params.items()}
        return {name: row.value for name, row in dated.items() if row is not None}


def _add_equipment(tables: Tables, amounts: Mapping[tuple[str, int], int], year: int, sign: int) -> None:
    """Adds (or takes away) the 元 of all years up to one to the schools' equipment."""
    spec = SPECS[Measure.RENEW_EQUIPMENT]
    for row in tables["schools"]:
        units = sum(count for (school, then), count in amounts.items() if school == row["school_id"] and then <= year)
        if units:
            row[spec.field] += sign * units * spec.scale


def findings(problem: Problem) -> tuple[Finding, ...]:
    """Everything that is wrong with the statement of a problem, before facts are looked at in detail (see `county_findings`)."""
    found = [*_years(problem), *_standard(problem), *_prices(problem), *_budgets(problem), *_limits(problem)]
    return (*found, *_names(problem), *_pupils(problem), *_rotation(problem))


def error(code: str, message: str, hint: str, subject: str = "") -> Finding:
    """A blocking finding on a plan's question."""
    return Finding(Level.ERROR, code, message, hint, Location(subject=subject))


def _years(problem: Problem) -> Iterator[Finding]:
    base, target = problem.base_year, problem.target_year
    if target <= base:
        yield error(
            "plan-target-year",
            f"目标年度 {target} 不晚于数据年度 {base}，没有可以安排的年份。",
            f"请把目标年度改为 {base + 1} 年或以后。",
        )
    elif target > base + MOST_YEARS:
        yield error(
            "plan-target-year",
            f"目标年度 {target} 距数据年度 {base} 超过 {MOST_YEARS} 年，人数预测已没有意义。",
            f"请把目标年度改为 {base + MOST_YEARS} 年或以前。",
        )


def _standard(problem: Problem) -> Iterator[Finding]:
    standard = problem.standard
    hint = "请改用优质均衡类标准；这类标准请用缺口分析。"
    if standard.dispersion is not None and standard.dispersion.mode is not DispersionMode.EACH:
        yield error("plan-standard", f"标准“{standard.title}”按综合差异系数判定，规划还不能处理。", hint)
    known = set(TRAIT_OF_FORMULA) | {name for measure in MATERIALS for name in SPECS[measure].formulas}
    for entry in standard.indicators:
        if entry.formula not in known or not entry.thresholds:
            yield error("plan-standard", f"标准“{standard.title}”的指标“{entry.name}”没有可用的措施或界限值。", hint)
    if not standard.indicators:
        yield error("plan-standard", f"标准“{standard.title}”没有资源配置指标，不能做规划。", hint)


def _prices(problem: Problem) -> Iterator[Finding]:
    for measure in sorted(problem.limits.allowed):
        price = problem.prices.fen.get(measure)
        what = f"“{measure.label}”的单价（{SPECS[measure].price_for}）"
        if price is None:
            yield error("plan-price-missing", f"没有填写{what}。", "请填写单价，或不允许使用这项措施。", measure.value)
        elif price < 0:
            yield error("plan-price-negative", f"{what}是 {price} 分，不能小于 0。", "请改正单价。", measure.value)
    if problem.prices.discount_rate < 0:
        yield error("plan-discount-negative", "贴现率小于 0。", "请填写 0 或正数。")


def _budgets(problem: Problem) -> Iterator[Finding]:
    budgets, limits = problem.limits.budgets, problem.limits
    if budgets is None:
        return
    for (year, source), amount in sorted(budgets.items()):
        if amount < 0:
            text = f"{year} 年{source}的预算是 {amount} 分，不能小于 0。"
            yield error("plan-budget-negative", text, "请填写 0 或正数。", source)
    for source in sorted({limits.source(measure) for measure in limits.allowed}):
        lacking = [year for year in problem.years if (year, source) not in budgets]
        if lacking:
            text = f"没有填写{source}在 {'、'.join(map(str, lacking))} 年的预算。"
            yield error("plan-budget-missing", text, "请逐年填写预算，没有的填 0；不限预算的请整体不填。", source)


def _limits(problem: Problem) -> Iterator[Finding]:
    limits = problem.limits
    single = {
        "每校每年调出人数": limits.moves_out,
        "每校每年调入人数": limits.moves_in,
        "扰动权重": limits.disruption_fen,
    }
    numbers = {**single, "教师编制总数": limits.teacher_quota or 0, "骨干教师比例上限": limits.backbone_share or 0}
    for words, given in (
        ("每年上限", limits.per_year),
        ("每校上限", limits.per_school),
        ("提前年数", limits.lead_years),
    ):
        numbers.update({f"“{measure.label}”的{words}": value for measure, value in given.items()})
    numbers.update({f"“{measure.label}”的指定数量": value for (_, measure), value in limits.fixed.items()})
    for name, value in numbers.items():
        if value < 0:
            yield error("plan-limit-negative", f"{name}是 {value}，不能小于 0。", "请填写 0 或正数。")
    yield from _retirements(problem)
    for measure, lump in limits.lumps.items():
        if lump < 1:
            yield error("plan-limit-negative", f"“{measure.label}”的最小批量是 {lump}，至少为 1。", "请改正最小批量。")
    if not 0 <= limits.cv_margin < Fraction(1, 10):
        yield error("plan-limit-negative", "差异系数的安全余量应在 0 与 0.1 之间。", "通常取 0.0001。")


def _retirements(problem: Problem) -> Iterator[Finding]:
    limits = problem.limits
    given = [*limits.retired_share.values(), *map(Fraction, limits.retired.values())]
    if any(amount < 0 for amount in given) or sum(limits.retired_share.values()) > 1:
        text = "设备到期的数量或比例小于 0，或各年比例之和超过 1。"
        yield error("plan-retired", text, "请改正各年到期设备的数量或比例。")
    early = [
        year for year in (*limits.retired_share, *(year for _, year in limits.retired)) if year <= problem.base_year
    ]
    if early:
        text = f"设备到期年份 {min(early)} 不晚于数据年度 {problem.base_year}。"
        yield error("plan-retired", text, "请填写数据年度以后的年份；已经报废的设备请在数据中扣除。")


def _names(problem: Problem) -> Iterator[Finding]:
    limits, known = problem.limits, problem.school_names
    given: dict[str, list[str]] = {
        "禁止措施": [school for school, _ in limits.forbidden],
        "指定措施": [school for school, _ in limits.fixed],
        "教师流动片区": list(limits.zones),
        "到期设备": [school for school, _ in limits.retired],
        "学生数": [school for counts in problem.pupils.values() for school, _ in counts],
    }
    for words, schools in given.items():
        for school in sorted(set(schools) - set(known)):
            text = f"{words}里的学校标识码 {school} 不在学校表中。"
            yield error("plan-unknown-school", text, "请核对学校标识码。", school)
    lacking = sorted(set(known) - set(limits.zones)) if limits.zones else []
    if lacking:
        text = f"{len(lacking)} 所学校没有划入教师流动片区，例如{known[lacking[0]]}。"
        yield error("plan-zone", text, "请把每所学校划入一个片区；不限片区的请整体不填。", lacking[0])
    for (school, measure), amount in sorted(limits.fixed.items()):
        if measure not in limits.allowed or (school, measure) in limits.forbidden:
            text = f"指定了学校 {school} 的“{measure.label}”，这项措施却不允许使用。"
            yield error("plan-fixed", text, "请允许这项措施，或取消指定。", school)
        elif measure in (Measure.ROTATE_TEACHER, Measure.RENEW_EQUIPMENT, *DEMANDS):
            text = f"学校 {school} 的“{measure.label}”由人数和标准决定，不能指定。"
            yield error("plan-fixed", text, "请取消指定。", school)
        elif amount % max(1, limits.lump(measure)):
            text = f"学校 {school} 的“{measure.label}”指定为 {amount} {measure.unit}，不是最小批量的整倍数。"
            yield error("plan-fixed", text, f"请改为 {limits.lump(measure)} {measure.unit}的整倍数。", school)


def _pupils(problem: Problem) -> Iterator[Finding]:
    today = problem.facts.table("stages").rows(named=True)
    names = problem.school_names
    for year in problem.years[:MOST_YEARS]:
        counts = problem.pupils.get(year)
        if counts is None:
            text = f"没有给出 {year} 年的学生数。"
            yield error("plan-pupils-missing", text, "请先做人数预测；要沿用今年的学生数，请明确选择。")
            continue
        lacking = [row["school_id"] for row in today if (row["school_id"], row["stage"]) not in counts]
        if lacking:
            text = f"{year} 年缺少 {len(lacking)} 个学段的学生数：{_listed(names.get(entry, entry) for entry in lacking)}。"
            yield error("plan-pupils-missing", text, "请补全这些学校的学生数。", lacking[0])
        if any(count < 0 for count in counts.values()):
            yield error("plan-pupils-negative", f"{year} 年的学生数里有负数。", "请改正学生数。")


def asks_rotation(problem: Problem) -> bool:
    """Whether enough teachers must change schools every year: the user wants it and the standard has the item."""
    return problem.limits.with_rotation and problem.item("rotation") is not None


def _rotation(problem: Problem) -> Iterator[Finding]:
    limits = problem.limits
    if not asks_rotation(problem):
        return
    if Measure.ROTATE_TEACHER not in limits.allowed and Measure.MOVE_TEACHER not in limits.allowed:
        text = "要求每年达到交流轮岗比例，却既不允许调动也不允许对等交流。"
        yield error("plan-rotation", text, "请允许其中一项，或不要求交流轮岗。")
    if problem.facts.county_value(ROTATION_FIELDS[0]) is None:
        text = "县级数据缺少“符合交流轮岗条件教师总数”，无法安排每年的交流轮岗。"
        yield error("plan-rotation", text, "请补填，或不要求交流轮岗。")


def _listed(names: Iterable[str], most: int = 5) -> str:
    listed = list(names)
    return "、".join(listed[:most]) + ("等" if len(listed) > most else "")
