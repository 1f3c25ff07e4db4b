"""What the worker does for forecasts and plans."""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from junheng import api
from junheng.api import planning
from junheng.core.errors import InputError
from junheng.core.facts import Facts
from junheng.core.findings import Level
from junheng.core.standard import Standard
from junheng.web.access.actor import PLATFORM
from junheng.web.documents.files import StoredFile, changed_at, store, strays
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.jobs.chores import chore
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job
from junheng.web.plans import answers, sources, what_if
from junheng.web.plans.actions import curves, forecasts, plans
from junheng.web.plans.kept import body_of
from junheng.web.plans.models import CostCurves, Forecast, Plan, PlanFile
from junheng.web.plans.watching import Ears, Watch

log = logging.getLogger(__name__)

FOLDER = "plans"
_SCHOOL_CODE = re.compile(r"(?<!\d)\d{10}(?!\d)")
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
        assumptions: Path | planning.Assumptions | None = None
        if "scenario" in forecast.assumptions:
            assumptions = _of_scenario(forecast.assumptions["scenario"], years[-1])
        elif forecast.assumptions:
            assumptions = path = Path(folder) / "assumptions.json"
            path.write_text(json.dumps(forecast.assumptions, ensure_ascii=False), encoding="utf-8")
        outlook = api.forecast(years, forecast.to_year, standard=standard, assumptions=assumptions)
        written = api.write_forecast(outlook, folder, quantiles=QUANTILES)
        stored = store(written.read_bytes(), kind="forecast", name=written.name, folder=FOLDER)
    data = {**api.forecast_data(outlook, QUANTILES), "past": [_counted(facts) for facts in years]}
    return forecasts.MadeForecast(data, [facts.year for facts in years], stored.path)


def _of_scenario(data: Any, facts: Facts) -> planning.Assumptions:
    """What a scenario assumes of the years ahead. InputError with what is wrong in it."""
    assumptions, findings = planning.scenario_assumptions(data, facts=facts)
    if assumptions is None:
        raise InputError("".join(finding.message for finding in findings if finding.level is Level.ERROR))
    return assumptions


def _counted(facts: Facts) -> dict[str, Any]:
    """The pupils of a year by stage, as far as they are known."""
    pupils: dict[str, int] = {}
    for row in facts.table("stages").rows(named=True):
        if row["student_count"] is not None:
            pupils[row["stage"]] = pupils.get(row["stage"], 0) + row["student_count"]
    return {"year": facts.year, "pupils": pupils}


@job(plans.JOB, title=_lazy("规划"))
def make_plan(job: Job, report: Progress) -> dict[str, Any]:
    """Answers one scenario, writes the documents of the answer, and keeps both. May come twice: a finished plan stays."""
    plan = Plan.objects.select_related("run__organisation").get(pk=job.arguments["plan_id"])
    if not plan.is_finished:
        report(gettext_noop("汇集数据"), 0, 0)
        facts = what_if.applied(sources.facts_of(plan.run), plan.what_ifs)
        scenario, findings = planning.scenario_of(plan.scenario_data, facts=facts)
        made = answers.refused(plan, findings) if scenario is None else _answer(plan, facts, scenario, report)
        plans.keep(by=PLATFORM, plan_id=plan.pk, made=made)
    return {"page": reverse("plans:plan", kwargs={"plan_id": plan.pk})}


def _answer(plan: Plan, facts: Facts, scenario: planning.Scenario, report: Progress) -> plans.MadePlan:
    history, standard = sources.history_of(plan.run), _standard(plan, scenario)
    watch = Watch(plan.pk, report, scenario.seconds)
    answer = planning.make_plan(facts, history, scenario, standard=standard, stop=watch.stop, progress=watch.progress)
    watch.settle()
    report(gettext_noop("编写文书"), 0, 0)
    with TemporaryDirectory() as folder:
        paths = [] if answer.is_blocked else planning.write_plan(answer, folder, report)
        files = [_stored(path) for path in paths]
    return answers.made(answer, files)


