"""What those who run a round fill in: opening it, its last day, more time for one return, sending a return back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng import api
from junheng.web.organisations.models import Organisation

FIRST_YEAR, LAST_YEAR = 2010, 2060
USUAL_TITLE = "{} 年度义务教育均衡数据填报"
"""What a round is called unless somebody names it; `{}` is its year."""


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    """A day, picked in the browser's own calendar."""
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class RoundForm(forms.Form):
    """A round that is to be opened: for whom, year, standard, title, last day."""

    place = forms.TypedChoiceField(
        label=_("范围"),
        coerce=int,
        help_text=_("选上级时,它下面的每个县各开一轮,在后台逐县进行;已有这一年度轮次的县不重开。"),
    )
    year = forms.IntegerField(
        label=_("年度"), min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text=_("数据所属的年度,一个县一年只开一轮。")
    )
    standard = forms.ChoiceField(
        label=_("标准"), help_text=_("填报表来自数据字典,与标准无关;这里定需要人工认定的条目。")
    )
    title = forms.CharField(
        label=_("标题"),
        max_length=120,
        widget=forms.TextInput(attrs={"data-follows": "id_year", "data-pattern": USUAL_TITLE}),
        help_text=_("不改时随年度变化;改过就用您写的。"),
    )
    due_on = _day(_("截止日期"), _("当天仍可提交。"))

    def __init__(self, *arguments: Any, places: Iterable[Organisation], **named: Any) -> None:
        """`places` are those to choose from, the own one first."""
        super().__init__(*arguments, **named)
        year = timezone.localdate().year
        self.fields["place"].choices = [(place.pk, place.name) for place in places]  # type: ignore[attr-defined]
        self.fields["standard"].choices = [  # type: ignore[attr-defined]
            (entry.id, f"{entry.title}({entry.place} · {entry.version})") for entry in api.standards()
        ]
        self.fields["standard"].initial = api.DEFAULT_STANDARD
        self.fields["year"].initial = year
        self.fields["title"].initial = USUAL_TITLE.format(year)

    def clean(self) -> dict[str, Any]:
        """A title that nobody changed names the chosen year, in a browser without scripts too."""
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        proposed = {USUAL_TITLE.format(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
        if wanted.get("year") and wanted.get("title") in proposed:
            wanted["title"] = USUAL_TITLE.format(wanted["year"])
        return wanted


class DueForm(forms.Form):
    """Another last day of a round."""

    due_on = _day(_("截止日期"), _("今天或以后;当天仍可提交。"))


class ExtendForm(forms.Form):
    """More time for one return."""

    until = _day(_("延期到"), _("这一天仍可填写和提交。"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("填报单位会在通知里看到。"),
    )


def _choice(label: Any, choices: Iterable[tuple[str, Any]] = ()) -> forms.ChoiceField:
    """A filter that asks for the page again as soon as something is chosen."""
    widget = forms.Select(attrs={"class": "form-select", "data-submit-on-change": ""})
    return forms.ChoiceField(label=label, required=False, choices=list(choices), widget=widget)


class ProgressFilter(forms.Form):
    """Which lines of the progress page are shown."""

    area = _choice(_("乡镇"))
    state = _choice(
        _("状态"),
        (
            ("", _("全部状态")),
            ("draft", _("填报中")),
            ("overdue", _("已逾期")),
            ("waiting", _("待审核")),
            ("at_principal", _("待校级审核")),
            ("at_township", _("待乡镇审核")),
            ("at_county", _("待县级审核")),
            ("approved", _("已通过")),
        ),
    )
    remains = _choice(
        _("剩余"),
        (("", _("不限剩余")), ("error", _("有错误")), ("warning", _("有警告待说明")), ("empty", _("没有填满"))),
    )

    def __init__(self, *arguments: Any, areas: Iterable[str], **named: Any) -> None:
        """`areas` are the townships to choose from."""
        super().__init__(*arguments, **named)
        self.fields["area"].choices = [("", _("全部乡镇")), *((area, area) for area in areas)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """The filters that can be used; what is unknown filters nothing."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name, "")) for name in self.fields}
