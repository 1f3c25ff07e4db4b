"""What the worker does for runs."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from junheng.web.access.actor import PLATFORM
from junheng.web.evaluations import actions
from junheng.web.evaluations.judging import Material, judge
from junheng.web.evaluations.models import Run, Source
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job
from junheng.web.returns import facts as returns_facts


@job(actions.JOB, title=_lazy("评估"))
def run_evaluation(job: Job, report: Progress) -> dict[str, Any]:
    """Collects, judges and keeps one run. May come twice: a finished run stays as it is."""
    run = Run.objects.select_related("organisation").get(pk=job.arguments["run_id"])
    if not run.is_finished:
        report(gettext_noop("汇集数据"), 0, 3)
        material = collect(run)
        report(gettext_noop("判定"), 1, 3)
        judged = judge(run, material)
        report(gettext_noop("保存结论"), 2, 3)
        run = actions.keep(by=PLATFORM, run_id=run.pk, judged=judged)
        report(gettext_noop("完成"), 3, 3)
    return {"run_id": run.pk, "outcome": run.outcome, "page": reverse("evaluations:run", kwargs={"run_id": run.pk})}


def collect(run: Run) -> Material:
    """The facts of the run's county and year: approved ones, or for a trial whatever there is."""
    found = returns_facts.collect(county=run.organisation, year=run.year, approved_only=run.source == Source.APPROVED)
    return Material(
        facts=found.facts,
        versions=sorted([entry.return_id, entry.number, entry.digest] for entry in found.versions),
        missing=[place.name for place in found.missing],
        findings=found.findings,
    )
