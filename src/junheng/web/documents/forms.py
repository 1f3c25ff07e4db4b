"""What people fill in to order documents or to look up a code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng.web.documents.models import Kind


class OrderForm(forms.Form):
    """Which kinds of documents to make."""

    kinds = forms.MultipleChoiceField(label=_("文书"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple)


class CodeForm(forms.Form):
    """A printed code."""

    code = forms.CharField(
        label=_("校验码"),
        max_length=80,
        help_text=_("印在文书末尾的 16 位字母和数字，也可以填文件的 SHA-256 值。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
