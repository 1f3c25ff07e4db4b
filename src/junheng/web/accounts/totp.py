"""Time-based one-time passwords (RFC 6238): six digits, thirty seconds, one step of tolerance to each side."""

from datetime import datetime
from hmac import compare_digest

import pyotp
import segno

STEP_SECONDS = 30
TOLERANCE = (-1, 0, 1)
ISSUER = "均衡"


def make_totp_secret() -> str:
    """A fresh secret of 160 bits in base 32, as authenticator apps want it."""
    return str(pyotp.random_base32())


def matching_step(secret: str, code: str, at: datetime) -> int:
    """The step whose code was typed; 0 when it is none of those of now. Every step is compared, in constant time."""
    typed = "".join(code.split())
    if not secret or len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return 0
    clock = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP_SECONDS
    found = 0
    for step in (now + shift for shift in TOLERANCE):
        found = step if compare_digest(clock.generate_otp(step), typed) else found
    return found


def address_of_secret(secret: str, login: str) -> str:
    """What the picture says to an authenticator app."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))


def picture(secret: str, login: str) -> str:
    """The same as a picture, an SVG in a data address: dark on white with its quiet zone, in dark mode too."""
    code = segno.make(address_of_secret(secret, login), error="m", micro=False)
    return str(code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))
