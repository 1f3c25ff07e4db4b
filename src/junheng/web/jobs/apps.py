"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """后台任务。"""

    name = "junheng.web.jobs"
    label = "jobs"
    verbose_name = _("后台任务")
