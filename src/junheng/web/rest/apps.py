"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    """接口。"""

    name = "junheng.web.rest"
    label = "rest"
    verbose_name = _("接口")
