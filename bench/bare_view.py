"""What a submission costs at the least: a Django view that checks nothing and writes the same rows."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from junheng.web.audit.models import Chain, Entry
from junheng.web.returns.models import Decision, Notice, Return, State, Version


def write_return(request: HttpRequest, return_id: int) -> HttpResponse:
    """One version, one decision, one notice, one audit row with its chain, and the return itself."""
    now = timezone.now()
    sent = json.loads(request.body)
    entry = Return.objects.select_related("organisation").get(pk=return_id)
    number = Version.objects.filter(entry=entry).count() + 1
    digest = hashlib.sha256(request.body).hexdigest()
    version = Version(entry=entry, number=number, digest=digest, submit_key=f"bare-{number}", submitted_at=now, **sent)
    version.save(force_insert=True)
    Decision(version=version, level=State.DRAFT, verdict="submitted", by_name="bench", at=now).save(force_insert=True)
    Return.objects.filter(pk=return_id).update(version=version, state=State.AT_PRINCIPAL, changed_at=now)
    place = entry.organisation_id
    Notice(
        organisation_id=place, role="principal", kind="to_review", text="bench", key=f"bare-{digest}-{number}"
    ).save()
    chain, _ = Chain.objects.get_or_create(organisation_id=place)
    Entry(
        organisation_id=place,
        sequence=chain.length + 1,
        at=now,
        user_name="bench",
        role="reporter",
        action="return.submit",
        hash=digest,
    ).save(force_insert=True)
    chain.length, chain.head = chain.length + 1, digest
    chain.save()
    return HttpResponse(status=204)
