"""DynamoDB's typed JSON as Step Functions hands it to functions.

It differs from a client's in one word: some integrations write NULL as `Nul`.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from handlers.shared.rules.errors import BadInput

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": Decimal,
    "NULL": lambda _: None,
    "NUL": lambda _: None,
    "L": lambda parts: [_untyped(part) for part in parts],
    "M": lambda parts: {name: _untyped(part) for name, part in parts.items()},
}


def untyped(item: Any, names: Iterable[str]) -> dict[str, Any]:
    """Some attributes of an item as plain values, every number a Decimal.

    Binary data, sets and booleans stay as they are: whoever expects none finds it wrong.

    Raises:
        BadInput: it is no item in typed JSON.
    """
    try:
        return {name: _untyped(item[name]) for name in names if name in item}
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        raise BadInput("session", "must be an item in DynamoDB's typed JSON") from None


def _untyped(value: Mapping[str, Any]) -> Any:
    ((kind, inner),) = value.items()
    reader = _READERS.get(kind.upper())
    return reader(inner) if reader else {kind: inner}
