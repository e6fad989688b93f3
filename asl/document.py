"""A definition as text."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from asl.checks.problems import DefinitionError, Problem, shown


def canonical(definition: Any) -> str:
    """The one text of a definition: sorted, compact JSON, so that equal means unchanged.

    Raises:
        ValueError: if it holds a number that JSON does not have.
    """
    return json.dumps(definition, sort_keys=True, separators=(",", ":"), allow_nan=False)


def loads(text: str, name: str) -> Any:
    """A definition from its text, which may hold what a Python dict cannot: a name twice.

    Raises:
        DefinitionError: naming the definition, if the text is not JSON or gives a name twice.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except RecursionError as error:
        raise DefinitionError(name, [Problem(None, "it is nested too deeply")]) from error
    except ValueError as error:
        raise DefinitionError(name, [Problem(None, f"it is not JSON: {error}")]) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the name {shown(key)} is given twice in one object")
        found[key] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
