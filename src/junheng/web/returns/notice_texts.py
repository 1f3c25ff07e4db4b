"""What a notice says, in the language of whoever reads it: rows keep what happened, and the words are made when it is shown."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from junheng.web.returns.models import Notice

Said = Notice.Said
Details = Mapping[str, Any]


def text_of(notice: Notice) -> str:
    """The words of a notice in the language of the page; a notice from before codes were kept says what it said then."""
    return _WORDS[notice.said](notice.details) if notice.said else notice.text


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _opened(told: Details) -> str:
    return _("%(title)s已开始,请于 %(day)s 前提交。") % {"title": told["title"], "day": _day(told["due_on"])}


def _locked(told: Details) -> str:
    return _("%(title)s已锁定,填写和上传停止。") % told


def _unlocked(told: Details) -> str:
    return _("%(title)s已解锁,可以继续填报。") % told


def _extended(told: Details) -> str:
    known = {"title": told["title"], "day": _day(told["until"]), "reason": told["reason"]}
    return _("%(title)s已为您单位延期到 %(day)s:%(reason)s") % known


def _extended_to_correct(told: Details) -> str:
    known = {"title": told["title"], "day": _day(told["until"])}
    return _("%(title)s已为您单位延期到 %(day)s,以便按退回意见修改。") % known


def _reminded(told: Details) -> str:
    days = int(told["days_left"])
    known = {"title": told["title"], "days": abs(days)}
    if days == 0:
        return _("%(title)s今天截止,请尽快完成并提交。") % known
    if days > 0:
        return (
            ngettext(
                "%(title)s还有 %(days)d 天截止,请尽快完成并提交。",
                "%(title)s还有 %(days)d 天截止,请尽快完成并提交。",
                days,
            )
            % known
        )
    return (
        ngettext(
            "%(title)s已逾期 %(days)d 天,请尽快完成并提交。",
            "%(title)s已逾期 %(days)d 天,请尽快完成并提交。",
            -days,
        )
        % known
    )


def _returned(told: Details) -> str:
    return _("%(title)s被%(name)s退回:%(reason)s") % told


def _to_review(told: Details) -> str:
    return _("%(place)s的“%(title)s”等您审核。") % told


def _approved(told: Details) -> str:
    return _("%(title)s已通过县级审核。") % told


_WORDS: Mapping[str, Callable[[Details], str]] = {
    Said.OPENED: _opened,
    Said.LOCKED: _locked,
    Said.UNLOCKED: _unlocked,
    Said.EXTENDED: _extended,
    Said.EXTENDED_TO_CORRECT: _extended_to_correct,
    Said.REMINDED: _reminded,
    Said.RETURNED: _returned,
    Said.TO_REVIEW: _to_review,
    Said.APPROVED: _approved,
}
