"""Teachers who are gone or hired by a later year without a plan."""

from typing import Any

import pytest

from junheng.planning.plan.turnover import Turnover, enter_turnover, taken

ROW: dict[str, Any] = {
    "school_id": "1",
    "stage": "primary",
    "full_time_teacher_count": 20,
    "staff_count": 22,
    "doctor_teacher_count": None,
    "master_teacher_count": 0,
    "bachelor_teacher_count": 10,
    "associate_teacher_count": 10,
    "below_associate_teacher_count": 0,
    "backbone_teacher_count": 5,
    "pe_teacher_count": 4,
    "music_teacher_count": 2,
    "fine_art_teacher_count": 2,
    "art_teacher_count": 6,
    "is_art_count_total": True,
    "certified_teacher_count": 20,
    "trained_teacher_count": None,
    "titled_teacher_count": 8,
}


def _row(turnover: Turnover, **changes: Any) -> dict[str, Any]:
    row = {**ROW, **changes}
    enter_turnover({"stages": [row]}, {("1", "primary"): turnover})
    return row


def test_turnover_when_a_quarter_goes_then_every_trait_loses_a_quarter():
    # 5 of 20 go: 2.5 of 10 bachelors and of 10 others, the tie to the first; 1.25 of 5 backbone teachers; 1 of 4 for PE;
    # of the 6 for art 2 + 2 teach music and fine art and 2 another: half a person each, and one of them goes in all
    row = _row(Turnover(gone=5))
    assert (row["full_time_teacher_count"], row["staff_count"]) == (15, 17)
    assert row["bachelor_teacher_count"] + row["associate_teacher_count"] == 15
    assert (row["backbone_teacher_count"], row["pe_teacher_count"]) == (4, 3)
    assert row["art_teacher_count"] >= row["music_teacher_count"] + row["fine_art_teacher_count"]
    assert (row["certified_teacher_count"], row["titled_teacher_count"]) == (15, 6)
    assert row["doctor_teacher_count"] is None
    assert row["trained_teacher_count"] is None


def test_turnover_when_more_go_than_there_are_then_nobody_is_left():
    row = _row(Turnover(gone=30), is_art_count_total=False, art_teacher_count=2, staff_count=None)
    counts = [value for name, value in row.items() if name.endswith("_count") and value is not None]
    assert counts == [0] * len(counts)


def test_turnover_when_people_were_hired_then_they_have_a_degree_and_a_certificate():
    row = _row(Turnover(hired=3))
    assert (row["full_time_teacher_count"], row["staff_count"], row["bachelor_teacher_count"]) == (23, 25, 13)
    assert (row["certified_teacher_count"], row["trained_teacher_count"]) == (23, None)
    assert row["backbone_teacher_count"] == 5


@pytest.mark.parametrize("key", [("1", "junior"), ("1", "primary")])
def test_turnover_when_a_stage_is_not_told_then_it_stays(key: tuple[str, str]):
    row = {**ROW, "full_time_teacher_count": ROW["full_time_teacher_count"] if key[1] == "junior" else None}
    before = dict(row)
    enter_turnover({"stages": [row]}, {key: Turnover(gone=2, hired=1)})
    assert row == before


def test_taken_when_one_more_goes_then_no_group_loses_fewer():
    counts = {"a": 7, "b": 2, "c": 1}
    before = taken(counts, 12, 0)
    for gone in range(1, 13):
        after = taken(counts, 12, gone)
        assert all(after[name] >= before[name] for name in counts)
        # nobody's group is ever a whole person and more away from its share
        assert all(abs(after[name] - counts[name] * gone / 12) < 1 for name in counts)
        before = after
    assert before == counts
