"""Values as text, as `$string` and `&` write them: by JSON.stringify, numbers to 15 digits."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from jsonata import Jsonata, Utils
from jsonata.functions import Functions
from jsonata.jexception import JException

from local.emulator.expressions import numbers

_INDENT = "  "
_LONE = re.compile("[\ud800-\udfff]")


def string(value: Any, prettify: bool | None = None) -> str | None:
    """The text of a value; None for nothing.

    Raises:
        JException: it is an infinite number or none (D3001), or has one in it (D1001).
    """
    if isinstance(value, Utils.JList) and value.outer_wrapper:
        value = value[0]
    if value is None or isinstance(value, str):
        return value
    if is_function(value):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        raise JException("D3001", -1, value)
    return "".join(_written(value, "\n" if prettify else ""))


def is_function(value: Any) -> bool:
    """Whether a value is a function: built in, defined, or a regular expression."""
    return bool(
        isinstance(value, Jsonata.JFunctionCallable)
        or Functions.is_lambda(value)
        or Functions.is_regex(value)
    )


def type_(value: Any) -> str | None:
    """The name of a value's type; nothing of nothing.

    Raises:
        JException: it is an infinite number (D1001).
    """
    if is_function(value):
        return "function"
    Utils.is_numeric(value)
    found: str | None = Functions.type(value)
    return found


def _written(value: Any, line: str) -> Iterator[str]:
    """The parts of a JSON document; `line` begins a new line at the present depth, if any."""
    if isinstance(value, dict):
        members = ((_quoted(key) + (": " if line else ":"), item) for key, item in value.items())
        yield from _enclosed("{", members, "}", line)
    elif isinstance(value, list):
        yield from _enclosed("[", (("", item) for item in value), "]", line)
    else:
        yield _scalar(value)


def _enclosed(start: str, items: Iterator[tuple[str, Any]], end: str, line: str) -> Iterator[str]:
    inner, before = line + _INDENT if line else "", start
    for name, item in items:
        yield before + inner + name
        yield from _written(item, inner)
        before = ","
    yield start + end if before is start else line + end


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if numbers.is_number(value):
        if math.isinf(value):
            raise JException("D1001", -1, value)
        return numbers.text(numbers.rounded(value))
    return '""' if is_function(value) else "null"


def _quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _LONE.sub(lambda found: f"\\u{ord(found.group()):04x}", written)
