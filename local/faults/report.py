"""The output of `orders faults`: progress, broken rules, and a table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from local import terminal
from local.faults.session import Judged
from local.terminal import is_live

_LINES = 20  # that a whole run writes on a pipe


@dataclass
class Tally:
    """The cases run so far, by kind; of those in `struck` a fault or an action took place."""

    run: Counter[str] = field(default_factory=Counter)
    violating: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)

    def add(self, judged: Judged) -> None:
        """Count a case."""
        kind = judged.case.kind
        self.run[kind] += 1
        self.violating[kind] += bool(judged.violations)
        self.struck[kind] += any(judged.outcome.fired) or any(judged.outcome.acted)

    def by_kind(self) -> Mapping[str, Any]:
        """The number of cases run of each kind, and of those that broke a rule."""
        return {
            kind: {"run": number, "violations": self.violating[kind]}
            for kind, number in sorted(self.run.items())
        }


@dataclass
class Live:
    """The progress of a run, on a terminal as a bar, on a pipe as a line now and then."""

    console: Console
    bar: Progress | None
    _task: TaskID | None = field(default=None, init=False)
    _total: int = field(default=0, init=False)
    _done: int = field(default=0, init=False)

    def begin(self, what: str, total: int) -> None:
        """Something of so many steps begins."""
        self._total, self._done = total, 0
        if self.bar is None:
            self.console.print(f"{what}: {total}", markup=False)
            return
        if self._task is not None:
            self.bar.remove_task(self._task)
        self._task = self.bar.add_task(what, total=total, violating=0)

    def step(self, violating: int) -> None:
        """One of them is done; so many broke a rule so far."""
        self._done += 1
        if self.bar is not None and self._task is not None:
            self.bar.update(self._task, advance=1, violating=violating)
        elif self._done % max(1, self._total // _LINES) == 0:
            self.console.print(f"{self._done} of {self._total}, {violating} break a rule")


@contextmanager
def live(console: Console, *, quiet: bool) -> Iterator[Live]:
    """Progress on a console; on one that is quiet, none."""
    if quiet:
        yield Live(Console(quiet=True), None)
    elif not is_live(console):
        yield Live(console, None)
    else:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[violating]} break a rule"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with terminal.live(console, *columns) as bar:
            yield Live(console, bar)


def table(tally: Tally) -> Table:
    """A row for each kind of case."""
    made = Table(title="Faults, by kind", title_justify="left")
    made.add_column("kind")
    for heading in ("run", "struck", "break a rule"):
        made.add_column(heading, justify="right")
    for kind, number in sorted(tally.run.items()):
        violating = tally.violating[kind]
        style = "bold red" if violating else ""
        made.add_row(kind, str(number), str(tally.struck[kind]), str(violating), style=style)
    total = (sum(tally.run.values()), sum(tally.struck.values()), sum(tally.violating.values()))
    made.add_section()
    made.add_row("all", *map(str, total), style="bold")
    return made


def explain(console: Console, judged: Judged, file: str) -> None:
    """The rules that a case breaks, a line each, and where its scenario is kept."""
    for violation in judged.violations:
        console.print(f"{violation.rule}: {violation.seen}", style="red", markup=False)
    console.print(f"  {judged.case.name}: {file}", style="dim", markup=False, highlight=False)
