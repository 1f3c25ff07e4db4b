"""Forecasts: ordered, and kept once the worker has made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.evaluations.models import Run
from junheng.web.jobs.actions import enqueue, ordered
from junheng.web.jobs.models import ENDS, Job
from junheng.web.organisations.models import Organisation
from junheng.web.plans.kept import digest_of, packed
from junheng.web.plans.models import Forecast

JOB = "plans.forecast"
MOST_YEARS = 15


@dataclass(frozen=True)
class MadeForecast:
    """What the worker made: the data, the years of facts it rests on, the stored name of the workbook."""

    data: Mapping[str, Any]
    years: Sequence[int]
    workbook: str


@transaction.atomic
def start(
    *, by: Actor, run: Run, to_year: int, assumptions: Mapping[str, Any] | None = None, key: str = ""
) -> Forecast:
    """A forecast that waits for the worker; the one under way when just the same was asked for before.

    The same key gives the same forecast. InputError when the run has not finished, or for a year that cannot be forecast.
    """
    if not run.is_finished:
        raise InputError(_("这次评估还没有完成,完成后才能预测。"))
    if not run.year < to_year <= run.year + MOST_YEARS:
        words = {"first": run.year + 1, "last": run.year + MOST_YEARS}
        raise InputError(_("预测到哪一年,请填 %(first)s 到 %(last)s 之间的年份。") % words)
    county = Organisation.objects.select_for_update().get(pk=run.organisation_id)
    wanted = {"organisation": county, "run": run, "to_year": to_year}
    given = dict(assumptions or {})
    known = (_ordered(county, key) if key else None) or _under_way(wanted, given)
    if known is not None:
        return known
    forecast = Forecast.objects.create(**wanted, assumptions=given, created_by=by.name)
    job = enqueue(
        by=by,
        kind=JOB,
        arguments={"forecast_id": forecast.pk},
        organisation_id=county.pk,
        key=key or str(forecast.pk),
    )
    forecast.job_id = job.pk
    forecast.save(update_fields=["job_id"])
    after = {"run": run.pk, "to_year": to_year, "assumptions": digest_of(given) if given else ""}
    chain.record(
        by=by, action="forecast.start", organisation_id=county.pk, subject=f"forecast:{forecast.pk}", after=after
    )
    return forecast


def _ordered(county: Organisation, key: str) -> Forecast | None:
    job = ordered(kind=JOB, organisation_id=county.pk, key=key)
    return Forecast.objects.get(job_id=job.pk) if job else None


def _under_way(wanted: Mapping[str, Any], assumptions: Mapping[str, Any]) -> Forecast | None:
    """An unfinished forecast of just this kind whose job has not ended."""
    for forecast in Forecast.objects.filter(**wanted, finished_at=None):
        is_alive = Job.objects.filter(pk=forecast.job_id).exclude(state__in=ENDS).exists()
        if forecast.assumptions == assumptions and is_alive:
            return forecast
    return None


@transaction.atomic
def keep(*, by: Actor, forecast_id: int, made: MadeForecast) -> Forecast:
    """The forecast with what was made. One that is finished stays as it is: the body of a job may come twice."""
    forecast = Forecast.objects.select_for_update().get(pk=forecast_id)
    if forecast.is_finished:
        return forecast
    forecast.data, forecast.digest = packed(made.data), digest_of(made.data)
    forecast.years, forecast.workbook = list(made.years), made.workbook
    forecast.finished_at = timezone.now()
    forecast.save()
    chain.record(
        by=by,
        action="forecast.finish",
        organisation_id=forecast.organisation_id,
        subject=f"forecast:{forecast.pk}",
        after={"digest": forecast.digest, "years": forecast.years},
    )
    return forecast
