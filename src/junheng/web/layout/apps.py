"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LayoutConfig(AppConfig):
    """版面。"""

    name = "junheng.web.layout"
    label = "layout"
    verbose_name = _("版面")
