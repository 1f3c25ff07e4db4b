"""Who goes to school where, and who stays (guarantee 13–15, quality 1 and 2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

from junheng.core.formula_catalogue import SHARE_UNIT
from junheng.core.item_formulas.inquiry import (
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    number,
    over_schools,
    plus,
    share_figure,
    share_of,
)
from junheng.core.item_formulas.roll import NOT_ON_ROLL, Row, SchoolRecord
from junheng.core.item_formulas.stage_shares import ShareRule, ShareSum, StageRow, judge_share
from junheng.core.stages import STAGES_OF_TYPE
from junheng.core.standard import Stage
from junheng.core.verdict import Figure

_STAGE_LABELS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}
_NEARBY_USES = (
    "stages.in_catchment_student_count",
    "stages.student_count",
    "schools.ownership",
    "schools.area_type",
    "schools.is_boarding",
)
_NEARBY_TRAITS = {"ownership": "办学性质", "area_type": "城乡类型", "is_boarding": "是否寄宿制学校"}
_UNREPORTED: Row = {"in_catchment_student_count": None, "student_count": None}
_QUOTA_FIELDS = {
    "senior_high_quota": "优质高中招生名额总数",
    "senior_high_quota_allotted": "优质高中分配名额",
    "senior_high_quota_rural": "分配农村学校的名额",
}
_MIGRANT_FIELDS = {
    "migrant_children_count": "符合条件的随迁子女数",
    "migrant_in_public_count": "在公办学校就读的随迁子女",
    "migrant_in_purchased_count": "在政府购买服务的民办学校就读的随迁子女",
}
_DISABLED_FIELDS = {
    "disabled_children_count": "适龄残疾儿童少年数",
    "disabled_enrolled_count": "残疾儿童少年入学数",
    "disabled_in_special_school_count": "在特殊教育学校就读的残疾儿童少年",
}
_COHORT_FIELDS = {
    "graduate_count": "毕业班学生数",
    "entrant_count": "三年前该年级入学学生数",
    "transferred_in_count": "三年转入学生数",
    "death_count": "三年死亡学生数",
    "transferred_out_count": "三年转出学生数",
}


def nearby_enrolment(inquiry: Inquiry) -> FormulaResult:
    """Pupils who live in the catchment of public urban and town schools without boarding: `primary_share` and `junior_share`.

    A stage without such a school, or without pupils in them, has nothing to judge. A school is missing when it is not known
    whether it is one of them; the share is NOT_MET only when no such school could save it.
    """
    tally = Tally()
    listed = {school.id: _is_nearby(tally, school) for school in over_schools(inquiry, tally)}
    attended = [*_attended(inquiry.roll.schools)]
    found: dict[Stage, ShareSum] = {}
    for stage in Stage:
        rows = [entry for entry in attended if entry[1] is stage and listed[entry[0].id]]
        unsure = [entry for entry in attended if entry[1] is stage and listed[entry[0].id] is None]
        found[stage] = _judge_nearby(inquiry, tally, stage, (rows, unsure))
    is_known = not any(label in tally.missing for label in _NEARBY_TRAITS.values())
    shown = {stage: found[stage] if is_known else ShareSum(None, None, None) for stage in Stage}
    figures = [
        share_figure(
            f"{stage.value}_nearby_share",
            f"城区和镇区公办{_STAGE_LABELS[stage]}就近划片入学比例",
            shown[stage].value,
            _NEARBY_USES[:2],
        )
        for stage in Stage
    ]
    for stage in Stage:
        pairs = (("in_catchment", "划片范围内学生数", shown[stage].part), ("student", "在校学生数", shown[stage].whole))
        figures += [
            count_figure(
                f"{stage.value}_nearby_{name}_count", _STAGE_LABELS[stage] + label, value, "人", _NEARBY_USES[:2]
            )
            for name, label, value in pairs
        ]
    return tally.result(figures)


def senior_high_quota(inquiry: Inquiry) -> FormulaResult:
    """Places of good senior high schools allotted to junior schools are at least `share` of all; the rural part is only shown."""
    tally = Tally()
    shown = _county_figures(inquiry, _QUOTA_FIELDS)
    _lack_missing(tally, shown[:2])
    quota, allotted, rural = (inquiry.county(name) for name in _QUOTA_FIELDS)
    if quota == 0:
        tally.cannot_tell("zero-denominator", "优质高中招生名额总数为 0,分配比例无法计算。请核对。")
    value = share_of(allotted, quota)
    tally.share_at_least("优质高中招生名额分配比例", value, inquiry.values["share"])
    sources = tuple(f"county.{name}" for name in _QUOTA_FIELDS)
    figures = (
        *shown[:2],
        share_figure("allotted_share", "分配名额占招生名额的比例", value, sources[:2]),
        shown[2],
        share_figure("rural_share", "分配农村学校的名额占分配名额的比例", share_of(rural, allotted), sources[1:]),
    )
    return tally.result(figures, value=value, limit=inquiry.values["share"], unit=SHARE_UNIT)


def migrant_children(inquiry: Inquiry) -> FormulaResult:
    """Eligible migrant children in public schools or purchased places: at least `share`.

    With `public_only` 1 purchased places do not count. A county without migrant children (0, not missing) has nothing to judge.
    """
    tally = Tally()
    shown = _county_figures(inquiry, _MIGRANT_FIELDS)
    children, public, purchased = (inquiry.county(name) for name in _MIGRANT_FIELDS)
    is_public_only = bool(inquiry.values.get("public_only"))
    counted = public if is_public_only else plus((public, purchased))
    value = share_of(counted, children)
    if children == 0:
        tally.not_applicable("没有符合条件的随迁子女,不适用。")
    else:
        _lack_missing(tally, shown[:2] if is_public_only else shown)
        tally.share_at_least("随迁子女就读比例", value, inquiry.values["share"])
    sources = tuple(f"county.{name}" for name in _MIGRANT_FIELDS)
    total_label = "在公办学校就读合计" if is_public_only else "在公办学校和购买服务的民办学校就读合计"
    figures = (
        *shown,
        count_figure("migrant_counted_count", total_label, counted, "人", sources[1:]),
        share_figure("migrant_share", "随迁子女就读比例", value, sources),
    )
    return tally.result(figures, value=value, limit=inquiry.values["share"], unit=SHARE_UNIT)


def junior_retention(inquiry: Inquiry) -> FormulaResult:
    """(graduates − transferred in + transferred out) / (entrants − deaths) over all leaving junior cohorts: at least `share`.

    Every school on the roll with a junior stage, or of a type that has one where it reported none, needs a row; one that has no
    leaving cohort yet reports zeros. The rate is the county's, so cohorts that special schools and classes attached to
    vocational schools report count as well.
    """
    tally = Tally()
    schools = [school for school in inquiry.roll.everyone if _has_cohort(inquiry, school)]
    if not schools:
        tally.cannot_tell("no-school", "没有初中学段的学校,巩固率无法计算。请核对学段表。")
    cohorts = [(school, inquiry.roll.cohorts.get(school.id, {})) for school in schools]
    for school, row in cohorts:
        for field, label in _COHORT_FIELDS.items():
            if row.get(field) is None:
                tally.lack(f"{label}(尚无毕业年级的填 0)", school)
    totals = {field: plus(row.get(field) for _, row in cohorts) if cohorts else None for field in _COHORT_FIELDS}
    kept, expected = _kept(totals), _expected(totals)
    value = share_of(kept, expected)
    if expected is not None and expected <= 0:
        tally.cannot_tell("zero-denominator", "三年前入学学生数减死亡学生数不大于 0,巩固率无法计算。请核对。")
    tally.share_at_least("初中三年巩固率", value, inquiry.values["share"])
    if value is not None and value < inquiry.values["share"]:
        _fail_cohorts(tally, cohorts, inquiry.values["share"])
    sources = tuple(f"cohorts.{field}" for field in _COHORT_FIELDS)
    figures = [
        count_figure(field, label, totals[field], "人", (f"cohorts.{field}",))
        for field, label in _COHORT_FIELDS.items()
    ]
    figures.append(share_figure("retention_share", "初中三年巩固率", value, sources))
    return tally.result(figures, value=value, limit=inquiry.values["share"], unit=SHARE_UNIT)


def disabled_enrolment(inquiry: Inquiry) -> FormulaResult:
    """Disabled children of school age who are enrolled: at least `share`.

    A county without any (0, not missing) has nothing to judge.
    """
    tally = Tally()
    shown = _county_figures(inquiry, _DISABLED_FIELDS)
    children, enrolled, special = (inquiry.county(name) for name in _DISABLED_FIELDS)
    value = share_of(enrolled, children)
    if children == 0:
        tally.not_applicable("没有适龄残疾儿童少年,不适用。")
    else:
        _lack_missing(tally, shown[:2])
        tally.share_at_least("残疾儿童少年入学率", value, inquiry.values["share"])
    sources = tuple(f"county.{name}" for name in _DISABLED_FIELDS)
    figures = (
        *shown[:2],
        share_figure("disabled_enrolment_share", "残疾儿童少年入学率", value, sources[:2]),
        shown[2],
        share_figure("special_school_share", "在特殊教育学校就读的占比", share_of(special, enrolled), sources[1:]),
    )
    return tally.result(figures, value=value, limit=inquiry.values["share"], unit=SHARE_UNIT)


FORMULAS: Mapping[str, ItemFormula] = {
    "nearby_enrolment": ItemFormula(nearby_enrolment, _NEARBY_USES),
    "senior_high_quota": ItemFormula(senior_high_quota, tuple(f"county.{name}" for name in _QUOTA_FIELDS)),
    "migrant_children": ItemFormula(migrant_children, tuple(f"county.{name}" for name in _MIGRANT_FIELDS)),
    "junior_retention": ItemFormula(junior_retention, tuple(f"cohorts.{name}" for name in _COHORT_FIELDS)),
    "disabled_enrolment": ItemFormula(disabled_enrolment, tuple(f"county.{name}" for name in _DISABLED_FIELDS)),
}


def _county_figures(inquiry: Inquiry, fields: Mapping[str, str]) -> tuple[Figure, ...]:
    return tuple(inquiry.county_figure(name, label, "人") for name, label in fields.items())


def _lack_missing(tally: Tally, figures: Sequence[Figure]) -> None:
    for figure in figures:
        if figure.value is None:
            tally.lack(figure.label)


def _is_nearby(tally: Tally, school: SchoolRecord) -> bool | None:
    """True for public urban or town schools without boarding, None when that is not known.

    What is not known is noted in the tally, unless another trait rules the school out anyway.
    """
    row = school.row
    if row["ownership"] == "private" or row["area_type"] == "rural" or row["is_boarding"]:
        return False
    missing = [label for field, label in _NEARBY_TRAITS.items() if row[field] is None]
    missing += [] if school.stages else ["在校学生数"]
    for label in missing:
        tally.lack(label, school)
    return None if missing else True


def _attended(schools: Iterable[SchoolRecord]) -> Iterator[StageRow]:
    """The stages that somebody attends; where none is reported, those of the school's type, of which nothing is known."""
    for school in schools:
        yield from ((school, stage, school.stages[stage]) for stage in school.taught)
        if not school.stages:
            stages = STAGES_OF_TYPE.get(school.school_type or "", tuple(Stage))
            yield from ((school, Stage(stage), _UNREPORTED) for stage in stages)


