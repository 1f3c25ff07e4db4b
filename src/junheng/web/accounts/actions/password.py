"""A person's own password."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from junheng.web.accounts.actors import person_actor, place_of
from junheng.web.accounts.models import User
from junheng.web.audit.chain import record


@transaction.atomic
def change(*, user_id: int, password: str, address: str) -> User:
    """The person with a new password; the view has asked for the old one. Django's ValidationError when it is too weak.

    Other sessions end by themselves: a session holds for the password it was opened with.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(
        by=person_actor(user, address),
        action="password.change",
        organisation_id=place_of(user),
        subject=f"user:{user.pk}",
    )
    return user
