"""Every standard pack has worked cases, an author, another checker, and a review date that has not passed."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from tests.repository import standard_packs

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 1, 31)
KINDS = ("below", "at", "above", "missing")
GOOD = {
    "id": "cn-2000-sample",
    "author": "甲",
    "checker": "乙",
    "review_by": date(2026, 1, 31),
    "indicators": [{"id": "sports_area_per_student"}],
}


def make_pack(root: Path, **changes: object) -> None:
    folder = root / "src" / "junheng" / "standards" / "cn-2000-sample"
    folder.mkdir(parents=True)
    pack = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    (folder / "standard.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    cases: list[dict[str, object]] = [{"subject": "sports_area_per_student", "kind": kind} for kind in KINDS]
    cases += [{"subjects": ["class_size", "old_school"], "kind": "at"}]
    (folder / "cases.yaml").write_text(yaml.safe_dump({"on": DAY, "cases": cases}), encoding="utf-8")


def test_packs_when_they_are_read_today_then_nothing_is_missing_or_overdue() -> None:
    assert standard_packs.problems(ROOT, datetime.now(UTC).date()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"indicators": [{"id": "books_per_student"}]}, "books_per_student has no worked case"),
        ({"vetoes": {"exam_admission": {"name": "考试招生"}}}, "exam_admission has no worked case"),
        ({"items": [{"id": "class_size", "formula": "class_size"}]}, "class_size has no worked case of the kind below"),
        ({"items": [{"id": "class_size", "sub_items": [{"id": "a", "formula": "b"}]}]}, ": a has no worked case"),
        ({"exceptions": [{"id": "old_school"}]}, "old_school has no worked case of the kind excepted"),
        ({"author": None}, "author is missing"),
        ({"checker": "甲"}, "nobody checks their own pack"),
        ({"review_by": None}, "review_by is missing"),
        ({"review_by": date(2026, 1, 30)}, "the review was due on 2026-01-30"),
        ({"review_by": "2026-01-30"}, "the review was due on 2026-01-30"),
        ({"id": "another-id"}, "the folder and the id"),
    ],
)
def test_pack_when_something_is_wrong_then_it_is_named(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    make_pack(tmp_path, **changes)

    found = standard_packs.problems(tmp_path, DAY)

    assert len(found) == 1
    assert expected in found[0]


def test_pack_when_the_review_is_due_today_then_it_still_passes(tmp_path: Path) -> None:
    make_pack(tmp_path)

    assert standard_packs.problems(tmp_path, DAY) == []
