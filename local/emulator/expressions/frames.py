"""What passes between the server and a process that evaluates: pairs of texts, by their lengths."""

import os
import struct

Pair = tuple[str, str]

_LENGTHS = struct.Struct(">II")
_AT_ONCE = 1 << 16
"""Bytes that a pipe holds, so that most pairs are read by one call."""


def send(descriptor: int, first: str, second: str) -> None:
    """Write a pair.

    Raises:
        BrokenPipeError: nobody reads any more.
    """
    one, other = (text.encode(errors="surrogatepass") for text in (first, second))
    left = memoryview(_LENGTHS.pack(len(one), len(other)) + one + other)
    while left:
        left = left[os.write(descriptor, left) :]


def receive(descriptor: int) -> Pair | None:
    """Read a pair, of which one is under way at a time; None if nobody writes any more."""
    data, length = bytearray(), _LENGTHS.size
    while len(data) < length:
        if not (part := os.read(descriptor, _AT_ONCE)):
            return None
        data += part
        if length == _LENGTHS.size <= len(data):
            length += sum(_LENGTHS.unpack_from(data))
    first, _ = _LENGTHS.unpack_from(data)
    middle = _LENGTHS.size + first
    texts = (data[_LENGTHS.size : middle], data[middle:])
    one, other = (text.decode(errors="surrogatepass") for text in texts)
    return one, other
