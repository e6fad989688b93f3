"""JSONPath as the Amazon States Language writes it: is it well formed?

In a name a backslash takes the meaning from the character behind it. A dot before a bracket
(`$.[0]`) and space behind a path are not in the specification, but Step Functions takes them.
Source: https://states-language.net/spec.html#path and #ref-paths
"""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = r"(?:\\.|[^\s.\[\](),'\"$@*?\\])+"
_QUOTED: Final = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_ROOT: Final = rf"\$(?:\$|{_NAME})?"
_PLAIN_STEP: Final = rf"\.{_NAME}|\.?\[(?:{_QUOTED}|-?[0-9]+)\]"
_SLICE: Final = r"-?[0-9]+(?::-?[0-9]*){0,2}|(?::-?[0-9]*){1,2}"
_INDEX: Final = rf"{_QUOTED}|\*|{_SLICE}"
_FILTER: Final = r"\??\((?:[^\[\]]|\[[^\[\]]*\])+\)"  # brackets balance, so no text is tried twice
_STEP: Final = (
    rf"\.\.?(?:\*|{_NAME}\(\)|{_NAME})"
    rf"|\.{{0,2}}\[(?:{_FILTER}|(?:{_INDEX})(?:\s*,\s*(?:{_INDEX}))*)\]"
)
PATTERN: Final = rf"{_ROOT}(?:{_STEP})*"
"""A path, as part of a larger regular expression."""

_REFERENCE: Final = re.compile(rf"{_ROOT}(?:{_PLAIN_STEP})*")
_PATH: Final = re.compile(PATTERN)

_VARIABLE: Final = re.compile(r"(?<!\$)\$([^\W\d]\w*)")
_STRING: Final = re.compile(_QUOTED)
_ESCAPE: Final = re.compile(r"\\.")


def is_path(text: str) -> bool:
    """Whether a text is a path: into the input (`$`), the context (`$$`) or a variable."""
    return _PATH.fullmatch(text.rstrip()) is not None


def is_reference(text: str) -> bool:
    """Whether a text is a Reference Path, which selects one node: no `*`, `..`, filter, slice."""
    return _REFERENCE.fullmatch(text.rstrip()) is not None


def variables(text: str) -> set[str]:
    """The variables that a path, or a call of an intrinsic function, reads: `$order.id` one."""
    return set(_VARIABLE.findall(_ESCAPE.sub("", _STRING.sub("", text))))
