"""Signed callbacks: HMAC-SHA256 (RFC 2104) over the time and the body's bytes."""

import hmac
import re
from datetime import datetime

from handlers.checkout.rules.errors import BadSignature

TOLERANCE_SECONDS = 300
_VERSION = "v1="
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """The signature of a body sent at a time, in seconds since 1970: `v1=` and 64 hex digits."""
    digest = hmac.new(secret, f"{timestamp}.".encode() + body, "sha256")
    return _VERSION + digest.hexdigest()


def verify(secret: bytes, timestamp: str, signature: str, body: bytes, now: datetime) -> None:
    """Accepts what the secret's holder signed within TOLERANCE_SECONDS of now.

    Raises:
        BadSignature: the time is no time or too far off, or the signature is another.
    """
    if not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("the timestamp is missing or not in seconds since 1970")
    expected = sign(secret, timestamp, body)
    if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
        raise BadSignature("the signature is missing or wrong")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise BadSignature(f"the timestamp is more than {TOLERANCE_SECONDS} s away from now")
