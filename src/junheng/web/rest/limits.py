"""How often one token may ask. Kept in the database: it holds for all processes of a server together."""

import math

from django.db.models import F
from django.utils import timezone
from ninja.errors import Throttled

from junheng.web.accounts.models import Token
from junheng.web.rest.models import Usage

MOST_PER_MINUTE = 300


def count(token: Token) -> None:
    """Counts one request of a token in this minute. Throttled, with the seconds to wait, when there were too many."""
    now = timezone.now().timestamp()
    minute = int(now // 60)
    if not Usage.objects.filter(token=token, minute=minute).update(count=F("count") + 1):
        Usage.objects.update_or_create(token=token, defaults={"minute": minute, "count": 1})
    if Usage.objects.values_list("count", flat=True).get(token=token) > MOST_PER_MINUTE:
        raise Throttled(wait=math.ceil(60 * (minute + 1) - now))
