"""Typed values from a function's environment, read at their first use."""

import json
import os
from datetime import timedelta
from typing import Any


class SettingMissing(RuntimeError):
    """An environment variable that the function needs is not set."""


def variable(name: str) -> str:
    """Read a variable.

    Raises:
        SettingMissing: it is not set, or empty.
    """
    value = os.environ.get(name)
    if not value:
        raise SettingMissing(
            f"the function's environment lacks {name}; set it where the function is deployed"
        )
    return value


def seconds(name: str) -> timedelta:
    """Read a whole number of seconds.

    Raises:
        SettingMissing: it is not set, or empty.
        ValueError: it is no whole number.
    """
    value = variable(name)
    if not value.isdecimal():
        raise ValueError(f"{name} must be a whole number of seconds")
    return timedelta(seconds=int(value))


def json_object(name: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        SettingMissing: it is not set, or empty.
        ValueError: it is no JSON object.
    """
    found = json.loads(variable(name))
    if not isinstance(found, dict):
        raise ValueError(f"{name} must be a JSON object")  # noqa: TRY004 - its form is wrong
    return found
