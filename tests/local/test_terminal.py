"""What goes to a terminal, and what to a pipe."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from typing import NamedTuple

import pytest

from local.stack import ROOT

SHOW = """
import time
from local.terminal import err, line_width, out, progress
with progress() as steps:
    steps("a step")
    time.sleep(0.3)
    out.print("[bold red]a result[/]")
    err.print("an error")
    steps.passing("a passing step")
    time.sleep(0.3)
out.print(f"{line_width()} of {out.width}", highlight=False)
"""
PLAIN = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}


class Shown(NamedTuple):
    """What a program showed on a terminal, and what it wrote to the pipe that is its stdout."""

    terminal: str
    pipe: str

    @property
    def lines(self) -> list[str]:
        """What was printed, without colours and without what was replaced by it."""
        text = re.sub(r"\x1b\[[0-9;]*m", "", self.terminal)
        return [
            re.split(r"\r|\x1b\[2K", line)[-1] for line in text.replace("\r\n", "\n").split("\n")
        ]


def show(*, pipe: bool = False, **environment: str) -> Shown:
    """Run the script on a terminal, its stdout a pipe if wanted."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        stdin=theirs,
        stdout=subprocess.PIPE if pipe else theirs,
        stderr=theirs,
        env={**PLAIN, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    shown = read_until(ours)
    written, _ = program.communicate(timeout=20)
    os.close(ours)
    return Shown(shown, (written or b"").decode())


def read_until(descriptor: int, wanted: str | None = None) -> str:
    """What a terminal shows, until that is among it or until nobody writes any more."""
    found, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline and (wanted is None or wanted.encode() not in found):
        ready, _, _ = select.select([descriptor], [], [], 0.1)
        try:
            chunk = os.read(descriptor, 65536) if ready else None
        except OSError:  # how Linux says that nobody has the other side open
            break
        found += chunk or b""
    return found.decode()


def piped(**environment: str) -> tuple[str, str]:
    """What the script writes to stdout and stderr, both pipes."""
    ran = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        env={**PLAIN, **environment},
    )
    return ran.stdout, ran.stderr


def test_on_a_terminal_results_and_errors_stay_and_steps_pass() -> None:
    shown = show()

    assert "a passing step" in shown.terminal
    assert "\x1b[1;31ma result\x1b[0m\r\n" in shown.terminal
    assert shown.terminal.count("\x1b[?25l") == shown.terminal.count("\x1b[?25h") == 1
    printed = [line for line in shown.lines if line.strip() and "a passing step" not in line]
    assert printed == ["a result", "an error", "80 of 80"]


def test_what_goes_to_a_pipe_is_no_part_of_what_the_terminal_shows() -> None:
    shown = show(pipe=True)

    assert shown.pipe == "a result\n80 of 120\n"
    assert "a result" not in shown.terminal
    assert "an error" in shown.terminal


def test_on_pipes_there_are_lines_and_nothing_that_would_be_replaced() -> None:
    assert piped() == ("a result\n80 of 120\n", "a step\nan error\n")


def test_colour_that_is_forced_animates_no_pipe() -> None:
    out, err = piped(FORCE_COLOR="1")

    assert out.startswith("\x1b[1;31ma result")
    assert err == "a step\nan error\n"


def test_no_color_leaves_colours_out() -> None:
    assert "\x1b[1ma result\x1b[0m\r\n" in show(NO_COLOR="1").terminal


@pytest.mark.parametrize(("columns", "width"), [("40", 40), ("132", 132), ("0", 80), ("wide", 80)])
def test_columns_sets_the_width_if_it_is_one(columns: str, width: int) -> None:
    out, _ = piped(COLUMNS=columns)

    assert out.splitlines()[-1].startswith(f"{width} of ")
