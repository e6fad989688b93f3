"""Writing for the person at the terminal: results on stdout, everything else on stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import (
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Say = Callable[[str], None]

PIPE_WIDTH = 120  # a pipe has no width of its own; this is what a table needs
LINE_WIDTH = 80  # what a line needs
_shown: list[Progress] = []


def asked_width() -> int | None:
    """The width that the environment asks for by COLUMNS, if it does."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) or None if columns.isdecimal() else None


class _Errors(Console):
    """Stderr; where that is the terminal that has a live display, what is printed goes above it."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as `Console.print` does."""
        display = _shown[-1].console if _shown and is_live(self) else self
        if display is self:
            super().print(*objects, **options)
        else:
            display.print(*objects, **{"soft_wrap": True, **options})


out = Console(width=asked_width() or (None if sys.stdout.isatty() else PIPE_WIDTH))
err = _Errors(stderr=True, soft_wrap=True, width=asked_width())


def line_width() -> int:
    """The width of stdout for lines that are laid out: of the terminal, or as COLUMNS says."""
    return asked_width() or (out.width if out.file.isatty() else LINE_WIDTH)


def is_live(console: Console) -> bool:
    """Whether what was written to a console can be replaced: on a terminal, in colour or not."""
    return console.is_terminal and console.file.isatty() and not console.is_dumb_terminal


@dataclass(frozen=True)
class Steps:
    """Shows the steps of something that takes its time; to be called with each.

    Attributes:
        show: shows one.
        is_live: whether the next one takes its place, as on a terminal.
    """

    show: Say
    is_live: bool

    def __call__(self, step: str) -> None:
        """Show a step: on a pipe, as a line of its own."""
        self.show(step)

    def passing(self, step: str) -> None:
        """Show a step that is nothing to keep: on a pipe, not at all."""
        if self.is_live:
            self.show(step)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Steps]:
    """A spinner with what is going on; on a pipe, a line for each step."""
    console = out if is_live(out) else err
    if quiet:
        yield Steps(lambda _: None, is_live=False)
    elif not is_live(console):
        yield Steps(lambda step: err.print(step, markup=False), is_live=False)
    else:
        columns = SpinnerColumn(), TextColumn("{task.description}", markup=False)
        with live(console, *columns, TimeElapsedColumn()) as bar:
            task = bar.add_task("")
            yield Steps(lambda step: bar.update(task, description=step), is_live=True)


@contextmanager
def live(console: Console, *columns: ProgressColumn) -> Iterator[Progress]:
    """A display that is gone at the end; what goes to a pipe meanwhile does not pass through it."""
    to_terminal = sys.stdout.isatty()
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=to_terminal)
    _shown.append(bar)
    try:
        with bar:
            yield bar
    finally:
        _shown.remove(bar)


def stop_live() -> None:
    """Take every display away, and give the cursor back: the process is about to end."""
    for bar in list(_shown):
        bar.stop()
