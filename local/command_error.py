"""Errors that end a command, reported without a stack trace."""

from typing import ClassVar


class CommandError(Exception):
    """An error that a person can act on; its text is a sentence.

    Attributes:
        exit_code: the command's exit code; 2 is for bad input.
        prefix: stands before the sentence, unless that begins with the name of a file.
    """

    exit_code: ClassVar[int] = 1
    prefix: ClassVar[str] = "orders: "


class UnknownName(CommandError):
    """A name that stands for nothing here; the sentence lists those that do."""

    exit_code = 2
