"""Speaking to the person at the terminal: results on stdout, everything else on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Say = Callable[[str], None]

PIPE_WIDTH = 120  # a pipe has no width of its own; this is what a table needs

out = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Say]:
    """A spinner with what is going on; on a pipe, a line for each step."""
    if quiet:
        yield lambda _: None
    elif not err.is_terminal:
        yield lambda step: err.print(step, markup=False)
    else:
        columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("")
            yield lambda step: bar.update(task, description=step)
