"""Bodies of jobs that tests use, in this process and in workers of their own."""

import time
from pathlib import Path
from typing import Any

from junheng.core.errors import InputError
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job


@job("tests.count", title="数数")
def count(job: Job, report: Progress) -> dict[str, Any]:
    """Counts to `upto`."""
    for step in range(job.arguments["upto"]):
        report("数数", step, job.arguments["upto"])
    return {"counted": job.arguments["upto"], "page": "/jobs/"}


@job("tests.refuse")
def refuse(job: Job, report: Progress) -> dict[str, Any]:
    """Meets data that it cannot use."""
    raise InputError("县级数据没有填完,请先填报。")


@job("tests.break")
def break_down(job: Job, report: Progress) -> dict[str, Any]:
    """Has a fault."""
    raise ZeroDivisionError("secret detail")


@job("tests.mark", title="记一行")
def mark(job: Job, report: Progress) -> dict[str, Any]:
    """Writes one line with the number of the job and of the attempt, and takes its time about it."""
    with Path(job.arguments["file"]).open("a", encoding="ascii") as file:
        file.write(f"{job.pk} {job.attempts}\n")
    for step in range(job.arguments.get("steps", 1)):
        report("记录", step, job.arguments.get("steps", 1))
        time.sleep(job.arguments.get("pause", 0))
    return {"attempt": job.attempts}
