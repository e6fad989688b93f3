"""Signed callbacks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.checkout.rules.errors import BadSignature
from handlers.checkout.rules.signatures import TOLERANCE_SECONDS, sign, verify

SECRET, BODY = b"a shared secret", b'{"orderId": "o-1"}'
SENT = 1_767_225_600
SIGNATURE = sign(SECRET, str(SENT), BODY)


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_signature_is_the_hmac_of_time_and_body() -> None:
    """The value that `openssl dgst -sha256 -hmac "a shared secret"` prints for these bytes."""
    assert SIGNATURE == ("v1=a77fb7296534a9b4d630a4a634187396a563464572f59b29e4d999495926b1bf")


@pytest.mark.parametrize("away", [-TOLERANCE_SECONDS, 0, TOLERANCE_SECONDS])
def test_a_signature_holds_for_five_minutes_both_ways(away: int) -> None:
    verify(SECRET, str(SENT), SIGNATURE, BODY, at(SENT + away))


@pytest.mark.parametrize("away", [-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1])
def test_a_stale_signature_is_refused(away: int) -> None:
    with pytest.raises(BadSignature, match="more than 300 s"):
        verify(SECRET, str(SENT), SIGNATURE, BODY, at(SENT + away))


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "1767225600.0", "١", "9" * 13])
def test_a_time_that_is_none_is_refused(timestamp: str) -> None:
    with pytest.raises(BadSignature, match="timestamp"):
        verify(SECRET, timestamp, sign(SECRET, timestamp, BODY), BODY, at(SENT))


@pytest.mark.parametrize(
    ("timestamp", "signature", "body"),
    [
        (str(SENT), "", BODY),
        (str(SENT), SIGNATURE.removeprefix("v1="), BODY),
        (str(SENT), SIGNATURE.upper(), BODY),
        (str(SENT), SIGNATURE + "0", BODY),
        (str(SENT), "v1=\ud800", BODY),
        (str(SENT), sign(b"another secret", str(SENT), BODY), BODY),
        (str(SENT + 1), SIGNATURE, BODY),
        (str(SENT), SIGNATURE, BODY + b" "),
    ],
)
def test_what_was_not_signed_so_is_refused(timestamp: str, signature: str, body: bytes) -> None:
    with pytest.raises(BadSignature, match="signature is missing or wrong"):
        verify(SECRET, timestamp, signature, body, at(SENT))


@given(st.binary(), st.binary())
def test_a_signature_is_good_for_its_own_body_only(body: bytes, other: bytes) -> None:
    signature = sign(SECRET, str(SENT), body)
    verify(SECRET, str(SENT), signature, body, at(SENT))
    if other != body:
        with pytest.raises(BadSignature):
            verify(SECRET, str(SENT), signature, other, at(SENT))
