"""What the platform does by itself: reminding those who have not reported, when the due date comes near or is over."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access.actor import PLATFORM
from junheng.web.audit.models import PLATFORM_CHAIN
from junheng.web.jobs.actions import enqueue
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job
from junheng.web.returns.actions.rounds import remind_round
from junheng.web.returns.models import Round

DAYS = (7, 3, 1, 0, -1, -3, -7)
"""Days left on which a reminder goes out; negative: days over."""


@job("returns.remind", title=_("催报"))
def remind(work: Job, report: Progress) -> dict[str, Any]:
    """Reminds in every open round whose due date is near or just over; each return at most once a day, however often it runs."""
    today = timezone.localdate()
    rounds = [each for each in Round.objects.filter(locked_at=None) if (each.due_on - today).days in DAYS]
    told = 0
    for done, each in enumerate(rounds):
        report(each.title, done, len(rounds))
        with transaction.atomic():
            told += remind_round(PLATFORM, each)
    return {"rounds": len(rounds), "told": told}


def order_reminders() -> Job:
    """Orders the reminders of today from the worker; ordering them twice on a day orders them once."""
    day = timezone.localdate().isoformat()
    return enqueue(by=PLATFORM, kind="returns.remind", arguments={}, organisation_id=PLATFORM_CHAIN, key=day)
