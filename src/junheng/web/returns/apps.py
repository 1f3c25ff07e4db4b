"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    """填报。"""

    name = "junheng.web.returns"
    label = "returns"
    verbose_name = _("填报")
