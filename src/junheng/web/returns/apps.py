"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    """填报。"""

    name = "junheng.web.returns"
    label = "returns"
    verbose_name = _("填报")

    def ready(self) -> None:
        """Registers the background work of this app."""
        from junheng.web.returns import background  # noqa: F401 - the import registers it
