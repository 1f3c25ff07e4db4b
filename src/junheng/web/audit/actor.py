"""The actor, as audit rows know them."""

from junheng.web.access.actor import PLATFORM, Actor

__all__ = ["PLATFORM", "Actor"]
