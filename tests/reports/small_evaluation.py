"""A county of five schools that can be worked out by hand, evaluated, and its documents read back.

Students and resources (typed units; the nine-year school shares floor, sports, equipment and rooms 166 : 210 × 1.1 = 166 : 231
of 397, so that its primary part takes 166/397 and its junior part 231/397 of each):

                  students  above  backbone  PE+art  floor−indoor  sports  equipment  multimedia
    =1+1小学            200     10         2       2       900 ㎡  1600 ㎡   36.0 万元           5
    九年一贯 小学部      166      7         1       2   ┐
    九年一贯 初中部      210     12         3       1   ┘ 3970 ㎡  3970 ㎡   79.4 万元          10
    初级中学            300     20   missing       3      1800 ㎡  3200 ㎡   90.0 万元           8
    教学点 (49 pupils) and the special school are not judged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from junheng import api
from junheng.core.facts import Facts, facts_from_rows, table_frame
from junheng.readers.dictionary import load_dictionary
from junheng.reports.bundle_content import Bundle

YEAR = 2025
INJECTED = "=1+1小学"
NINE_YEAR = "示例九年一贯制学校"
JUNIOR = "示例/初级:中学"
WAN, METRE = 1_000_000, 100
SHARE = {"primary": Fraction(166, 397), "junior": Fraction(231, 397)}


@dataclass(frozen=True)
class Worked:
    """One judged stage by hand: students and the numerators of the seven indicators in the unit of the value."""

    name: str
    students: int
    numerators: tuple[Fraction | None, ...]


def _worked(name: str, students: int, *numerators: Fraction | int | None) -> Worked:
    return Worked(name, students, tuple(None if value is None else Fraction(value) for value in numerators))


def _shared(stage: str) -> list[Fraction]:
    return [SHARE[stage] * amount for amount in (3970, 3970, 794_000, 10)]


WORKED = {
    "primary": (
        _worked(INJECTED, 200, 10, 2, 2, 900, 1600, 360_000, 5),
        _worked(f"{NINE_YEAR}（小学部）", 166, 7, 1, 2, *_shared("primary")),
    ),
    "junior": (
        _worked(f"{NINE_YEAR}（初中部）", 210, 12, 3, 1, *_shared("junior")),
        _worked(JUNIOR, 300, 20, None, 3, 1800, 3200, 900_000, 8),
    ),
}
PER_STUDENTS = (100, 100, 100, 1, 1, 1, 100)


def school(school_id: str, name: str, kind: str, **fields: Any) -> dict[str, Any]:
    """A public town school; areas in 0.01 ㎡, money in 分."""
    owner = {"organiser_type": "7", "ownership": "public", "area_type": "town", "is_boarding": False}
    return {"school_id": school_id, "school_name": name, "school_type": kind, **owner, **fields}


def stage(school_id: str, name: str, students: int, bachelors: int, backbone: int | None, pe: int) -> dict[str, Any]:
    """One stage; all above-standard teachers have a bachelor's degree, all PE and art teachers teach PE."""
    zeros = ("doctor", "master", "associate", "music", "fine_art", "art")
    counts: dict[str, Any] = {f"{word}_teacher_count": 0 for word in zeros}
    counts |= {"bachelor_teacher_count": bachelors, "backbone_teacher_count": backbone, "pe_teacher_count": pe}
    counts |= {"full_time_teacher_count": bachelors, "staff_count": bachelors + 1, "certified_teacher_count": bachelors}
    counts |= {"trained_teacher_count": bachelors, "is_art_count_total": False}
    return {
        "school_id": school_id,
        "stage": name,
        "student_count": students,
        "grade_count": 6,
        "class_count": 4,
        **counts,
    }


def resources(floor: int, indoor: int, outdoor: int, equipment: int, rooms: int) -> dict[str, int]:
    """The shared resources of a school: ㎡, 元 and rooms in canonical units."""
    return {
        "teaching_floor_area": floor * METRE,
        "indoor_sports_area": indoor * METRE,
        "outdoor_sports_area": outdoor * METRE,
        "equipment_value": equipment * METRE,
        "multimedia_classroom_count": rooms,
    }


