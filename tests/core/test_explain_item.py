"""The explanation of items: value and limit in words, who misses the item and in which stage, and the cells of their facts."""

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.core.explain import Explainer
from junheng.core.explain_text import explain_lines, location_text
from junheng.core.facts import Facts, TableSource
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.standard import Standard
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import classes, room
from tests.core.resource_counties import BASIC, HUNAN, QUALITY, county, integrated, junior, primary, verdict_of

ONE, TWO = "9900000001", "9900000002"
SIZE_EXCEPTION = "larger_size_for_old_or_migrant_schools"


def explainer(facts: Facts, standard: Standard | str = QUALITY, *enabled: str) -> Explainer:
    chosen = load_standard(standard) if isinstance(standard, str) else standard
    return Explainer.of(verdict_of(facts, chosen, *enabled), facts, chosen, load_dictionary())


def id_of(formula, standard=QUALITY):
    return next(entry.id for entry in load_standard(standard).items if entry.formula == formula)


def item(formula, facts, standard=QUALITY, *enabled):
    return explainer(facts, standard, *enabled).explain(f"item:{id_of(formula, standard)}")


def first_line(formula, facts, standard=QUALITY):
    return next(explain_lines(item(formula, facts, standard)))


def with_teachers(rows, *trained):
    """A school with so many full-time teachers, of whom some are trained, per stage."""
    school, stages = rows
    numbers = [{"full_time_teacher_count": whole, "trained_teacher_count": part} for part, whole in trained]
    return school, [{**row, **own} for row, own in zip(stages, numbers, strict=True)]


def failures(node):
    return [entry for entry in node.children if entry.path.count(":") > 1 and entry.path.split(":")[2].isdigit()]


def cells(node):
    return [location_text(entry) for entry in node.locations]


def source(sheet, rows, **columns):
    return (TableSource("县.xlsx", sheet, rows, columns),)


# ---- value and limit


def test_item_when_it_has_a_value_and_a_limit_then_the_text_tells_which_is_which():
    line = first_line("training_completion", county(with_teachers(primary(ONE), (58, 60))))

    assert line.endswith(":96.7%（应不低于100.0%）")
    assert line.startswith("✗ 不达标 9 ")


def test_item_when_the_value_is_unknown_then_the_limit_does_not_stand_for_it():
    line = first_line("training_completion", county(with_teachers(primary(ONE), (None, 60))))

    assert line.startswith("? 无法判定 9 ")
    assert line.endswith(":值未知（应不低于100.0%）")


def test_item_when_nothing_is_to_be_judged_then_the_value_is_not_unknown_but_not_asked_for():
    node = item("migrant_children", county(primary(ONE), county={"migrant_children_count": 0}))

    assert (node.value, node.limit) == ("不适用", "≥85.0%")


@pytest.mark.parametrize(
    ("pupils", "value"),
    [
        ({"special_school_student_count": 0, "inclusive_student_count": 1}, "不适用"),
        ({"inclusive_student_count": 0}, ""),
    ],
)
def test_item_when_one_group_is_not_there_then_the_value_of_the_other_decides(pupils, value):
    facts = county(primary(ONE), county={**pupils, "inclusive_public_funds": 1})

    assert item("special_school_funding", facts, HUNAN).value == value


@pytest.mark.parametrize(
    ("formula", "limit"),
    [
        ("basic_balance_years", "≥7年"),
        ("junior_retention", "≥700.0%"),
        ("pay_not_below_civil_servants", "≥7元"),  # its limit is a fact, the catalogue has no number for it
    ],
)
def test_limit_when_the_value_must_reach_it_then_it_says_at_least(formula, limit):
    unit = {"basic_balance_years": "年", "junior_retention": "比例"}.get(formula, "元")

    assert limit_of(id_of(formula), unit=unit) == limit


def limit_of(item_id, *, unit="人", standard=QUALITY):
    """The limit that is told when the item has the limit 7."""
    facts = county(primary(ONE))
    chosen = load_standard(standard)
    verdict = verdict_of(facts, chosen)
    items = tuple(
        replace(entry, limit=Fraction(7), unit=unit) if entry.item_id == item_id else entry for entry in verdict.items
    )
    made = Explainer.of(replace(verdict, items=items), facts, chosen, load_dictionary())
    return made.explain(f"item:{item_id}").limit


def test_limit_when_the_catalogue_says_at_most_then_so_does_the_limit():
    assert limit_of(id_of("class_size")) == "≤7人"


def test_limit_when_the_catalogue_says_both_or_nothing_then_no_direction_is_claimed():
    assert limit_of(id_of("national_monitoring")) == "7人"  # levels at least, variations below
    assert limit_of("layout_and_planning") == "7人"  # people judge it
    assert next(explain_lines(replace(item("class_size", county(primary(ONE))), limit="7人"))).endswith("（界线7人）")


def test_limit_when_the_item_is_scored_then_it_is_the_least():
    scored = next(entry for entry in load_standard(HUNAN).items if entry.sub_items)

    assert limit_of(scored.id, unit="分", standard=HUNAN) == "≥7分"


