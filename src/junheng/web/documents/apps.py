"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """文书。"""

    name = "junheng.web.documents"
    label = "documents"
    verbose_name = _("文书")

    def ready(self) -> None:
        """Registers what the worker does for documents."""
        from junheng.web.documents import background  # noqa: F401
