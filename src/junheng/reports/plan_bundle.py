"""The documents of a plan, written into a folder.

    plan.json       everything, for programs and for next year's run
    任务清单.xlsx     tasks, years, money
    一校一案/…docx    one for each school that has a task
    预算报告.docx、.pdf  the paper for the meeting on the budget

Without a plan there are plan.json and the paper only. The same data give the same bytes; no clock is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from junheng.reports.bundle import PLAN_FOLDER, write_in_place
from junheng.reports.plan_text import Data

__all__ = ["write_paper_files", "write_plan_files"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """One file: its label for the progress bar, its path below the folder, and what makes its bytes."""

    label: str
    path: Path
    render: Callable[[], bytes]


def write_plan_files(data: Data, folder: Path, progress: Progress) -> tuple[Path, ...]:
    """Writes the documents of a plan's data into an existing folder and gives their paths in the order written.

    `progress(label, done, total)` is called before each file and once at the end. InputError when a file cannot be written.
    """
    return _write(list(_jobs(data)), folder, progress)


def write_paper_files(data: Data, folder: Path, progress: Progress) -> tuple[Path, ...]:
    """The same with plan.json and the paper only: what changes when curves are made of a plan that is there."""
    return _write([_data_job(data), *_paper_jobs(data)], folder, progress)


def _write(jobs: list[_Job], folder: Path, progress: Progress) -> tuple[Path, ...]:
    written = []
    for done, job in enumerate(jobs):
        progress(job.label, done, len(jobs))
        write_in_place(folder / job.path, job.render())
        written.append(folder / job.path)
    progress("完成", len(jobs), len(jobs))
    return tuple(written)


def _json(data: Data) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _jobs(data: Data) -> Iterator[_Job]:
    yield _data_job(data)
    if "tasks" in data:
        yield from _jobs_of_plan(data)
    yield from _paper_jobs(data)


def _data_job(data: Data) -> _Job:
    return _Job("方案数据", Path("plan.json"), lambda: _json(data))


def _paper_jobs(data: Data) -> Iterator[_Job]:
    from junheng.reports.docx_document import render_docx
    from junheng.reports.pdf_document import render_pdf
    from junheng.reports.plan_paper import plan_paper

    yield _Job("预算报告（Word）", Path("预算报告.docx"), lambda: render_docx(plan_paper(data)))
    yield _Job("预算报告（PDF）", Path("预算报告.pdf"), lambda: render_pdf(plan_paper(data))[0])


def _jobs_of_plan(data: Data) -> Iterator[_Job]:
    from junheng.reports.docx_document import render_docx
    from junheng.reports.plan_school import plan_school, plan_school_files
    from junheng.reports.plan_workbook import plan_workbook

    def job(school_id: str, name: str) -> _Job:
        return _Job(f"一校一案 {name}", Path(PLAN_FOLDER, name), lambda: render_docx(plan_school(data, school_id)))

    yield _Job("任务清单", Path("任务清单.xlsx"), lambda: plan_workbook(data))
    for school_id, name in plan_school_files(data).items():
        yield job(school_id, name)