def small_facts(*, name: str = INJECTED, backbone: tuple[int, int] = (2, 1)) -> Facts:
    """The facts of the county; many county facts are missing on purpose. `backbone` are the teachers of the primary stages."""
    rows: dict[str, list[dict[str, Any]]] = {
        "schools": [
            school("9900000001", name, "primary_school", built_year=1998, **resources(1000, 100, 1500, 360_000, 5)),
            school("9900000002", NINE_YEAR, "nine_year_school", **resources(3970, 0, 3970, 794_000, 10)),
            school("9900000003", JUNIOR, "junior_school", **resources(2000, 200, 3000, 900_000, 8)),
            school("9900000004", "示例教学点", "teaching_point", **resources(300, 0, 500, 90_000, 2)),
            school("9900000005", "示例特殊教育学校", "special_school"),
        ],
        "stages": [
            stage("9900000001", "primary", 200, 10, backbone[0], 2),
            stage("9900000002", "primary", 166, 7, backbone[1], 2),
            stage("9900000002", "junior", 210, 12, 3, 1),
            stage("9900000003", "junior", 300, 20, None, 3),
            stage("9900000004", "primary", 49, 4, 0, 1),
            stage("9900000005", "primary", 30, 6, 0, 0),
        ],
        "classes": [
            {"school_id": "9900000001", "stage": "primary", "grade": grade, "class_name": "1班", "student_count": size}
            for grade, size in ((1, 46), (2, 51), (3, 45), (4, 58))
        ],
        "county": [
            {"county_code": "990101", "county_name": "示例县", "year": YEAR, "population": 123_456, "township_count": 0}
        ],
        "survey_groups": [
            {
                "group": "parent",
                "questionnaire_count": 200,
                "valid_count": 180,
                "satisfied_count": 170,
                "visited_count": 20,
                "visit_satisfied_count": 19,
            }
        ],
        "judgements": [
            {
                "item_id": "layout_and_planning",
                "result": "met",
                "assessor": "评估员甲",
                "evidence": "G1-01;G1-02",
                "note": "查阅规划",
            }
        ],
    }
    return facts_from_rows(load_dictionary(), county_code="990101", county_name="示例县", year=YEAR, rows=rows)


def changed(facts: Facts, table: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Facts:
    """The same facts with other rows in one table; rows hold canonical values of the table's own fields."""
    spec = load_dictionary().tables[table]
    rows = [{name: row[name] for name in spec.fields} for row in facts.table(table).rows(named=True)]
    frame = table_frame(spec, change(rows), facts.county_code, facts.year)
    return Facts(facts.county_code, facts.county_name, facts.year, {**facts.tables, table: frame})


def few_rooms() -> Facts:
    """The county with 5 rooms in its nine-year school: both stages lack some."""

    def five(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | ({"multimedia_classroom_count": 5} if row["school_name"] == NINE_YEAR else {}) for row in rows]

    return changed(small_facts(), "schools", five)


@cache
def bundle_of(standard: str = "cn-2017-quality-balance") -> Bundle:
    """The evaluation of the small county by a standard, made once."""
    return fresh_bundle(standard)


def fresh_bundle(
    standard: str = "cn-2017-quality-balance",
    facts: Facts | None = None,
    *,
    is_trial: bool = False,
    prices: Mapping[str, Fraction] | None = None,
    **options: Any,
) -> Bundle:
    """An evaluation of the small county, or of other facts, made anew; `options` go to the evaluation."""
    evaluation = api.evaluate(small_facts() if facts is None else facts, standard, **options)
    return Bundle(
        verdict=evaluation.verdict,
        facts=evaluation.facts,
        rules=api._rules(evaluation),
        dictionary=load_dictionary(),
        gaps=api.gaps(evaluation, prices),
        is_trial=is_trial,
    )
