"""What people fill in to start a run."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng import api
from junheng.web.evaluations.models import Source


class StartForm(forms.Form):
    """Year, standard, which facts, and the transitional exceptions of the standard that are switched on."""

    year = forms.TypedChoiceField(label=_("年度"), coerce=int, help_text=_("评估哪一年的数据；只列出开过填报的年度。"))
    standard = forms.ChoiceField(label=_("标准"))
    source = forms.ChoiceField(
        label=_("数据"),
        choices=Source.choices,
        widget=forms.RadioSelect,
        initial=Source.APPROVED,
        help_text=_("试算用各校当前填写的数据，结论标明“试算”，不能发布。"),
    )
    exceptions = forms.MultipleChoiceField(
        label=_("过渡性例外"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("默认不启用。启用的条款会写进结论和文书。"),
    )

    def __init__(self, *arguments: Any, years: list[int], standard: str = "", **named: Any) -> None:
        """`years` are those to choose from; `standard` is chosen at first and says which exceptions there are."""
        super().__init__(*arguments, **named)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        standards = {entry.id: entry for entry in api.standards()}
        self.fields["standard"].choices = [  # type: ignore[attr-defined]
            (entry.id, f"{entry.title}（{entry.place} · {entry.version}）") for entry in standards.values()
        ]
        chosen = str(self.data.get("standard") or standard or api.DEFAULT_STANDARD)
        self.fields["standard"].initial = chosen
        listed = standards[chosen].exceptions if chosen in standards else ()
        self.fields["exceptions"].choices = [  # type: ignore[attr-defined]
            (entry.id, f"{entry.name}（{entry.clause}）") for entry in listed
        ]
        if not listed:
            del self.fields["exceptions"]
