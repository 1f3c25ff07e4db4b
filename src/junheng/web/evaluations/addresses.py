"""The addresses of places in a run. A page links to hundreds of them, so what they share is looked up once."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse

from junheng.web.evaluations.models import Run, SchoolResult


def explain_address(run: Run, path: str = "") -> str:
    """The explanation of one place of a run's verdict."""
    base = _explain_base(run.pk, get_script_prefix())
    return f"{base}{quote(path, safe=':/')}/" if path else base


@lru_cache(maxsize=1024)
def _explain_base(run_id: int, _prefix: str) -> str:
    return reverse("evaluations:explain", kwargs={"run_id": run_id})


def school_address(run: Run, entry: SchoolResult) -> str:
    """The page of a school in a run; its explanation when the school is not in the tree."""
    if entry.school_id is None:
        return explain_address(run, f"school:{entry.code}")
    return f"{_school_base(get_script_prefix())}{entry.school_id}/?run={run.pk}"


@lru_cache(maxsize=4)
def _school_base(_prefix: str) -> str:
    return reverse("evaluations:school", kwargs={"organisation_id": 0}).removesuffix("0/")
