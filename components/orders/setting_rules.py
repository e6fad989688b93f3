"""What a stack's settings may be. A wrong one is refused in a sentence that names its key."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import pulumi

RETENTION_DAYS = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731}
    | {1096, 1827, 2192, 2557, 2922, 3288, 3653}
)
"""The days for which CloudWatch Logs keeps a group's events (API Reference, PutRetentionPolicy)."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SECRET_LENGTH = 32
"""Characters; an HMAC's key should be as long as its hash (RFC 2104, section 3)."""

_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_SECURE_URL = re.compile(r"https://[^\s/?#]+[^\s]*")
T = TypeVar("T", int, str)
N = TypeVar("N", int, float)


def one_of(allowed: Collection[T]) -> Callable[[str, T], T]:
    """A rule that takes the allowed values only."""

    def rule(key: str, value: T) -> T:
        if value not in allowed:
            known = ", ".join(map(str, sorted(allowed)))
            raise refused(key, f"is {value}; it must be one of {known}")
        return value

    return rule


retention_days = one_of(RETENTION_DAYS)
log_level = one_of(LOG_LEVELS)


def address(key: str, value: str) -> str:
    """A bare mail address, as SES and SNS take it: no display name, no list."""
    if len(value) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(value):
        raise refused(key, f"is {value!r}; it must be one mail address, such as orders@example.com")
    return value


def at_least(least: N) -> Callable[[str, N], N]:
    """A rule that takes the numbers from `least` on."""
    return within(least, None)


def within(least: N, most: N | None) -> Callable[[str, N], N]:
    """A rule that takes the numbers from `least` to `most`, if there is a most."""
    bounds = f"at least {least}" if most is None else f"from {least} to {most}"

    def rule(key: str, value: N) -> N:
        if value < least or (most is not None and value > most):
            raise refused(key, f"is {value}; it must be {bounds}")
        return value

    return rule


def origins(key: str, value: Any) -> tuple[str, ...]:
    """Web origins (RFC 6454), each a scheme, a host and perhaps a port; never all by `*`."""
    listed = value if isinstance(value, list) else [value]
    for origin in listed:
        if not isinstance(origin, str) or not _ORIGIN.fullmatch(origin):
            raise refused(key, f"has {origin!r}; each must be an origin: https://shop.example.com")
    return tuple(listed)


def delivery_days(key: str, value: Any) -> Mapping[str, int]:
    """Business days to deliver from each fulfillment centre, and from any other by `default`."""
    days = value if isinstance(value, Mapping) else {}
    wrong = sorted(str(center) for center, number in days.items() if not _are_days(number))
    if wrong or "default" not in days:
        raise refused(
            key,
            "must give whole days from 0 to 365 by fulfillment centre, and a `default`; check"
            f" {', '.join(wrong) or 'default'}",
        )
    return days


def _are_days(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= 365


def secure_url(key: str, value: str) -> str:
    """A URL that is fetched over TLS."""
    if not _SECURE_URL.fullmatch(value):
        raise refused(key, f"is {value!r}; it must be a URL that starts with https://")
    return value


def secret(key: str, value: pulumi.Output[str]) -> pulumi.Output[str]:
    """A secret that is long enough; the sentence does not tell it."""

    def rule(known: str) -> str:
        if len(known) < SECRET_LENGTH:
            raise refused(
                key,
                f"has {len(known)} characters; it must have at least {SECRET_LENGTH}, such as"
                " `openssl rand -hex 32` gives",
            )
        return known

    return value.apply(rule)


def refused(key: str, why: str) -> pulumi.RunError:
    """The refusal of a setting, which ends the program with this one sentence."""
    return pulumi.RunError(f"the setting orders:{key} {why}")
