"""What every template knows about who is looking."""

from typing import Any

from django.http import HttpRequest

from junheng.web.accounts.roles import Permission, Role, may


def actor(request: HttpRequest) -> dict[str, Any]:
    """`actor`, the label of the active role, and `can` with one key per permission: `{% if can.start_run %}`."""
    who = getattr(request, "actor", None)
    role = who.role if who else ""
    return {
        "actor": who,
        "role_label": Role(role).label if role else "",
        "can": {entry.value: bool(role) and may(role, entry) for entry in Permission},
    }
