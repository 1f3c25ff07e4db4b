"""Secrets that must be read again are kept sealed: a copy of the database alone opens no second factor.

Fernet (AES-128-CBC with HMAC-SHA256) under a key that HKDF derives from Django's SECRET_KEY, for this purpose alone. Secrets
sealed under one of SECRET_KEY_FALLBACKS can still be read; `reseal` puts them under the present key.
"""

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"junheng.accounts.second-factor.1"

log = logging.getLogger(__name__)


def seal(secret: str) -> str:
    """What the database keeps of a secret; another text each time. Empty stays empty."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """The secret again; empty when there is none, or when it was sealed under a key that this installation does not know."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.exception("a sealed secret cannot be read: SECRET_KEY is not the one it was sealed under")
        return ""


def reseal(sealed: str) -> str:
    """The same secret under the present key. InvalidToken for one that cannot be read."""
    return _box().rotate(sealed.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
