"""What is kept of finished runs: once made, made again for another language, never more than so much."""

import pytest
from django.utils import translation

from junheng.web.evaluations.kept import Kept, kept_part
from junheng.web.evaluations.models import Run

PART = "evaluations/_details.html"


def test_kept_when_asked_again_then_is_not_made_again() -> None:
    kept: Kept[list[int]] = Kept(2)

    assert kept.get("a", lambda: [1]) is kept.get("a", lambda: [2])


def test_kept_when_full_then_drops_what_was_not_asked_for_longest() -> None:
    kept: Kept[int] = Kept(2)
    for key in ("a", "b", "a", "c"):  # b is now the oldest
        kept.get(key, lambda: 1)

    assert [kept.get(key, lambda: 9) for key in ("a", "c", "b")] == [1, 1, 9]


def test_kept_when_making_fails_then_the_next_one_tries_again() -> None:
    kept: Kept[int] = Kept(2)

    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 5) == 5


def test_kept_part_when_asked_again_then_is_drawn_once_per_language_and_variant(run: Run) -> None:
    asked: list[str] = []

    def draw(name: str, *varies: str) -> str:
        def context() -> dict[str, object]:
            asked.append(name)
            return {"run": run, "summary": run.summary, "coverage": []}

        return kept_part(run, PART, context, *varies)

    first = draw("first")
    assert draw("again") == first
    with translation.override("en"):
        assert draw("english") != first
    assert draw("variant", "x") == first
    assert asked == ["first", "english", "variant"]


def test_kept_part_when_another_run_has_the_same_number_then_is_drawn_anew(run: Run) -> None:
    first = kept_part(run, PART, lambda: {"run": run, "summary": run.summary, "coverage": []})
    other = Run(pk=run.pk, hash="f" * 64, finished_at=run.finished_at, organisation=run.organisation)

    second = kept_part(other, PART, lambda: {"run": other, "summary": run.summary, "coverage": []})

    assert "f" * 64 in second
    assert "f" * 64 not in first
