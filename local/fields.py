"""Reading a document's fields, every complaint naming the field and what it may be."""

import json
import re
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Any

MAX_AMOUNT = 999_999_999_999
MAX_NAME = 128
_LONGEST_SHOWN = 60
_PLAIN = re.compile(r"[\w-]+")


class WrongField(ValueError):
    """A field that is missing, unknown or not what it must be; the message is `field: why`."""


def written(value: Any) -> str:
    """A value as JSON has it, its numbers as they were written."""
    return json.dumps(value, ensure_ascii=False, default=float)


def shown(value: Any) -> str:
    """A value as its author wrote it, not too long."""
    text = written(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def place(where: str, key: str) -> str:
    """The name of a field as errors begin with it: `given.stock`.

    Args:
        where: the object that has it; empty for the document.
        key: its key there.
    """
    named = key if _PLAIN.fullmatch(key) else shown(key)
    return f"{where}.{named}" if where else named


def perhaps(name: str, known: Collection[str]) -> str:
    """The end of a sentence about an unknown name: the one that was perhaps meant, or all."""
    by_small = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), by_small, n=1)
    return f"did you mean {by_small[close[0]]}?" if close else _any_of(known)


def _any_of(known: Collection[str]) -> str:
    return f"it may be {', '.join(known)}"


def fields(value: Any, where: str, known: Collection[str]) -> dict[str, Any]:
    """An object with no fields but the known ones; the document itself has no `where`."""
    if not isinstance(value, dict):
        raise WrongField(f"{where or 'the document'}: must be a JSON object")
    for key in sorted(set(value) - set(known)):
        raise WrongField(f"{place(where, key)}: unknown field; {perhaps(key, sorted(known))}")
    return value


def typed(value: Any, kind: type, where: str, words: str) -> Any:
    """A value of a kind, which `words` describe; true and false are no numbers."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise WrongField(f"{where}: must be {words}")
    return value


def one_of(value: Any, where: str, allowed: Collection[str]) -> str:
    """One of some words."""
    if not isinstance(value, str) or value not in allowed:
        rest = perhaps(value, allowed) if isinstance(value, str) else _any_of(allowed)
        raise WrongField(f"{where}: must not be {shown(value)}; {rest}")
    return value


def each(value: Any, where: str, read: Callable[[Any, str], Any]) -> list[Any]:
    """The elements of a list, each read with the place where it stands; none when not given."""
    items = typed(value if value is not None else [], list, where, "a list")
    return [read(item, f"{where}[{index}]") for index, item in enumerate(items)]


def by_item(value: Any, where: str, read: Callable[[Any, str], Any]) -> dict[str, Any]:
    """An object by item, each value read with the place where it stands."""
    found = typed(value if value is not None else {}, dict, where, "an object by item")
    for item in found:
        if not 0 < len(item) <= MAX_NAME:
            raise WrongField(
                f"{where}: has an item of {len(item)} characters; 1 to {MAX_NAME} may be"
            )
    return {item: read(entry, place(where, item)) for item, entry in found.items()}


def amount(value: Any, where: str) -> int:
    """A whole number, not negative and not absurd."""
    found: int = typed(value, int, where, "a whole number")
    if found < 0:
        raise WrongField(f"{where}: must not be negative; it is {found}")
    if found > MAX_AMOUNT:
        raise WrongField(f"{where}: must be at most {MAX_AMOUNT}")
    return found


def optional_name(value: Any, where: str) -> str | None:
    """A short text, or null."""
    return None if value is None else name(value, where)


def name(value: Any, where: str) -> str:
    """A short text."""
    found: str = typed(value, str, where, "text")
    if not 0 < len(found) <= MAX_NAME:
        raise WrongField(f"{where}: must have 1 to {MAX_NAME} characters")
    return found
