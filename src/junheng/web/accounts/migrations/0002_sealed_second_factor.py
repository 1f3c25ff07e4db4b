"""Secrets of second factors, sealed from now on; those that are there are sealed as well."""

from typing import Any

from django.db import migrations, models

from junheng.web.accounts.sealing import seal, unseal

PLAIN_LENGTH = 64
"""No plain secret is longer, and no sealed one as short."""


def seal_secrets(apps: Any, _editor: Any) -> None:
    """Seals what is plain."""
    _change(apps, seal, is_plain=True)


def unseal_secrets(apps: Any, _editor: Any) -> None:
    """The way back."""
    _change(apps, unseal, is_plain=False)


def _change(apps: Any, change: Any, *, is_plain: bool) -> None:
    for user in apps.get_model("accounts", "User").objects.exclude(totp_secret="").only("pk", "totp_secret"):
        if (len(user.totp_secret) <= PLAIN_LENGTH) == is_plain:
            user.totp_secret = change(user.totp_secret)
            user.save(update_fields=["totp_secret"])


class Migration(migrations.Migration):
    """Wider first, then sealed."""

    dependencies = (("accounts", "0001_initial"),)

    operations = (
        migrations.AlterField("user", "totp_secret", models.CharField(blank=True, max_length=255)),
        migrations.RunPython(seal_secrets, unseal_secrets),
    )
