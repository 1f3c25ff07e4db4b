"""The verdict as JSON: all its numbers exact, and said first when it is only a trial."""

import json

from junheng.core.digest import plain
from junheng.core.verdict import Verdict


def verdict_text(verdict: Verdict, *, is_trial: bool) -> str:
    """Indented JSON that ends with a newline; numbers that are not whole are `"n/d"`. A trial has `is_trial: true` first."""
    data = plain(verdict)
    return json.dumps({"is_trial": True, **data} if is_trial else data, ensure_ascii=False, indent=1) + "\n"
