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
        """Brings the compiled translations up to date before the first page asks for one.

        The folder of collected files must be there before anything is collected: WhiteNoise warns about one that is not.
        """
        from junheng.web.layout.translations import compile_catalogues

        compile_catalogues(settings.LOCALE_SOURCE, Path(settings.LOCALE_PATHS[0]))
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
