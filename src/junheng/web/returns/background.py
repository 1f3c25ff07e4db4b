"""What the worker does for returns: opening the rounds of many counties, and reminding those who have not reported."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from junheng.web.access.actor import PLATFORM
from junheng.web.jobs.actions import enqueue
from junheng.web.jobs.chores import chore
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job
from junheng.web.returns.actions import opening
from junheng.web.returns.actions.rounds import remind_round
from junheng.web.returns.models import Round

DAYS = (7, 3, 1, 0, -1, -3, -7)
"""Days left on which a reminder goes out; negative: days over."""


@job(opening.JOB, title=_("开始填报"))
def open_rounds(work: Job, report: Progress) -> dict[str, Any]:
    """Opens one county after the other; those that had a round for the year are left out and named."""
    count = work.arguments["county_count"]
    opened, left_out = 0, []
    report("", 0, count)
    for done, (county, found) in enumerate(opening.carry_out(work), start=1):
        opened += found is not None
        if found is None:
            left_out.append(county.name)
        report(county.name, done, max(count, done))
    said: list[tuple[str, dict[str, Any]]] = [(gettext_noop("已开始填报:%(count)s 个县。"), {"count": opened})]
    if left_out:
        known = {"year": work.arguments["year"], "count": len(left_out), "names": "、".join(left_out)}
        said.append((gettext_noop("已有 %(year)s 年度填报轮次、没有重开的 %(count)s 个县:%(names)s。"), known))
    return {"page": reverse("returns:rounds"), "said": said}


@job("returns.remind", title=_("催报"))
def remind(work: Job, report: Progress) -> dict[str, Any]:
    """Reminds in one round (`round_id`) unless it is locked by now; each return at most once a day, however often it runs."""
    found = Round.objects.filter(pk=work.arguments["round_id"], locked_at=None).first()
    if found is None:
        return {"told": 0}
    report(found.title, 0, 1)
    with transaction.atomic():
        return {"told": remind_round(PLATFORM, found)}


@chore
def order_reminders() -> list[Job]:
    """Orders the reminders of today, one job for each open round that is near its due date or just over it.

    Workers call it every hour; ordering them twice on a day orders them once.
    """
    today = timezone.localdate()
    near = [each for each in Round.objects.filter(locked_at=None) if (each.due_on - today).days in DAYS]
    return [
        enqueue(
            by=PLATFORM,
            kind="returns.remind",
            arguments={"round_id": each.pk},
            organisation_id=each.county_id,
            key=f"{each.pk}:{today.isoformat()}",
        )
        for each in near
    ]
