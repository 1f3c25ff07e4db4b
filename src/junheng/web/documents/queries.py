"""What an actor may see of documents, and what a printed code belongs to."""

import re

from django.db.models import QuerySet

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may
from junheng.web.documents.models import Document
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.queries import finished, visible_runs

CODE = re.compile(r"[0-9a-f]{16}(?:[0-9a-f]{48})?")
"""A printed code is the first 16 digits of the verdict's digest; the whole digest, or that of a file, has 64."""


def documented_runs(actor: Actor) -> QuerySet[Run]:
    """The finished runs whose documents an actor may see."""
    runs = finished(visible_runs(actor))
    return runs if may(actor.role, Permission.SEE_DOCUMENTS) else runs.none()


def visible_documents(actor: Actor) -> QuerySet[Document]:
    """The documents an actor may download."""
    return Document.objects.filter(run__in=documented_runs(actor).order_by()).select_related("run__organisation")


def cleaned_code(text: str) -> str:
    """A code as people type it, without blanks and in small letters; empty when it cannot be one."""
    code = re.sub(r"[\s\-]", "", text).lower()
    return code if CODE.fullmatch(code) else ""


def run_of_code(code: str) -> Run | None:
    """The finished run that a printed code, a digest or the hash of a file belongs to; a published one before others."""
    runs = finished(Run.objects.select_related("organisation", "publication").defer("summary"))
    if len(code) == 16:
        # a range, not a prefix match: both databases use the index for it
        return runs.filter(verdict_digest__gte=code, verdict_digest__lt=code + "g").first()
    return runs.filter(verdict_digest=code).first() or runs.filter(documents__sha256=code).first()
