"""What a check finds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

_SHOWN: Final = 60


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a definition.

    `state` names the state it is about, None the definition as a whole; `message` goes on from
    there. The text of a problem is one sentence.
    """

    state: str | None
    message: str

    def __str__(self) -> str:
        subject = "The definition" if self.state is None else f"State {shown(self.state)}"
        return f"{subject}: {self.message}."


class DefinitionError(ValueError):
    """A definition that Step Functions would refuse or that cannot work; lists every problem."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "".join(f"\n- {problem}" for problem in problems)
        super().__init__(f"The state machine {name} is not valid:{listed}")


def shown(value: Any) -> str:
    """A value as a message quotes it: text in quotes, the rest as JSON, cut short."""
    try:
        text = _text(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a document too deep
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _text(value: Any) -> str:
    if isinstance(value, str | tuple):
        return repr(value)
    try:
        return json.dumps(value, default=_number)
    except TypeError:  # what no JSON document can hold
        return repr(value)


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError
