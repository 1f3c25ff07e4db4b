"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """预测与规划。"""

    name = "junheng.web.plans"
    label = "plans"
    verbose_name = _("预测与规划")

    def ready(self) -> None:
        """Registers what the worker does for forecasts and plans."""
        from junheng.web.plans import background  # noqa: F401
