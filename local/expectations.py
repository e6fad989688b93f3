"""Holding a result against what a scenario expects."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from local.fields import written


def unmet(expected: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    """What the result does not meet, a sentence each; none if it meets everything.

    An object must hold at least the expected fields; a list exactly the expected elements in
    their order; anything else must be equal.
    """
    return list(_differences(expected, result, ""))


def _differences(expected: Any, actual: Any, where: str) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            place = f"{where}.{key}" if where else key
            if key in actual or value is None:
                yield from _differences(value, actual.get(key), place)
            else:
                yield f"{place} is missing; expected {written(value)}"
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{where} has {len(actual)} elements; expected {len(expected)}"
        for index, (wanted, found) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences(wanted, found, f"{where}[{index}]")
    elif not _equal(expected, actual):
        yield f"{where} is {written(actual)}; expected {written(expected)}"


def _equal(expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | float | Decimal) and isinstance(actual, int | float | Decimal):
        return Decimal(str(expected)) == Decimal(str(actual))
    return bool(expected == actual)
