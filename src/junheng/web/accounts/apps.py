"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """账号。"""

    name = "junheng.web.accounts"
    label = "accounts"
    verbose_name = _("账号")
