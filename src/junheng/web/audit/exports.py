"""Audit rows as files. Text from people is never taken for a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access.roles import Role
from junheng.web.audit.labels import action_label
from junheng.web.audit.models import Entry

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def heads() -> list[str]:
    """The titles of the columns."""
    return [
        _("机构"), _("序号"), _("时间"), _("人员"), _("角色"), _("来源地址"), _("事项"), _("动作代码"), _("对象"),
        _("改动前"), _("改动后"), _("前一行哈希"), _("本行哈希"),
    ]  # fmt: skip


def cells(entry: Entry, names: Mapping[int, str]) -> list[str]:
    """One row, as text."""
    role = Role(entry.role).label if entry.role in Role.values else entry.role
    return [
        names.get(entry.organisation_id, str(entry.organisation_id)),
        str(entry.sequence),
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        entry.user_name,
        str(role),
        entry.address,
        action_label(entry.action),
        entry.action,
        entry.subject,
        _json(entry.before),
        _json(entry.after),
        entry.previous_hash,
        entry.hash,
    ]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; a text that a spreadsheet would compute gets an apostrophe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(heads())
    writer.writerows([[f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def _json(values: Mapping[str, object]) -> str:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode() if values else ""
