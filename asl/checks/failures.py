"""Where a Fail state of JSONPath takes its error and cause from: a path, or a function giving text.

Sources: https://states-language.net/spec.html#fail-state; the functions:
https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from asl import jsonpath
from asl.checks.placeholders import is_filled_in
from asl.checks.problems import shown
from asl.intrinsic_rules import IntrinsicError
from asl.intrinsics import is_intrinsic, parse_intrinsic
from asl.walk import Visit

_FIELDS: Final = ("ErrorPath", "CausePath")
_GIVE_TEXT: Final = (
    *("States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode"),
    *("States.Base64Decode", "States.Hash", "States.UUID"),
)


def failure_problems(visit: Visit) -> Iterator[str]:
    """What is wrong with the paths of a Fail state."""
    for field in _FIELDS if visit.state.get("Type") == "Fail" else ():
        text = visit.state.get(field)
        if isinstance(text, str) and not is_filled_in(text):
            yield from _source_problems(text, field)


def _source_problems(text: str, field: str) -> Iterator[str]:
    if jsonpath.is_reference(text):
        return
    if not is_intrinsic(text):
        yield f"{field} must be a Reference Path or an intrinsic function, not {shown(text)}"
        return
    try:
        function = parse_intrinsic(text).function
    except IntrinsicError as error:
        yield f"{field} is no intrinsic function: {error}"
        return
    if function not in _GIVE_TEXT:
        yield f"{field} needs a function that gives text, and {function} does not"
