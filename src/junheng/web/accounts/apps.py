"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """账号。"""

    name = "junheng.web.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        """Tells the audit pages, which stand below, about the tree."""
        from junheng.web.accounts import queries
        from junheng.web.audit.places import Places, tell

        tell(Places(within=queries.places_within, names=queries.place_names, is_root=queries.is_root))
