"""Reading JSON as users write it: exact numbers, no key twice, nothing that is not JSON."""

import json
from pathlib import Path
from typing import Any

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_text import loads

LARGEST = 4 * 1024 * 1024  # a definition has at most 1 MiB, and a scenario may give many sessions
DEEPEST = 100


class BadDocument(ValueError):
    """A file that cannot be used; the message is one sentence that says which and why."""


def read_document(path: Path) -> Any:
    """The JSON document in a file, its fractions as Decimal.

    Raises:
        BadDocument: the file cannot be read, is not UTF-8 JSON, repeats a key, is nested too
            deeply, has a number of absurd length, or text that cannot be written again.
    """
    try:
        document = loads(path.read_bytes(), max_bytes=LARGEST, max_depth=DEEPEST)
    except OSError as error:
        raise BadDocument(f"{path}: cannot be read: {error.strerror}") from error
    except BadInput as error:
        raise BadDocument(f"{path}: {error}") from error
    try:
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise BadDocument(
            f"{path}: the document must be Unicode text: \\ud800 to \\udfff stand in pairs"
        ) from error
    return document