def _judge_nearby(
    inquiry: Inquiry, tally: Tally, stage: Stage, listed: tuple[Sequence[StageRow], Sequence[StageRow]]
) -> ShareSum:
    """Judges the rows of schools that are public, urban or town and without boarding, beside those that may be."""
    rows, unsure = listed
    if not rows:
        if inquiry.roll.schools and not tally.missing:
            tally.not_applicable(f"没有城区和镇区的公办非寄宿{_STAGE_LABELS[stage]},不适用。")
        return ShareSum(None, None, None)
    rule = ShareRule(
        "in_catchment_student_count",
        "划片范围内学生",
        "student_count",
        f"{_STAGE_LABELS[stage]}学生",
        f"{_STAGE_LABELS[stage]}就近划片入学比例",
        inquiry.values[f"{stage.value}_share"],
    )
    return judge_share(tally, rows, rule, unsure)


def _has_cohort(inquiry: Inquiry, school: SchoolRecord) -> bool:
    if school.school_type in NOT_ON_ROLL:
        return school.id in inquiry.roll.cohorts
    if school.stages:
        return Stage.JUNIOR in school.stages
    return Stage.JUNIOR in STAGES_OF_TYPE.get(school.school_type or "", ()) or school.id in inquiry.roll.cohorts


def _kept(row: Mapping[str, int | None]) -> int | None:
    graduates, moved_in, moved_out = (
        row.get(name) for name in ("graduate_count", "transferred_in_count", "transferred_out_count")
    )
    return None if graduates is None or moved_in is None or moved_out is None else graduates - moved_in + moved_out


def _expected(row: Mapping[str, int | None]) -> int | None:
    entrants, deaths = row.get("entrant_count"), row.get("death_count")
    return None if entrants is None or deaths is None else entrants - deaths


def _fail_cohorts(tally: Tally, cohorts: Sequence[tuple[SchoolRecord, Row]], limit: Fraction) -> None:
    """Names the schools below the limit. Called only when every cohort is complete."""
    for school, row in cohorts:
        kept, expected = _kept(row) or 0, _expected(row) or 0
        if kept < limit * expected:
            short = ceil(limit * expected - kept)
            text = f"应巩固 {expected} 人,实际 {kept} 人,距 {number(100 * limit)}% 差 {short} 人"
            tally.fail(school, text, shortfall=Fraction(short), unit="人", stage=Stage.JUNIOR)
