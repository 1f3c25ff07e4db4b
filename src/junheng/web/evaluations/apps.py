"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    """评估。"""

    name = "junheng.web.evaluations"
    label = "evaluations"
    verbose_name = _("评估")

    def ready(self) -> None:
        """Registers what the worker does for runs."""
        from junheng.web.evaluations import background  # noqa: F401
