"""Secrets that are shown once and of which only a hash is kept: invitation links, keys for programs, recovery codes."""

import hashlib
import secrets

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another


def make_secret(prefix: str = "") -> str:
    """A fresh secret of 256 bits that may stand in an address; `prefix` tells people what it is for."""
    return prefix + secrets.token_urlsafe(32)


def make_code() -> str:
    """A fresh code of 80 bits that people can copy by hand: four groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def digest(secret: str) -> str:
    """What is kept of a secret. Looking it up by its hash tells nothing by its timing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digest_of_code(code: str) -> str:
    """What is kept of a recovery code, however it was typed: with or without dashes, in small letters."""
    return digest("".join(letter for letter in code.upper() if letter.isalnum()))