@pytest.mark.parametrize("name", [QUALITY, BASIC, HUNAN, "liaoning-shenyang-2021", "x-district-basic-balance"])
def test_limit_when_an_item_of_a_shipped_standard_has_one_then_its_direction_is_known(name):
    facts = county(primary(ONE), county={"average_civil_servant_pay": 1})
    made = explainer(facts, name)

    limits = [made.explain(f"item:{entry.item_id}").limit for entry in made.context.verdict.items]

    assert {text[:1] for text in limits} <= {"", "≥"}


def test_catalogue_when_read_then_no_item_asks_for_a_limit_in_words_that_are_not_known():
    named = [spec.label for entry in CATALOGUE[FormulaKind.ITEM].values() for spec in entry.params.values()]
    known = ("不低于", "不少于", "不小于", "不超过", "不多于", "低于")

    others = [label for label in named if not label.endswith(known)]

    # counts and switches, no limits
    assert sorted(set(others)) == [
        "七类对象是否都要调查（1是，0否）",
        "不足此数的学校按此数核定公用经费",
        "学生数少于此数的教学点不评",
        "是否只计公办学校（1是，0否）",
        "每间教室对应的班级数",
        "随班就读学生是否同样要求（1是，0否）",
    ]


# ---- who misses it


def test_failures_when_a_school_is_there_with_two_stages_then_each_is_told_with_its_stage_and_cells():
    school = integrated(ONE, "nine_year_school", {"primary": 300, "junior": 200})
    places = {(ONE, "primary"): 7, (ONE, "junior"): 8}
    columns = {"trained_teacher_count": "Y", "full_time_teacher_count": "H", "student_count": "D"}
    facts = county(with_teachers(school, (41, 43), (58, 60)), sources={"stages": source("学段", places, **columns)})

    node = item("training_completion", facts)

    assert [entry.title for entry in failures(node)] == [f"学校{ONE}（初中）", f"学校{ONE}（小学）"]
    assert [cells(entry) for entry in failures(node)] == [
        ["县.xlsx 学段!Y8", "县.xlsx 学段!H8"],
        ["县.xlsx 学段!Y7", "县.xlsx 学段!H7"],
    ]
    assert list(explain_lines(node))[-1].endswith("距 100% 差 2 人  [县.xlsx 学段!Y7、H7]")


def test_failures_when_they_name_a_class_then_its_cell_is_told_and_the_stage_only_once():
    rows = [*classes(ONE, 50, 45, 47), *classes(ONE, 47, grade=2), *classes(TWO, 60, stage_name="junior", grade=7)]
    places = {(ONE, "primary", "1", f"({number})班"): number for number in (1, 2, 3)}
    places |= {(ONE, "primary", "2", "(1)班"): 4, (TWO, "junior", "7", "(1)班"): 5}
    sources = {"classes": source("班级", places, student_count="F")}
    node = item("class_size", county(primary(ONE), junior(TWO), classes=rows, sources=sources))

    assert [entry.title for entry in failures(node)] == [f"学校{ONE}"] * 3 + [f"学校{TWO}"]
    assert [cells(entry) for entry in failures(node)] == [[f"县.xlsx 班级!F{row}"] for row in (1, 3, 4, 5)]


def test_failures_when_rooms_are_missing_then_the_cells_of_all_rooms_of_the_school_are_told_and_none_that_is_empty():
    rows = [room(ONE, "甲", "music", 9000), room(ONE, "乙", "fine_art", None), room(TWO, "丙", "music", 9700)]
    places = {(ONE, "甲"): 4, (ONE, "乙"): 5, (TWO, "丙"): 6}
    sources = {
        "rooms": source("教室", places, area="E", purpose="D"),
        "classes": source("班级", {(ONE, "primary", "1", "(1)班"): 9}, student_count="F"),
        "schools": source("学校", {(ONE,): 3}, built_year="K", area_type="L"),
    }
    facts = county(primary(ONE, built_year=2000), rooms=rows, classes=classes(ONE, 40), sources=sources)

    (failure,) = failures(item("music_and_art_rooms", facts))

    # no class is named, and year and kind of area are no amounts
    assert (failure.title, cells(failure)) == (f"学校{ONE}", ["县.xlsx 教室!E4"])


@pytest.mark.parametrize(("enabled", "told"), [((), []), ((SIZE_EXCEPTION,), ["县.xlsx 学校!M3"])])
def test_failures_when_a_fact_counts_by_an_exception_only_then_its_cell_is_told_only_then(enabled, told):
    sources = {
        "stages": source("学段", {(ONE, "primary"): 7, (TWO, "primary"): 8}, student_count="D"),
        "schools": source("学校", {(ONE,): 3}, migrant_student_count="M"),
    }
    facts = county(primary(ONE, 3000, migrant_student_count=5, built_year=2020), primary(TWO), sources=sources)

    (failure,) = failures(item("school_size", facts, QUALITY, *enabled))

    assert cells(failure) == ["县.xlsx 学段!D7", *told]
