"""What a reader of the audit looks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng.web.audit.labels import NOUNS
from junheng.web.audit.queries import Filters


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class FilterForm(forms.Form):
    """All of it may be left empty; wrong dates are told and left out."""

    place = forms.CharField(label=_("机构"), required=False, max_length=100)
    person = forms.CharField(label=_("人员"), required=False, max_length=60)
    noun = forms.ChoiceField(label=_("事项"), required=False, choices=[("", _("全部")), *NOUNS.items()])
    subject = forms.CharField(label=_("对象"), required=False, max_length=120)
    first = _day(_("起"))
    last = _day(_("止"))
    reading = forms.BooleanField(label=_("含查阅记录"), required=False)

    def filters(self) -> Filters:
        """The filters that were understood."""
        self.is_valid()
        told = {key: value for key, value in self.cleaned_data.items() if value}
        has_reading = bool(told.pop("reading", False))
        return Filters(**told, has_reading=has_reading)
