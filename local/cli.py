"""The command `orders`."""

import errno
import io
import os
import sys

from local.command_error import CommandError
from local.interrupts import ending_at_once

_FAILED = 1


def main() -> None:
    """Run the command; a failure is one sentence on stderr, never a stack trace."""
    with ending_at_once():
        _prepare_streams()
        try:
            code = _run()
            sys.stdout.flush()
        except OSError as error:
            code = _lose_output(error)
        sys.exit(code)


def _run() -> int:
    from local.commands import app

    try:
        app(prog_name="orders")
    except CommandError as error:
        _report(f"{error.prefix}{error}")
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else _FAILED
    return 0


def _report(sentence: str) -> None:
    from local.terminal import err

    err.print(sentence, style="red", markup=False, highlight=False)


def _prepare_streams() -> None:
    """Let whatever is written go somewhere, though the caller closed a stream, as `>&-` does.

    Otherwise the next file or socket that is opened gets its number, and the text.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - until the end
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that its encoding lacks


def _lose_output(error: OSError) -> int:
    """Report that stdout takes no more; but not where its reader left, as `head` does."""
    if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG):
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the exit would try again
    if error.errno != errno.EPIPE:
        _report(f"orders: the output cannot be written: {error.strerror}")
    return _FAILED


if __name__ == "__main__":
    main()
