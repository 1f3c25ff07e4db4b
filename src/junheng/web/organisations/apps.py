"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """机构。"""

    name = "junheng.web.organisations"
    label = "organisations"
    verbose_name = _("机构")
