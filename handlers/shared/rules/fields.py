"""Fields of what a state machine sends to its functions."""

import re
from collections.abc import Mapping
from typing import Any

from handlers.shared.rules.errors import BadInput


def text(payload: Any, name: str) -> str:
    """A text of the payload.

    Raises:
        BadInput: there is none.
    """
    value = field(payload, name)
    if not isinstance(value, str):
        raise BadInput(name, "must be text")
    return value


def _formed(payload: Any, name: str, form: re.Pattern[str]) -> str:
    value = field(payload, name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise BadInput(name, f"must be text of the form {form.pattern}")
    return value


def field(payload: Any, name: str) -> Any:
    """A field of the payload.

    Raises:
        BadInput: there is none.
    """
    if not isinstance(payload, Mapping) or name not in payload:
        raise BadInput(name, "is missing")
    return payload[name]
