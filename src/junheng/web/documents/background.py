"""What the worker does for documents."""

import logging
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from junheng import api
from junheng.web.access.actor import PLATFORM
from junheng.web.documents import actions
from junheng.web.documents.files import StoredFile, changed_at, store, strays
from junheng.web.documents.models import Document, Kind
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.jobs.chores import chore
from junheng.web.jobs.models import Job
from junheng.web.jobs.registry import Progress, job

log = logging.getLogger(__name__)

STRAY_AFTER = timedelta(days=1)
"""A file that no document names is swept away when it is older: younger ones may still be getting their document."""


@job(actions.JOB, title=_lazy("生成文书"))
def make_documents(job: Job, report: Progress) -> dict[str, Any]:
    """Writes the documents that were ordered, kind by kind. Kinds that are there already are not made again."""
    run = Run.objects.select_related("organisation").get(pk=job.arguments["run_id"])
    made_by = str(job.arguments["made_by"])
    wanted = [kind for kind in Kind.values if kind in job.arguments["kinds"]]
    there = set(Document.objects.filter(run=run).values_list("kind", flat=True))
    for kind in (kind for kind in wanted if kind not in there):
        files = write(run, kind, report)
        actions.keep(by=PLATFORM, run=run, made_by=made_by, files=files)
    return {"page": reverse("documents:list") + f"?run={run.pk}"}


def write(run: Run, kind: str, report: Progress) -> list[StoredFile]:
    """The files of one kind, stored."""
    evaluation = evaluation_of(run)
    codes = {name: code for code, name in api.school_plan_names(evaluation).items()}
    with TemporaryDirectory() as folder:
        paths = api.write_documents(evaluation, folder, kinds=[kind], progress=report)
        return [_stored(path, kind, codes) for path in paths]


def _stored(path: Path, kind: str, codes: dict[str, str]) -> StoredFile:
    code = codes.get(path.name, "") if kind == Kind.SCHOOL_PLANS else ""
    return store(path.read_bytes(), kind=kind, name=path.name, school_code=code)


@chore
def sweep() -> int:
    """Deletes the files that killed workers have left behind; how many there were."""
    limit = time.time() - STRAY_AFTER.total_seconds()
    old = [path for path in strays(set(Document.objects.values_list("path", flat=True))) if changed_at(path) < limit]
    for path in old:
        path.unlink(missing_ok=True)  # another worker may sweep beside this one
    if old:
        log.info("%s file(s) without a document deleted", len(old))
    return len(old)
