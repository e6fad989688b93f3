"""What passes between the server and a process that evaluates: texts, each with its length."""

import os
import struct
from collections.abc import Iterator

_LENGTH = struct.Struct(">I")


def send(descriptor: int, *texts: str) -> None:
    """Write texts, all of them.

    Raises:
        BrokenPipeError: nobody reads any more.
    """
    written = (text.encode(errors="surrogatepass") for text in texts)
    left = memoryview(b"".join(_LENGTH.pack(len(each)) + each for each in written))
    while left:
        left = left[os.write(descriptor, left) :]


def receive(descriptor: int, count: int) -> list[str]:
    """Read so many texts; none if nobody writes any more."""
    found = list(_texts(descriptor, count))
    return found if len(found) == count else []


def _texts(descriptor: int, count: int) -> Iterator[str]:
    for _ in range(count):
        head = _read(descriptor, _LENGTH.size)
        if len(head) < _LENGTH.size:
            return
        (length,) = _LENGTH.unpack(head)
        body = _read(descriptor, length)
        if len(body) < length:
            return
        yield body.decode(errors="surrogatepass")


def _read(descriptor: int, length: int) -> bytes:
    parts, left = list[bytes](), length
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
