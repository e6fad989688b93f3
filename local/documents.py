"""Reading JSON as users write it: exact numbers, no key twice, nothing that is not JSON."""

import json
import stat
from pathlib import Path
from typing import Any

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_text import loads
from local.command_error import CommandError

LARGEST = 4 * 1024 * 1024  # a definition has at most 1 MiB, and a scenario may give many sessions
DEEPEST = 100


_SHELLS_OWN = ("/dev/fd/", "/dev/std")  # pipes that the shell opened, as for `<(command)`


class BadDocument(CommandError, ValueError):
    """A file that cannot be used: its name, then why; `FILE: key: why` where a key is to blame."""

    exit_code = 2
    prefix = ""


def read_document(path: Path) -> Any:
    """The JSON document in a file, its fractions as Decimal.

    Raises:
        BadDocument: the file cannot be read, is not UTF-8 JSON, repeats a key, is nested too
            deeply, has a number of absurd length, or text that cannot be written again.
    """
    content = read_bytes(path)
    try:
        document = loads(content, max_bytes=LARGEST, max_depth=DEEPEST)
    except BadInput as error:
        raise BadDocument(f"{path}: {error}") from error
    try:
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise BadDocument(
            f"{path}: the document must be Unicode text: \\ud800 to \\udfff stand in pairs"
        ) from error
    return document


def read_bytes(path: Path) -> bytes:
    """The content of a regular file, or of a pipe that the shell opened: as of `<(command)`.

    Reading anything else may last forever, or never begin.

    Returns:
        one byte more than `LARGEST` of a file that is larger.

    Raises:
        BadDocument: it is a pipe, a socket or a device, or cannot be read.
    """
    try:
        if kind := _unreadable(path):
            raise BadDocument(f"{path}: is {kind}; a file is needed")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise BadDocument(f"{path}: cannot be read: {error.strerror}") from error


def write_text(path: Path, text: str, mode: str = "w") -> None:
    """Write a text to a file; with mode `a` and no text only try whether that is possible.

    Raises:
        BadDocument: it cannot be written, or is a pipe or a socket.
    """
    try:
        if path.exists() and (kind := _waiting(path)):
            raise BadDocument(f"{path}: is {kind}; a file is needed")
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadDocument(f"{path}: cannot be written: {error.strerror}") from error


def _unreadable(path: Path) -> str | None:
    """The kind of file that a path leads to, if it is not to be read."""
    mode = path.stat().st_mode
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else _waiting(path)


def _waiting(path: Path) -> str | None:
    """The kind of file that a path leads to, if whoever opens it waits for another process."""
    mode = path.stat().st_mode
    if stat.S_ISFIFO(mode) and not str(path).startswith(_SHELLS_OWN):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else None