def _standard(plan: Plan, scenario: planning.Scenario) -> Standard | None:
    """The standard as the run judged by it; None where the scenario names another."""
    return evaluation_of(plan.run).standard if scenario.standard == plan.run.standard else None


@job(curves.JOB, title=_lazy("推算费用曲线"))
def make_curves(job: Job, report: Progress) -> dict[str, Any]:
    """What more time, more money or fewer passing schools would cost, and the changes the scenario allows. May come twice."""
    found = CostCurves.objects.select_related("plan__run__organisation").get(pk=job.arguments["curves_id"])
    if not found.is_finished:
        report(gettext_noop("汇集数据"), 0, 0)
        made = _curves(found, report)
        report(gettext_noop("编写文书"), 0, 0)
        curves.keep(by=PLATFORM, curves_id=found.pk, data=made, files=_papers(found.plan, made))
    return {"page": reverse("plans:plan", kwargs={"plan_id": found.plan_id}) + "#curves"}


def _curves(found: CostCurves, report: Progress) -> dict[str, Any]:
    """Curve by curve as long as nobody wants it to end; a curve without any point is left out."""
    plan = found.plan
    facts = what_if.applied(sources.facts_of(plan.run), plan.what_ifs)
    scenario, _findings = planning.scenario_of(plan.scenario_data, facts=facts)
    if scenario is None:
        raise InputError(_("方案设定有问题，不能推算费用曲线。请改正方案，重新规划。"))
    history, standard = sources.history_of(plan.run), _standard(plan, scenario)
    axes = ("target_year", *(("budget",) if scenario.limits.budgets is not None else ()), "passing")
    has_options = bool(scenario.catchments or scenario.mergers or _to_compare(scenario))
    made: list[dict[str, Any]] = []

    def look() -> bool:
        report(gettext_noop("推算费用曲线"), len(made), len(axes) + has_options)
        return CostCurves.objects.filter(pk=found.pk, stop_asked_at__isnull=False).exists()

    ears = Ears(look)
    for axis in axes:
        if not ears.stop():
            made.append(planning.frontier(facts, history, scenario, axis, standard=standard, stop=ears.stop))
            ears.settle()
    options = None
    if has_options and not ears.stop():
        options = planning.compare_options(facts, history, scenario, standard=standard, stop=ears.stop)
    ears.settle()
    return {"curves": [curve for curve in made if curve["points"]], "options": options}


def _to_compare(scenario: planning.Scenario) -> bool:
    """Whether there are new schools that are not decided."""
    return any(not entry.is_decided for entry in scenario.openings)


def _papers(plan: Plan, made: dict[str, Any]) -> list[StoredFile]:
    """The paper of the plan and its data anew, with the curves; none where there is nothing to add."""
    if not made["curves"] and made["options"] is None:
        return []
    with TemporaryDirectory() as folder:
        paths = planning.write_paper(body_of(plan), folder, curves=made["curves"], options=made["options"])
        return [_stored(path) for path in paths]


def _stored(path: Path) -> StoredFile:
    """A document in its place; the code of a school stands in the name of its paper."""
    found = _SCHOOL_CODE.search(path.name)
    code = found[0] if found else ""
    return store(path.read_bytes(), kind="plan", name=path.name, school_code=code, folder=FOLDER)


@chore
def sweep() -> int:
    """Deletes the files that killed workers have left behind; how many there were."""
    limit = time.time() - STRAY_AFTER.total_seconds()
    known = {*PlanFile.objects.values_list("path", flat=True), *Forecast.objects.values_list("workbook", flat=True)}
    old = [path for path in strays(known, FOLDER) if changed_at(path) < limit]
    for path in old:
        path.unlink(missing_ok=True)  # another worker may sweep beside this one
    if old:
        log.info("%s file(s) without a plan deleted", len(old))
    return len(old)
