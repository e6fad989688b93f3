"""Whether a definition is JSON at all, and of a size that Step Functions takes.

Source of the size: https://docs.aws.amazon.com/step-functions/latest/apireference/
API_CreateStateMachine.html, definition.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from asl.checks.problems import Problem, shown

MAX_DEPTH: Final = 150  # far beyond any real definition; keeps every later check from recursing
MAX_CHARACTERS: Final = 1_048_576
MAX_NUMBER: Final = int(sys.float_info.max)
_SCALARS: Final = (str, bool, int, float, Decimal, type(None))

_Path = tuple[Any, ...]


def document_problems(definition: Any) -> list[Problem]:
    """What makes a value no JSON document that further checks can read; usually nothing.

    A number may be a Decimal, so that a reader can keep what was written.
    """
    if not isinstance(definition, dict):
        return [Problem(None, f"it must be an object, not {shown(definition)}")]
    problems: list[Problem] = []
    pending: list[tuple[_Path, Any]] = [((), definition)]
    while pending:
        path, value = pending.pop()
        if len(path) > MAX_DEPTH:
            return [Problem(_state(path), f"it nests more than {MAX_DEPTH} levels deep")]
        problems += [Problem(_state(path), text) for text in _value_problems(path, value)]
        pending.extend(((*path, key), member) for key, member in _members(value))
    return problems


def size_problems(definition: Any, characters: int | None) -> Iterator[Problem]:
    """Whether the text of a JSON document is too long.

    Args:
        definition: the document.
        characters: of the text it was read from; those of its shortest form if None.
    """
    if characters is None:
        shortest = json.dumps(definition, separators=(",", ":"), ensure_ascii=False, default=str)
        characters = len(shortest)
    if characters > MAX_CHARACTERS:
        yield Problem(
            None, f"it has {characters} characters, and must have at most {MAX_CHARACTERS}"
        )


def _value_problems(path: _Path, value: Any) -> Iterator[str]:
    where = _where(path)
    if isinstance(value, float | Decimal) and not _is_finite(value):
        yield f"{where} must be a number that JSON has, not {value}"
    elif isinstance(value, int | Decimal) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        yield f"{where} must be a number that fits into a double"
    elif isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                yield f"{where} has the name {shown(key)}, which must be a string"
    elif not isinstance(value, (list, *_SCALARS)):
        yield f"{where} must be JSON, not {shown(value)}"


def _is_finite(value: float | Decimal) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _state(path: _Path) -> str | None:
    """The innermost state that a path leads into."""
    names = [str(path[i + 1]) for i, key in enumerate(path[:-1]) if key == "States"]
    return names[-1] if names else None


def _where(path: _Path) -> str:
    """The way into the innermost state, in the notation of the other problems."""
    starts = [i + 2 for i, key in enumerate(path[:-1]) if key == "States"]
    steps = path[starts[-1] :] if starts else path
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.lstrip(".") or "it"
