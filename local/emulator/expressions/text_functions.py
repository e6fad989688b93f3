"""JSONata's functions of texts, where jsonata-python's differ from the reference's."""

import math
import re
from typing import Any

from jsonata.functions import Functions
from jsonata.jexception import JException

from local.emulator.expressions.patterns import Pattern

_REFERENCE = re.compile(r"\$(\$|\d+)?")


def lowercase(text: str | None) -> str | None:
    """A text in lower case."""
    return None if text is None else text.lower()


def split(text: str | None, by: Any, limit: float | None = None) -> list[str] | None:
    """What stands between separators, or the characters if the separator is empty.

    Raises:
        JException: the limit is negative (D3020).
    """
    if text is None:
        return None
    if limit is not None and limit < 0:
        raise JException("D3020", -1, limit)
    most = None if limit is None else (math.ceil if isinstance(by, Pattern) else int)(limit)
    return list(by.split(text) if not isinstance(by, str) else text.split(by) if by else text)[
        :most
    ]


def replace(
    text: str | None, pattern: Any, replacement: Any, limit: float | None = None
) -> str | None:
    """A text with what matches replaced: by a text with `$1` in it, or by a function.

    Raises:
        JException: the pattern is empty (D3010) or matches nothing but that (D1004), the limit is
            negative (D3011), or the function gives no text (D3012).
    """
    if text is None:
        return None
    if pattern == "":
        raise JException("D3010", -1, pattern)
    if limit is not None and limit < 0:
        raise JException("D3011", -1, limit)
    most = len(text) + 1 if limit is None else math.ceil(limit)
    if isinstance(pattern, str):
        return _replaced_text(text, pattern, replacement, most)
    return _replaced_matches(text, pattern, replacement, most)


def _replaced_text(text: str, pattern: str, replacement: Any, most: int) -> str:
    if isinstance(replacement, str):
        return text.replace(pattern, replacement, most)
    return _replaced_matches(text, re.compile(re.escape(pattern)), replacement, most)


def _replaced_matches(text: str, pattern: Any, replacement: Any, most: int) -> str:
    start, parts = 0, list[str]()
    for count, match in enumerate(pattern.finditer(text)):
        if count >= most:
            break
        parts += [text[start : match.start()], _substitute(match, replacement)]
        start = match.end()
    return "".join([*parts, text[start:]])


def _substitute(match: re.Match[str], replacement: Any) -> str:
    if isinstance(replacement, str):
        return _REFERENCE.sub(lambda found: _referred(found, match), replacement)
    found = {"match": match.group(), "start": match.start(), "end": match.end()}
    result = Functions.func_apply(replacement, [{**found, "groups": list(match.groups())}])
    if not isinstance(result, str):
        raise JException("D3012", -1, result)
    return result


def _referred(found: re.Match[str], match: re.Match[str]) -> str:
    """What a `$` in a replacement stands for: itself, or a group, by as many digits as fit."""
    digits, groups = found.group(1), match.groups()
    if digits is None or digits == "$":
        return "$"
    if digits.startswith("0"):
        return str(match.group()) + digits[1:]
    width = len(str(len(groups)))
    index = int(digits[:width])
    if width > 1 and index > len(groups):
        index = int(digits[: width - 1])
    rest = digits[len(str(index)) :]
    return ((groups[index - 1] or "") if index <= len(groups) else "") + rest


def base64decode(text: str | None) -> str | None:
    """The text that Base64 stands for.

    Raises:
        JException: it is no Base64 of UTF-8.
    """
    if text is None:
        return None
    found: str | None = Functions.base64decode(text + "=" * (-len(text) % 4))
    if found is None:
        raise JException("D3137", -1, "$base64decode: no Base64 of UTF-8")
    return found
