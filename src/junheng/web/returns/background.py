"""What the platform does by itself: reminding those who have not reported, when the due date comes near or is over."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access.actor import PLATFORM
from junheng.web.jobs.actions import enqueue
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job
from junheng.web.returns.actions.rounds import remind_round
from junheng.web.returns.models import Round

DAYS = (7, 3, 1, 0, -1, -3, -7)
"""Days left on which a reminder goes out; negative: days over."""


@job("returns.remind", title=_("催报"))
def remind(work: Job, report: Progress) -> dict[str, Any]:
    """Reminds in one round (`round_id`) unless it is locked by now; each return at most once a day, however often it runs."""
    found = Round.objects.filter(pk=work.arguments["round_id"], locked_at=None).first()
    if found is None:
        return {"told": 0}
    report(found.title, 0, 1)
    with transaction.atomic():
        return {"told": remind_round(PLATFORM, found)}


def order_reminders() -> list[Job]:
    """Orders the reminders of today, one job for each open round that is near its due date or just over it.

    Ordering them twice on a day orders them once.
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
