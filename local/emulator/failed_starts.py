"""Functions whose process ended before it could serve: a fault of the stack, never of an order.

Whoever runs orders names the functions that must start. Once one has not, every control is answered
with that alone, until others are named.
"""

from collections.abc import Collection
from typing import Any

_LAST_LINES = 40

_watched: frozenset[str] = frozenset()
_first: str | None = None


def watch(functions: Collection[str]) -> None:
    """Watch these functions, by name, and no others; what happened before is forgotten."""
    global _watched, _first
    _watched, _first = frozenset(functions), None


def record(function: str, error: dict[str, Any], output: str) -> None:
    """Note that a function did not start.

    Args:
        function: its name; one that nobody watches is not noted.
        error: Lambda's error document.
        output: everything that its process wrote.
    """
    global _first
    if _first is None and function in _watched:
        _first = _sentence(function, error, output)


def first() -> str | None:
    """The function that did not start and the end of its output, or None."""
    return _first


def _sentence(function: str, error: dict[str, Any], output: str) -> str:
    trace = "".join(error.get("stackTrace", ()))
    lines = f"{trace}{output}".splitlines()[-_LAST_LINES:]
    told = "\n".join(lines) or "(none)"
    return (
        f"The function {function} did not start: {error['errorType']}: {error['errorMessage']}\n"
        f"Its output:\n{told}"
    )
