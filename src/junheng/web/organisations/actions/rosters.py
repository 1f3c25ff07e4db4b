"""Taking a roster over into the tree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.web.access.actor import Actor
from junheng.web.organisations.actions import tree
from junheng.web.organisations.errors import RefusedError
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.organisations.rights import may_manage
from junheng.web.organisations.rosters import Entry, Preview, compare


@dataclass(frozen=True, slots=True)
class Applied:
    """How many schools were changed in which way."""

    created: int = 0
    renamed: int = 0
    moved: int = 0
    retyped: int = 0
    closed: int = 0

    @property
    def total(self) -> int:
        """All changes."""
        return self.created + self.renamed + self.moved + self.retyped + self.closed


@transaction.atomic
def apply_roster(
    *, by: Actor, county: Organisation, entries: Sequence[Entry], digest: str, closing: Collection[int] = ()
) -> Applied:
    """All changes of a roster in one go, as its preview with this digest showed them; `closing` are ids of missing schools.

    Taking the same roster over a second time changes nothing. RefusedError when the county has changed since the preview,
    when something in the roster blocks, or when a school to be closed stands in the roster.
    """
    if county.kind != Kind.COUNTY or not may_manage(by, Kind.SCHOOL, county):
        raise RefusedError(_("“%(name)s”的学校名录不归您管理。") % {"name": county.name})
    preview = compare(tree.locked(county), entries)
    to_close = [place for place in preview.missing if place.pk in closing]
    if not preview.is_applicable:
        raise RefusedError(_("名录还有错误,没有导入。请改正后重新上传。"))
    if not preview.change_count and not to_close:
        return Applied()
    if preview.digest != digest:
        raise RefusedError(_("预览之后,本县的学校有了变化,没有导入。请按新的预览再确认一次。"), "digest")
    _carry_out(by, preview, to_close)
    return Applied(
        len(preview.new), len(preview.renamed), len(preview.moved), len(preview.retyped), len(to_close)
    )  # fmt: skip


def _carry_out(by: Actor, preview: Preview, to_close: Sequence[Organisation]) -> None:
    reason = _("名录导入")
    for change in preview.new:
        entry = change.entry
        tree.create(
            by=by, parent=change.parent, kind=Kind.SCHOOL, name=entry.name, code=entry.code, school_type=entry.school_type
        )  # fmt: skip
    for change in preview.renamed:
        assert change.school is not None
        tree.rename(by=by, place=change.school, name=change.after, reason=reason)
    for change in preview.moved:
        assert change.school is not None
        tree.move(by=by, place=change.school, parent=change.parent, reason=reason)
    for change in preview.retyped:
        assert change.school is not None
        tree.correct(by=by, place=change.school, code=change.entry.code, school_type=change.after)
    for school in to_close:
        tree.close(by=by, place=school, reason=reason)
