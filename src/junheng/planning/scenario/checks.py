"""What is wrong with distances, new schools and teachers to come only when entries are seen together."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from junheng.core.findings import Finding
from junheng.core.stages import STAGES_OF_TYPE
from junheng.planning.scenario.changes import ages_of, occupied_of, receivers_of
from junheng.planning.scenario.entries import WrongValueError, refusal
from junheng.planning.scenario.fields import field_of

Values = Mapping[str, Any]
_READ: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("changes", "receivers", receivers_of),
    ("changes", "occupied", occupied_of),
    ("teacher_ages", "ages", ages_of),
)


def checked_together(values: Values) -> Iterator[Finding]:
    """All findings of this module; every entry has been accepted alone."""
    yield from _written(values)
    yield from _distances(values)
    yield from _teachers(values)
    yield from _openings(values)
    yield from _opening_parts(values)


def _written(values: Values) -> Iterator[Finding]:
    """Lists that are written in one cell."""
    for table, name, read in _READ:
        for place, row in enumerate(values[table], start=1):
            try:
                read(row[name] or "")
            except WrongValueError as error:
                text = f"{field_of(table).label}第 {place} 行：{error}。"
                yield refusal(f"{table}[{place}].{name}", "scenario-value", text, "请改正。")


def _distances(values: Values) -> Iterator[Finding]:
    rows, farthest = values["distances"], values["farthest_move"]
    if rows and farthest is None:
        text = "填了校际距离，却没有填写“教师调动的最远距离”。"
        yield refusal("farthest_move", "scenario-missing", text, "请填写最远距离；不限距离的请删去校际距离。")
    if farthest is not None and not rows:
        text = "填了教师调动的最远距离，却没有校际距离。"
        yield refusal("distances", "scenario-missing", text, "请逐对填写校际距离；不限距离的请不填最远距离。")
    seen: dict[frozenset[str], int] = {}
    for place, row in enumerate(rows, start=1):
        pair = frozenset((row["first"], row["second"]))
        if len(pair) == 1:
            text = f"校际距离第 {place} 行的两所学校相同。"
            yield refusal(f"distances[{place}].second", "scenario-value", text, "请改正。")
        elif pair in seen:
            text = f"校际距离第 {place} 行与第 {seen[pair]} 行是同样两所学校。"
            yield refusal(f"distances[{place}]", "scenario-twice", text, "请只留一行。")
        seen.setdefault(pair, place)


def _teachers(values: Values) -> Iterator[Finding]:
    ages, hiring = values["teacher_ages"], values["hiring"]
    if (ages or hiring) and values["attrition"] is None:
        text = "填了教师年龄或已定的招聘，却没有填写“教师年流失率”。"
        yield refusal("attrition", "scenario-missing", text, "没有流失的请填 0。")
    known = {row["group"] for row in values["retirement_ages"]}
    for group in sorted({row["group"] for row in ages} - known):
        text = f"教师年龄里的组别“{group}”没有退休年龄。"
        yield refusal("retirement_ages", "scenario-missing", text, "请在“退休年龄”里补一行。")


def _openings(values: Values) -> Iterator[Finding]:
    for place, row in enumerate(values["openings"], start=1):
        own = [entry for entry in values["opening_stages"] if entry["school_id"] == row["school_id"]]
        wanted = set(STAGES_OF_TYPE[row["school_type"]])
        if {entry["stage"] for entry in own} != wanted:
            text = f"新开学校“{row['name']}”的学段与学校类别不符，“新学校的学段”里应恰好有它的每个学段。"
            yield refusal(f"openings[{place}].school_type", "plan-opening", text, "请补齐或改正学段。")
        if values["zones"] and row["zone"] is None:
            text = f"新开学校“{row['name']}”没有划入教师流动片区。"
            yield refusal(f"openings[{place}].zone", "scenario-missing", text, "请填写它的教师流动片区。")


def _opening_parts(values: Values) -> Iterator[Finding]:
    capacity = {(row["school_id"], row["stage"]): row["capacity"] for row in values["opening_stages"]}
    schools = {row["school_id"] for row in values["openings"]}
    for place, row in enumerate(values["opening_stages"], start=1):
        where = f"opening_stages[{place}]"
        if row["school_id"] not in schools:
            text = f"新学校的学段第 {place} 行的 {row['school_id']} 不在“可以新开的学校”里。"
            yield refusal(f"{where}.school_id", "plan-opening", text, "请核对标识码。")
        arts = row["pe_teachers"] + row["music_teachers"] + row["fine_art_teachers"]
        if max(row["above_standard"], row["backbone"], arts) > row["teachers"]:
            text = f"新学校的学段第 {place} 行的高学历、骨干或体艺教师多于专任教师。"
            yield refusal(f"{where}.teachers", "plan-opening", text, "请核对教师数。")
    coming: dict[tuple[str, str], int] = {}
    for place, row in enumerate(values["opening_sources"], start=1):
        key = (row["school_id"], row["stage"])
        coming[key] = coming.get(key, 0) + row["pupils"]
        if key not in capacity:
            text = f"新学校的生源第 {place} 行的新学校没有这个学段。"
            yield refusal(f"opening_sources[{place}].stage", "plan-opening", text, "请核对标识码和学段。")
    for place, row in enumerate(values["opening_stages"], start=1):
        count = coming.get((row["school_id"], row["stage"]), 0)
        if not 0 < count <= row["capacity"]:
            text = f"新学校的学段第 {place} 行：生源合计 {count} 人，应大于 0 且不超过最多容纳的 {row['capacity']} 人。"
            yield refusal(f"opening_stages[{place}].capacity", "plan-opening", text, "请核对“新学校的生源”和容量。")
