"""How often one address may ask for a code: enough for people, too little for guessing."""

from django.core.cache import cache
from django.utils import timezone

MOST_PER_MINUTE = 30


def is_over_limit(address: str) -> bool:
    """Counts one more question of an address in this minute; True when there were too many."""
    key = f"documents.verify:{address}:{int(timezone.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > MOST_PER_MINUTE
