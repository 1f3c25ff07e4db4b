"""What people fill in to order a forecast, or to take a fact as another."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junheng.web.evaluations.words import STAGES
from junheng.web.plans import what_if

MOST_BYTES = 2 * 2**20


class ForecastForm(forms.Form):
    """From which run, to which year, and with what people know of the years ahead."""

    run = forms.TypedChoiceField(label=_("依据的评估"), coerce=int)
    to_year = forms.IntegerField(label=_("预测到哪一年"), min_value=2000, max_value=2100)
    assumptions = forms.FileField(
        label=_("预测条件（JSON）"),
        required=False,
        help_text=_("适龄人口、撤并与新建、住宅项目、教师年龄等。没有文件时只按往年数据推算。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    scenario = forms.TypedChoiceField(
        label=_("用方案里的预测条件"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("适龄人口、学校变动、教师年龄等已经填在方案里的，选这个方案，不用再交文件。"),
    )
    field_order = ("run", "to_year", "scenario", "assumptions")

    def __init__(
        self, *arguments: Any, runs: list[tuple[int, str]], scenarios: list[tuple[int, str]], **named: Any
    ) -> None:
        """`runs` are the runs to choose from with their names, `scenarios` those whose assumptions may be taken."""
        super().__init__(*arguments, **named)
        self.fields["run"].choices = runs  # type: ignore[attr-defined]
        self.fields["scenario"].choices = [("", _("不用方案")), *scenarios]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A scenario or a file, not both."""
        found = super().clean() or self.cleaned_data
        if found.get("scenario") and found.get("assumptions"):
            self.add_error("assumptions", gettext("选了方案就不用再交文件；要用文件，请不选方案。"))
        return found

    def clean_assumptions(self) -> dict[str, Any]:
        """The JSON object in the file; empty when there is none."""
        file: UploadedFile | None = self.cleaned_data.get("assumptions")
        if file is None:
            return {}
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(gettext("文件太大,预测条件不应超过 2 MB。"))
        try:
            data = json.loads(file.read())
        except (ValueError, RecursionError) as error:
            raise ValidationError(gettext("这个文件不是 JSON,请对照说明检查。")) from error
        if not isinstance(data, dict):
            raise ValidationError(gettext("预测条件应是一个 JSON 对象。"))
        return data


class WhatIfForm(forms.Form):
    """One number that is taken as another; with `remove` set, one that no longer is."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    remove = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    school = forms.ChoiceField(label=_("学校"), required=False)
    field = forms.ChoiceField(label=_("项目"), required=False)
    stage = forms.ChoiceField(
        label=_("学段"), required=False, choices=list(STAGES.items()), help_text=_("全校的项目不看学段。")
    )
    text = forms.CharField(
        label=_("改为"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def __init__(self, *arguments: Any, schools: list[tuple[str, str]], **named: Any) -> None:
        """`schools` are codes and names."""
        super().__init__(*arguments, **named)
        whole: list[tuple[str, str]] = []
        of_stage: list[tuple[str, str]] = []
        for table, entry in what_if.changeable():
            (of_stage if table == "stages" else whole).append((f"{table}.{entry.id}", entry.header))
        groups = [(gettext("分学段"), of_stage), (gettext("全校"), whole)]
        self.fields["school"].choices = [(code, f"{name}（{code}）") for code, name in schools]  # type: ignore[attr-defined]
        self.fields["field"].choices = groups  # type: ignore[attr-defined]
