"""What people type about organisations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from junheng import api
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import Actor
from junheng.web.organisations import queries
from junheng.web.organisations.models import Kind, Organisation

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv")
MOST_BYTES = 20 * 2**20


def _types() -> list[tuple[str, Any]]:
    return [("", _("（未定）")), *api.school_types().items()]


def _owners() -> list[tuple[str, str]]:
    """Who reports county facts, as the field dictionary calls them."""
    tables = load_dictionary().tables.values()
    names = {entry.reporter for table in tables for entry in table.fields.values() if entry.reporter}
    return [(name, name) for name in sorted(names)]


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Organisations by name, code, and what they stand under."""

    def label_from_instance(self, obj: Any) -> str:
        """How one is called in the list."""
        return f"{obj.name}（{obj.code}）" if obj.code else str(obj.name)


class DatedForm(forms.Form):
    """Since when a change holds, and why."""

    on = forms.DateField(
        label=_("生效日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("留空为今天。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("依据或说明"), max_length=300, required=False)


class CreateForm(forms.Form):
    """A new organisation; which kinds are offered depends on the place above it."""

    kind = forms.ChoiceField(label=pgettext_lazy("organisation", "类别"))
    name = forms.CharField(label=_("名称"), max_length=100)
    code = forms.CharField(
        label=_("代码"), max_length=12, required=False,
        help_text=_("学校填 10 位学校标识码;乡镇和县以上填行政区划代码;部门留空。"),
    )  # fmt: skip
    school_type = forms.ChoiceField(label=_("学校类别"), required=False, choices=_types)
    reports_as = forms.MultipleChoiceField(
        label=_("负责的县级数据"), required=False, choices=_owners, widget=forms.CheckboxSelectMultiple,
        help_text=_("只用于部门:字段字典里由谁填报。"),
    )  # fmt: skip
    on = forms.DateField(
        label=_("设立日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("留空为今天。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, kinds: tuple[Kind, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if Kind.SCHOOL not in kinds:
            del self.fields["school_type"]
        if Kind.DEPARTMENT not in kinds:
            del self.fields["reports_as"]


class RenameForm(DatedForm):
    """The new name."""

    name = forms.CharField(label=_("新名称"), max_length=100)
    field_order = ("name", "on", "reason")


class CorrectForm(forms.Form):
    """What was typed wrong."""

    code = forms.CharField(label=_("代码"), max_length=12, required=False)
    school_type = forms.ChoiceField(label=_("学校类别"), required=False, choices=_types)
    reports_as = forms.MultipleChoiceField(
        label=_("负责的县级数据"), required=False, choices=_owners, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, place: Organisation, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if place.kind != Kind.SCHOOL:
            del self.fields["school_type"]
        if place.kind != Kind.DEPARTMENT:
            del self.fields["reports_as"]
        else:
            del self.fields["code"]


class MoveForm(DatedForm):
    """The new place in the tree."""

    parent = PlaceChoice(label=_("移到"), queryset=Organisation.objects.none())
    field_order = ("parent", "on", "reason")

    def __init__(self, *arguments: Any, actor: Actor, place: Organisation, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["parent"].queryset = queries.new_parents(actor, place)  # type: ignore[attr-defined]


class MergeForm(DatedForm):
    """The school that goes on."""

    into = PlaceChoice(label=_("并入"), queryset=Organisation.objects.none())
    field_order = ("into", "on", "reason")

    def __init__(self, *arguments: Any, actor: Actor, place: Organisation, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["into"].queryset = queries.merge_targets(actor, place)  # type: ignore[attr-defined]


class RosterForm(forms.Form):
    """A county and its roster."""

    county = PlaceChoice(label=_("县（市、区）"), queryset=Organisation.objects.none())
    file = forms.FileField(
        label=_("名录文件"), help_text=_(".xlsx、.xls 或 .csv,不超过 20 MB;要有“学校标识码”和“学校名称”两列。"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )  # fmt: skip

    def __init__(self, *arguments: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*arguments, **named)
        counties = queries.managed_counties(actor)
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]
        only = list(counties[:2])
        if len(only) == 1:
            self.fields["county"].initial = only[0]

    def clean_file(self) -> Any:
        """A file of a fitting size and name; its content is looked at by the reader."""
        file = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(SUFFIXES):
            raise forms.ValidationError(_("只能上传 .xlsx、.xlsm、.xls 或 .csv 文件。请用 Excel 或 WPS 另存后再传。"))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB。请删去图片和无关的表后再传。"))
        return file
