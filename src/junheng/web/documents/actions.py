"""Everything that is written about documents: ordered, and put in place by the worker."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.documents.files import StoredFile
from junheng.web.documents.models import Document, Kind
from junheng.web.evaluations.models import Run
from junheng.web.jobs.actions import enqueue
from junheng.web.jobs.models import Job, State
from junheng.web.organisations.models import Organisation

JOB = "documents.make"


@transaction.atomic
def order(*, by: Actor, run: Run, kinds: Sequence[str]) -> Job:
    """The job that makes documents of a finished run; asking twice for the same gives the same job unless it failed.

    InputError when the run has not finished, or no kind or an unknown one is asked for.
    """
    if not run.is_finished:
        raise InputError(_("这次评估还没有完成，完成后才能生成文书。"))
    chosen = [kind for kind in Kind.values if kind in kinds]
    if not chosen or len(chosen) != len(set(kinds)):
        raise InputError(_("请至少选择一种文书。"))
    ended = Job.objects.filter(kind=JOB, organisation_id=run.organisation_id, arguments__run_id=run.pk)
    tries = ended.filter(state__in=(State.FAILED, State.CANCELLED)).count()
    key = f"{run.pk}:{','.join(chosen)}:{tries}"
    arguments = {"run_id": run.pk, "kinds": chosen, "made_by": by.name}
    job = enqueue(by=by, kind=JOB, arguments=arguments, organisation_id=run.organisation_id, key=key)
    chain.record(
        by=by,
        action="documents.order",
        organisation_id=run.organisation_id,
        subject=f"run:{run.pk}",
        after={"kinds": chosen, "job": job.pk},
    )
    return job


@transaction.atomic
def keep(*, by: Actor, run: Run, made_by: str, files: Sequence[StoredFile]) -> list[Document]:
    """The documents of files that were stored. One that the run has already stays; its new file is left to be swept away."""
    known = {document.name: document for document in Document.objects.select_for_update().filter(run=run)}
    codes = {file.school_code for file in files if file.school_code}
    schools = dict(Organisation.objects.within(run.organisation.path).filter(code__in=codes).values_list("code", "pk"))
    new = [
        Document(
            run=run,
            kind=file.kind,
            school_id=schools.get(file.school_code),
            name=file.name,
            path=file.path,
            size=file.size,
            sha256=file.sha256,
            created_by=made_by,
        )
        for file in files
        if file.name not in known
    ]
    Document.objects.bulk_create(new)
    if new:
        chain.record(
            by=by,
            action="documents.keep",
            organisation_id=run.organisation_id,
            subject=f"run:{run.pk}",
            after={document.name: document.sha256 for document in new},
        )
    return new
