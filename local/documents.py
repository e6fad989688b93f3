"""Reading JSON as users write it: exact numbers, no key twice, nothing that is not JSON."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any


class BadDocument(ValueError):
    """A file that cannot be used; the message is one sentence that says which and why."""


def read_document(path: Path) -> Any:
    """The JSON document in a file, its fractions as Decimal; NaN and Infinity stay for the reader.

    Raises:
        BadDocument: the file cannot be read, is not UTF-8 JSON, or repeats a key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadDocument(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadDocument(f"{path}: is not UTF-8 text (byte {error.start})") from error
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_no_key_twice
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadDocument(f"{path}: is not JSON: {error.msg} at {where}") from error
    except (_RepeatedKey, RecursionError, ValueError) as error:
        raise BadDocument(f"{path}: {error}") from error


class _RepeatedKey(ValueError):
    pass


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in pairs:
        if key in document:
            raise _RepeatedKey(f"the key {key[:60]!r} stands twice in one object; keep one")
        document[key] = value
    return document
