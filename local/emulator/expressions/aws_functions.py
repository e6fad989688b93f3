"""The functions that Step Functions adds to JSONata's.

From AWS's "Transforming data with JSONata in Step Functions"; what that page leaves open is as
measured on AWS: arguments are rounded towards zero, and what names nothing is nothing.
"""

import hashlib
import json
import math
import random as randoms
import uuid as uuids
from collections.abc import Callable, Mapping
from typing import Any

from jsonata import Utils
from jsonata.jexception import JException

from local.emulator.expressions import numbers
from local.emulator.expressions.failure import OUT_OF_MEMORY, LimitExceeded

LONGEST_RANGE = 360_145
"""Elements that `$range` makes at most, as measured on AWS."""

_ALGORITHMS: Mapping[str, Callable[[bytes], Any]] = {
    "MD5": hashlib.md5,
    "SHA-1": hashlib.sha1,
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}
_MULTIPLIER, _INCREMENT, _MASK = 0x5DEECE66D, 0xB, (1 << 48) - 1


def partition(values: list[Any] | None, size: float | None) -> list[list[Any]] | None:
    """An array in parts of this size, the last perhaps smaller; nothing for no size or none.

    Raises:
        JException: the size is negative.
    """
    step = math.trunc(size or 0)
    if step < 0:
        raise JException("D3137", -1, "$partition: the size must not be negative")
    if not values or not step:
        return None
    return [values[start : start + step] for start in range(0, len(values), step)]


def range_(first: float | None, last: float | None, step: float | None) -> Any:
    """The numbers from the first to the last, in steps; one alone is no array.

    Nothing without a step, or with one that leads away from the last.

    Raises:
        LimitExceeded: they are more than AWS makes.
    """
    if first is None or last is None or not (by := math.trunc(step or 0)):
        return None
    start, end = math.trunc(first), math.trunc(last)
    found = range(start, end + (1 if by > 0 else -1), by)
    if len(found) > LONGEST_RANGE:
        raise LimitExceeded(OUT_OF_MEMORY)
    return Utils.create_sequence_from_iter(found)


def hash_(text: str | None, algorithm: str | None) -> str | None:
    """The hexadecimal digest of a text.

    Raises:
        JException: there is no such algorithm.
    """
    if text is None or algorithm is None:
        return None
    if algorithm not in _ALGORITHMS:
        raise JException("D3137", -1, f"$hash: no such algorithm, only {', '.join(_ALGORITHMS)}")
    return str(_ALGORITHMS[algorithm](text.encode(errors="surrogatepass")).hexdigest())


def random(seed: float | None = None) -> float:
    """A number from 0 to below 1; of a seed always the same, the first of Java's `Random`.

    The generator is that of "java.util.Random" in Java's API documentation.
    """
    if seed is None:
        return randoms.random()  # noqa: S311 - it is no secret on AWS either
    state = (math.trunc(seed) ^ _MULTIPLIER) & _MASK
    state = _next(state)
    high = state >> 22
    return float((high << 27) + (_next(state) >> 21)) * 2.0**-53


def _next(state: int) -> int:
    return (state * _MULTIPLIER + _INCREMENT) & _MASK


def uuid() -> str:
    """A random UUID, version 4."""
    return str(uuids.uuid4())


def parse(text: str | None) -> Any:
    """The value of a JSON document; nothing of nothing.

    Raises:
        JException: it is not JSON, or names a member twice (D3137).
    """
    if text is None:
        return None
    try:
        return load(text, object_pairs_hook=_members, parse_constant=_refuse)
    except ValueError as error:
        raise JException("D3137", -1, "Invalid JSON") from error


def load(text: str, **hooks: Any) -> Any:
    """The value of a JSON document, its nulls told from nothing."""
    value = json.loads(text, parse_float=numbers.read, **hooks)
    return _with_nulls(value) if "null" in text else value


def _with_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_nulls(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_nulls(item) for item in value]
    return Utils.NULL_VALUE if value is None else value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is named twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
