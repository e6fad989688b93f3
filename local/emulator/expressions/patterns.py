"""Regular expressions as ECMAScript reads them, run by Python's `re`."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from jsonata.jexception import JException
from jsonata.regex_engine import RegexFlags

_LINE_ENDS = r"\n\r\u2028\u2029"
_PART = re.compile(r"\\.|\(\?<(?=[A-Za-z_$])|\[\^?\]?|.", re.DOTALL)
_CLASSES = {r"\d": "0-9", r"\w": "A-Za-z0-9_"}  # no other script's, unlike Python's
_NO_CLASSES = {r"\D": "[^0-9]", r"\W": "[^A-Za-z0-9_]"}
_END = r"\Z"
_END_OF_LINE = rf"(?=[{_LINE_ENDS}]|\Z)"
_START_OF_LINE = rf"(?:(?<=[{_LINE_ENDS}])|\A)"


class Pattern:
    """A compiled pattern, which may match no empty text; as the library calls it."""

    def __init__(self, pattern: str, flags: RegexFlags) -> None:
        """Compile ECMAScript's pattern.

        Raises:
            re.error: it is none that Python knows.
        """
        ignore_case = re.IGNORECASE if flags.case_insensitive else re.NOFLAG
        self._compiled = re.compile(_translated(pattern, flags.multiline), ignore_case)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match.

        Raises:
            JException: one is empty (D1004).
        """
        for match in self._compiled.finditer(text):
            if not match.group():
                raise JException("D1004", -1)
            yield match

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return next(self.finditer(text), None)

    def sub(self, replacement: Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """The text with its matches replaced, the first `count` of them if given."""
        return self._compiled.sub(replacement, text, count)

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        """What stands between the matches, the first `maxsplit` of them if given."""
        start, parts = 0, list[str]()
        for number, match in enumerate(self.finditer(text)):
            if maxsplit and number == maxsplit:
                break
            parts.append(text[start : match.start()])
            start = match.end()
        return [*parts, text[start:]]


def _translated(pattern: str, multiline: bool) -> str:
    """The same pattern in Python's syntax: `$` is no line's end, a digit no other script's."""
    written, in_class = list[str](), False
    for part in _PART.findall(pattern):
        written.append(_of_class(part) if in_class else _outside(part, multiline))
        in_class = part != "]" if in_class else part.startswith("[")
    return "".join(written)


def _of_class(part: str) -> str:
    return _CLASSES.get(part, r"\[" if part == "[" else part)


def _outside(part: str, multiline: bool) -> str:
    if part in _CLASSES:
        return f"[{_CLASSES[part]}]"
    special: dict[str, Any] = {
        **_NO_CLASSES,
        ".": f"[^{_LINE_ENDS}]",
        "$": _END_OF_LINE if multiline else _END,
        "^": _START_OF_LINE if multiline else "^",
        "(?<": "(?P<",
        "[^]": r"[\s\S]",
        "[]": r"(?!)",
    }
    return str(special.get(part, part))
