"""Writes that happen once, however often a program asks: the same key gives the same answer."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Schema
from ninja.responses import Status

from junheng.web.rest.keys import ApiRequest
from junheng.web.rest.models import Answer
from junheng.web.rest.problems import KeyReusedError

KEPT_FOR = timedelta(days=7)

Answered = Status[Any]
"""The status and the body of an answer."""

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        description="防重编号,例如 UUID。网络中断后用同一编号重试:已做过的不会再做,得到同样的回答(保留 7 天)。",
    ),
]
"""The header that every write carries."""


def once(
    request: ApiRequest, key: str, write: Callable[[], Schema], *, content: str = "", status: int = 200
) -> Answered:
    """The answer to a write that is done in one transaction with remembering it.

    `content` stands for the body where that cannot be read twice (files). KeyReusedError when the key stands for something
    else. What is refused is not remembered: the same key may try again.
    """
    fingerprint = fingerprint_of(request, content)
    try:
        with transaction.atomic():
            Answer.objects.filter(at__lt=timezone.now() - KEPT_FOR, membership=request.membership).delete()
            # First the row, then the write: a second request with this key waits here until the first one is through.
            row = Answer(membership=request.membership, key=key, fingerprint=fingerprint)
            row.save(force_insert=True)
            row.status, row.body = status, write().model_dump(mode="json")
            row.save(update_fields=["status", "body"])
            return Status(row.status, row.body)
    except IntegrityError:
        known = earlier(request, key, content=content)
        if known is None:
            raise
        return known


def earlier(request: ApiRequest, key: str, *, content: str = "") -> Answered | None:
    """What was answered to this key before, or None. KeyReusedError when it stands for something else."""
    row = Answer.objects.filter(membership=request.membership, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint_of(request, content):
        raise KeyReusedError(_("这个防重编号已用于另一个请求。请换一个新的编号。"))
    return Status(row.status, row.body)


def fingerprint_of(request: ApiRequest, content: str = "") -> str:
    """What is asked for, as a SHA-256."""
    asked = content.encode() if content else request.body
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + asked).hexdigest()
