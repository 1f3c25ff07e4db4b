"""What people type."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.accounts.actions.people import LOGIN, login_rule
from junheng.web.accounts.models import User
from junheng.web.accounts.roles import Role

PHONE = RegexValidator(r"\A[0-9+ -]{5,20}\Z", _("电话只含数字、空格、+ 和 -。"))
DAYS = ((30, _("30 天")), (90, _("90 天")), (180, _("180 天")), (365, _("一年")))


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=200, help_text=help_text)


class SignInForm(forms.Form):
    """Login name and password."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password(_("密码"), "current-password")


class CodeForm(forms.Form):
    """Six digits of an app; `allows_recovery` lets a recovery code pass too."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        help_text=_("手机验证器上显示的 6 位数字,每 30 秒换一组。"),
    )


class RecoveryOrCodeForm(CodeForm):
    """Six digits of an app, or a recovery code."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=_("手机验证器上的 6 位数字;手机不在身边时,输入一个恢复码。"),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice. How strong it must be is judged by the action, which knows the person."""

    password = _password(
        _("新密码"),
        "new-password",
        _("至少 10 位,不能全是数字,不能是常见密码,不能与登录名、姓名相近。建议用几个不相关的词连起来。"),
    )
    again = _password(_("再输一次新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = super().clean() or {}
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("两次输入不一致,请重新输入。"))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """The old password and the new one."""

    current = _password(_("当前密码"), "current-password")
    field_order = ("current", "password", "again")


class ConfirmForm(forms.Form):
    """The password once more, before something that weakens the account."""

    current = _password(_("当前密码"), "current-password")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg] # Django's own class takes none at run time
    """Name and telephone number."""

    phone = forms.CharField(label=_("电话"), max_length=20, required=False, validators=[PHONE])

    class Meta:
        """Two columns."""

        model = User
        fields = ("name", "phone")


class InviteForm(PersonForm):
    """A new person and their first role at an organisation."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("全平台唯一,建好后不能改;例如工号,或单位简称加姓名拼音。"),
    )
    role = forms.ChoiceField(label=_("角色"))
    field_order = ("name", "login", "phone", "role")

    def clean_login(self) -> str:
        """In small letters, and made of what the action takes."""
        login = str(self.cleaned_data["login"]).strip().lower()
        if not LOGIN.match(login):
            raise forms.ValidationError(login_rule())
        return login

    def __init__(self, *arguments: Any, roles: list[Role], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["role"] = role_field(roles)


class RoleForm(forms.Form):
    """A role at an organisation."""

    def __init__(self, *arguments: Any, roles: list[Role], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["role"] = role_field(roles)


def role_field(roles: list[Role]) -> forms.ChoiceField:
    """A choice between the roles."""
    return forms.ChoiceField(label=_("角色"), choices=[(role.value, role.label) for role in roles])


class TokenForm(forms.Form):
    """What a key for programs is for, and how long it works."""

    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("写明哪个系统、谁负责,例如“学籍系统夜间同步”。"))
    days = forms.TypedChoiceField(label=_("有效期"), choices=DAYS, coerce=int, initial=90)

    def expires_at(self) -> datetime:
        """When the key stops."""
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
