"""Two small schools of a county: what one types, and the workbooks of the other, with a mistake and without."""

from pathlib import Path
from typing import Any

from junheng import api
from junheng.core.facts import facts_from_rows
from junheng.readers.dictionary import load_dictionary
from tests.web.returns.reporting import ROOMS, SCHOOL, STAGE

COUNTY_CODE, COUNTY = "990101", "青石县"
TYPING, SENDING = "青石县第一小学", "青石县第二小学"
CODES = {TYPING: "9901010001", SENDING: "9901010002"}
YEAR = 2025
TOWNSHIP = "青石镇"
TYPED_STAGE = {**STAGE, "grade_count": "2", "class_count": "2"}
CLASSES = (("1", "1班", "85"), ("2", "1班", "85"))  # 170 pupils
TYPED = {**SCHOOL, "township": TOWNSHIP}
WRONG_TEACHERS = "18"  # more than the 16 who work there


def roster(folder: Path) -> str:
    """A list of the schools, as offices keep them."""
    rows = [[code, name, TOWNSHIP if name == SENDING else "", "小学"] for name, code in CODES.items()]
    target = folder / "名录.xlsx"
    target.write_bytes(api.plain_table("学校名录", list(api.roster_columns().values()), rows))
    return str(target)


def workbook(folder: Path, *, is_wrong: bool) -> str:
    """The collection workbook of the school that does not type."""
    stage = {**TYPED_STAGE, "full_time_teacher_count": WRONG_TEACHERS} if is_wrong else TYPED_STAGE
    key = {"school_id": CODES[SENDING]}
    rows: dict[str, list[dict[str, Any]]] = {
        "schools": [{**key, "school_name": SENDING, **_parsed("schools", TYPED)}],
        "stages": [{**key, **_parsed("stages", stage)}],
        "classes": [
            {**key, **_parsed("classes", {"stage": "小学", "grade": grade, "class_name": name, "student_count": size})}
            for grade, name, size in CLASSES
        ],
        "rooms": [
            {**key, **_parsed("rooms", {"room_name": name, "purpose": purpose, "area": area})}
            for name, purpose, area in ROOMS
        ],
    }
    facts = facts_from_rows(load_dictionary(), county_code=COUNTY_CODE, county_name=COUNTY, year=YEAR, rows=rows)
    return str(api.write_template(folder / f"{'有误' if is_wrong else '改正'}.xlsx", facts))


def _parsed(table: str, texts: dict[str, str]) -> dict[str, Any]:
    fields = load_dictionary().tables[table].fields
    return {name: api.parse_value(fields[name], text).value for name, text in texts.items()}
