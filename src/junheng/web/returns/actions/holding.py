"""Taking hold of a return for a write: as far as the actor may see it, locked, and only in the state the write needs."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.returns.clock import clock_of, clock_of_entry
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Notice, Return, State, Version
from junheng.web.returns.queries import may_edit, visible_returns

NOT_FOUND = gettext_lazy("没有这份填报,或您看不到它。请返回列表重新选择。")


def hold(by: Actor, return_id: int) -> Return:
    """The return, locked until the end of the transaction. RefusedError when the actor may not see it."""
    found = visible_returns(by).order_by().select_for_update(of=("self",)).filter(pk=return_id)
    entry = next(iter(found), None)  # one at most, so nothing has to be sorted
    if entry is None:
        raise RefusedError(str(NOT_FOUND))
    return entry


def hold_draft(by: Actor, return_id: int) -> tuple[Return, Version]:
    """The return and its draft, for those who fill it in, while it is open. RefusedError says what stands in the way."""
    entry = hold(by, return_id)
    if not may_edit(by, entry):
        raise RefusedError(_("当前角色不能填写这份填报。请在右上角切换为本单位的填报角色。"))
    return entry, open_draft(entry)


def open_draft(entry: Return) -> Version:
    """The draft of a locked return. RefusedError when it is not a draft, or when its time is over."""
    refuse_unless_open(entry)
    return Version.objects.get(pk=entry.version_id or 0)


def refuse_unless_open(entry: Return) -> None:
    """RefusedError when a return is not a draft, or when its time is over."""
    if entry.state != State.DRAFT or entry.version_id is None:
        raise RefusedError(
            _("这份填报的状态是“%(state)s”,不能修改。需要更正时,请审核人退回或发起更正。")
            % {"state": State(entry.state).label}
        )
    refuse_when_closed(entry)


def refuse_when_closed(entry: Return) -> None:
    """RefusedError when the round is locked or the last day is over."""
    if clock_of(entry.round, ()).is_open:
        return  # nearly always, and then nobody has to look for extensions
    clock = clock_of_entry(entry)
    if clock.is_open:
        return
    if clock.is_locked:
        raise RefusedError(_("本轮填报已锁定,网页填写和上传都已停止。如需补报,请联系县级管理员延期。"))
    day = date_format(clock.last_day, "DATE_FORMAT") if clock.last_day else ""
    raise RefusedError(_("填报已于 %(day)s 截止。如需补报,请联系县级管理员延期。") % {"day": day})


def move(entry: Return, **columns: Any) -> None:
    """Writes columns of a locked return and counts the change."""
    entry.lock_version += 1
    entry.changed_at = timezone.now()
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.save(update_fields=["lock_version", "changed_at", *columns])


def tell(
    entry: Return,
    *,
    organisation_id: int,
    role: str,
    kind: Notice.Kind,
    said: Notice.Said,
    key: str = "",
    **details: Any,
) -> None:
    """Leaves a notice for a role of an organisation; the same key leaves it once. The title of the round is among its details."""
    Notice.objects.bulk_create(
        [
            Notice(
                organisation_id=organisation_id,
                role=role,
                kind=kind,
                said=said,
                details={"title": entry.round.title, **details},
                round_id=entry.round_id,
                entry=entry,
                key=key or f"{kind}:{entry.pk}:{entry.lock_version}:{role}",
            )
        ],
        ignore_conflicts=True,
    )


def record(by: Actor, action: str, entry: Return, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """The audit row of a write on a return, in the chain of its organisation."""
    chain.record(
        by=by,
        action=action,
        organisation_id=entry.organisation_id,
        subject=f"return:{entry.pk}",
        before=before,
        after=after,
    )
