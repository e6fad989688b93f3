"""JSONata's functions of arrays, where jsonata-python's differ from the reference's."""

from collections.abc import Callable
from typing import Any

from jsonata import Utils
from jsonata.functions import Functions
from jsonata.jexception import JException


def distinct(values: Any) -> Any:
    """An array without what is equal to an earlier item."""
    if not isinstance(values, list) or len(values) <= 1:
        return values
    results = Utils.create_sequence() if Utils.is_sequence(values) else []
    for value in values:
        if not any(Utils.is_deep_equal(value, known) for known in results):
            results.append(value)
    return results


def sort(values: list[Any] | None, comparator: Any = None) -> list[Any] | None:
    """An array in order, equal items as they were; `comparator` says whether to swap two.

    Raises:
        JException: without a comparator, the items are neither all numbers nor all texts (D3070).
    """
    if values is None or len(values) <= 1:
        return values
    if comparator is None:
        if not Utils.is_array_of_numbers(values) and not Utils.is_array_of_strings(values):
            raise JException("D3070", -1)
        return sorted(values, key=units)
    return _merged(values, lambda left, right: _swaps(comparator, left, right))


def units(value: Any) -> Any:
    """What a number or text is ordered by: a text by its UTF-16 units."""
    return value.encode("utf-16-be", "surrogatepass") if isinstance(value, str) else value


def _swaps(comparator: Any, left: Any, right: Any) -> bool:
    if callable(comparator):  # the order-by operator's own
        return bool(comparator(left, right) > 0)
    return bool(Functions.to_boolean(Functions.func_apply(comparator, [left, right])))


def _merged(values: list[Any], swaps: Callable[[Any, Any], bool]) -> list[Any]:
    """Merge sort; what decides need be no order."""
    if len(values) <= 1:
        return list(values)
    middle = len(values) // 2
    left, right = _merged(values[:middle], swaps), _merged(values[middle:], swaps)
    merged, at, of = [], 0, 0
    while at < len(left) and of < len(right):
        if swaps(left[at], right[of]):
            merged.append(right[of])
            of += 1
        else:
            merged.append(left[at])
            at += 1
    return [*merged, *left[at:], *right[of:]]
