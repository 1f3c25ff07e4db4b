"""A round of the small tree, figures for a small school, and shortcuts to bring a return to a state. No tests here."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from junheng import api
from junheng.core.facts import facts_from_rows
from junheng.readers.dictionary import load_dictionary
from junheng.web.accounts.roles import Role
from junheng.web.returns.actions import drafts, reviews, rounds, submissions
from junheng.web.returns.actions.drafts import Edit
from junheng.web.returns.models import Return, Round, Version
from tests.web.world import World

STANDARD = api.DEFAULT_STANDARD
YEAR = 2025

SCHOOL = {
    "school_type": "小学", "organiser_type": "县级教育部门", "ownership": "公办", "area_type": "镇区", "township": "青石镇",
    "is_boarding": "否", "built_year": "2012", "is_dense_inner_city": "否", "migrant_student_count": "6",
    "teaching_floor_area": "1200", "indoor_sports_area": "100", "outdoor_sports_area": "1500", "equipment_value": "36.5",
    "multimedia_classroom_count": "6", "computer_count": "30", "book_count": "4200", "public_funds_budget": "24",
    "training_budget": "1.5", "previous_year_student_count": "165",
}  # fmt: skip
STAGE = {
    "stage": "小学", "student_count": "170", "grade_count": "6", "class_count": "6", "staff_count": "16",
    "full_time_teacher_count": "15", "doctor_teacher_count": "0", "master_teacher_count": "1",
    "bachelor_teacher_count": "9", "associate_teacher_count": "5", "below_associate_teacher_count": "0",
    "backbone_teacher_count": "3", "pe_teacher_count": "1", "music_teacher_count": "1", "fine_art_teacher_count": "1",
    "art_teacher_count": "0", "is_art_count_total": "否", "certified_teacher_count": "15", "trained_teacher_count": "15",
    "titled_teacher_count": "8", "in_catchment_student_count": "170",
}  # fmt: skip
SIZES = (28, 28, 28, 28, 29, 29)  # 170 pupils
ROOMS = (("音乐教室", "音乐", "98"), ("美术教室", "美术", "92.5"))


def open_round(world: World, *, year: int = YEAR, due_in: int = 20, place: str = "county") -> Round:
    """The round of a county (or of all below a place), opened by its office; gives that of the county of the small tree."""
    role = Role.COUNTY_OFFICE if place == "county" else Role.SUPERVISOR
    opened = rounds.open_rounds(
        by=world.actor(role, place),
        place=world[place],
        year=year,
        standard=STANDARD,
        title=f"{year} 年度填报",
        due_on=timezone.localdate() + timedelta(days=due_in),
    )
    return next(one for one in opened if one.county == world["county"])


def entry_of(world: World, place: str) -> Return:
    """The latest return of a place, fresh from the database."""
    found = Return.objects.select_related("organisation", "round__county", "version")
    return found.filter(organisation=world[place]).latest("round__year")


def version_of(entry: Return) -> Version:
    """The current version of a return, fresh from the database."""
    return Version.objects.get(pk=Return.objects.values_list("version_id", flat=True).get(pk=entry.pk))


def edits_for(version: Version, table: str, texts: dict[str, str], row: int = 0) -> list[Edit]:
    """Edits that type these texts into one row of a table."""
    return [Edit(table, version.row_ids[table][row], name, text) for name, text in texts.items()]


def type_in(world: World, place: str, edits: list[Edit], role: Role = Role.REPORTER) -> drafts.Saved:
    """Saves cells as the person who fills in the return of a place."""
    entry = entry_of(world, place)
    return drafts.save(by=world.actor(role, place), return_id=entry.pk, lock_version=entry.lock_version, edits=edits)


def fill_school(world: World, place: str = "school") -> Return:
    """A return of a school of 170 pupils in six classes, with nothing to complain about."""
    classes = [
        {"stage": "小学", "grade": str(grade), "class_name": f"{grade}1班", "student_count": str(size)}
        for grade, size in enumerate(SIZES, start=1)
    ]
    rooms = [{"room_name": name, "purpose": purpose, "area": area} for name, purpose, area in ROOMS]
    tables = {"schools": [SCHOOL], "stages": [STAGE], "classes": classes, "rooms": rooms}
    drafts.fill(by=world.actor(Role.REPORTER, place), return_id=entry_of(world, place).pk, tables=tables)
    return entry_of(world, place)


def submit(world: World, place: str = "school", key: str = "k1", role: Role = Role.REPORTER) -> Version:
    """Submits the return of a place."""
    return submissions.submit(by=world.actor(role, place), return_id=entry_of(world, place).pk, key=key)


REVIEWERS = {"at_principal": Role.PRINCIPAL, "at_township": Role.TOWNSHIP, "at_county": Role.COUNTY_OFFICE}


def reviewer_place(world: World, entry: Return) -> str:
    """Where the level stands that decides on a return now."""
    places = {
        "at_principal": entry.organisation,
        "at_township": entry.organisation.parent,
        "at_county": entry.round.county,
    }
    return next(name for name, place in world.places.items() if place == places[entry.state])


def approve_step(world: World, place: str = "school") -> Return:
    """Approves a return at the level it waits for."""
    entry = entry_of(world, place)
    by = world.actor(REVIEWERS[entry.state], reviewer_place(world, entry))
    reviews.approve(by=by, return_id=entry.pk, version_id=entry.version_id or 0)
    return entry_of(world, place)


def approve_fully(world: World, place: str = "school") -> Return:
    """Approves a submitted return at every level."""
    entry = entry_of(world, place)
    while entry.state in REVIEWERS:
        entry = approve_step(world, place)
    return entry


WORKBOOKS: dict[str, bytes] = {}
"""By what is filled in: writing one takes half a second, and many tests send the same."""


def workbook(path: Path, rows: dict[str, list[dict[str, Any]]], *, year: int = YEAR) -> SimpleUploadedFile:
    """A filled-in collection workbook of the county, as a browser sends it."""
    key = repr((year, rows))
    if key in WORKBOOKS:
        path.write_bytes(WORKBOOKS[key])
    else:
        facts = facts_from_rows(load_dictionary(), county_code="990101", county_name="青石县", year=year, rows=rows)
        WORKBOOKS[key] = api.write_template(path, facts).read_bytes()
    return as_upload(path)


def as_upload(path: Path, name: str = "") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name or path.name, BytesIO(path.read_bytes()).getvalue())


def yesterday() -> date:
    """The day before today."""
    return timezone.localdate() - timedelta(days=1)
