"""Reads of background work: only that of organisations in the area of who asks."""

from django.db.models import QuerySet

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.jobs.models import ENDS, Job
from junheng.web.organisations.models import Organisation

_CALL_OFF = frozenset({Role.COUNTY_OFFICE, Role.SYSTEM_ADMIN})


def visible(actor: Actor) -> QuerySet[Job]:
    """The jobs of the organisations the actor may look at, newest first, with their organisation."""
    area = Organisation.objects.within(actor.area_path)
    return Job.objects.filter(organisation__in=area).select_related("organisation").order_by("-id")


def may_cancel(actor: Actor, job: Job) -> bool:
    """True for who ordered the job, and for the county office and the system administrator of the place it is for."""
    if job.state in ENDS:
        return False
    if actor.user_id is not None and actor.user_id == job.created_by_id:
        return True
    return actor.role in _CALL_OFF and job.organisation.is_within(actor.own_path)
