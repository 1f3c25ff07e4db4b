"""The app."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LayoutConfig(AppConfig):
    """版面。"""

    name = "junheng.web.layout"
    label = "layout"
    verbose_name = _("版面")

    def ready(self) -> None:
        """Brings the compiled translations up to date before the first page asks for one."""
        from junheng.web.layout.translations import compile_catalogues

        compile_catalogues(settings.LOCALE_SOURCE, Path(settings.LOCALE_PATHS[0]))
