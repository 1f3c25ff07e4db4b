"""What the worker does for forecasts and plans."""

import json
import logging
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from junheng import api
from junheng.core.facts import Facts
from junheng.web.access.actor import PLATFORM
from junheng.web.documents.files import store, strays
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.jobs.chores import chore
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job
from junheng.web.plans import sources
from junheng.web.plans.actions import forecasts
from junheng.web.plans.models import Forecast, PlanFile

log = logging.getLogger(__name__)

FOLDER = "plans"
QUANTILES = (0.1, 0.9)
STRAY_AFTER = timedelta(days=1)
"""A file that nothing names is swept away when it is older: younger ones may still be getting their row."""


@job(forecasts.JOB, title=_lazy("学生数预测"))
def make_forecast(job: Job, report: Progress) -> dict[str, Any]:
    """Forecasts from the facts of the run and of earlier years, and keeps what comes of it. May come twice."""
    forecast = Forecast.objects.select_related("run__organisation").get(pk=job.arguments["forecast_id"])
    if not forecast.is_finished:
        report(gettext_noop("汇集数据"), 0, 3)
        years = [*sources.history_of(forecast.run), sources.facts_of(forecast.run)]
        report(gettext_noop("预测"), 1, 3)
        made = _forecast(forecast, years)
        report(gettext_noop("保存预测"), 2, 3)
        forecasts.keep(by=PLATFORM, forecast_id=forecast.pk, made=made)
        report(gettext_noop("完成"), 3, 3)
    return {"page": reverse("plans:forecast", kwargs={"forecast_id": forecast.pk})}


def _forecast(forecast: Forecast, years: list[Facts]) -> forecasts.MadeForecast:
    standard = evaluation_of(forecast.run).standard
    with TemporaryDirectory() as folder:
        assumptions = None
        if forecast.assumptions:
            assumptions = Path(folder) / "assumptions.json"
            assumptions.write_text(json.dumps(forecast.assumptions, ensure_ascii=False), encoding="utf-8")
        outlook = api.forecast(years, forecast.to_year, standard=standard, assumptions=assumptions)
        written = api.write_forecast(outlook, folder, quantiles=QUANTILES)
        stored = store(written.read_bytes(), kind="forecast", name=written.name, folder=FOLDER)
    data = {**api.forecast_data(outlook, QUANTILES), "past": [_counted(facts) for facts in years]}
    return forecasts.MadeForecast(data, [facts.year for facts in years], stored.path)


def _counted(facts: Facts) -> dict[str, Any]:
    """The pupils of a year by stage, as far as they are known."""
    pupils: dict[str, int] = {}
    for row in facts.table("stages").rows(named=True):
        if row["student_count"] is not None:
            pupils[row["stage"]] = pupils.get(row["stage"], 0) + row["student_count"]
    return {"year": facts.year, "pupils": pupils}


@chore
def sweep() -> int:
    """Deletes the files that killed workers have left behind; how many there were."""
    limit = time.time() - STRAY_AFTER.total_seconds()
    known = {*PlanFile.objects.values_list("path", flat=True), *Forecast.objects.values_list("workbook", flat=True)}
    old = [path for path in strays(known, FOLDER) if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)  # another worker may sweep beside this one
    if old:
        log.info("%s file(s) without a plan deleted", len(old))
    return len(old)
