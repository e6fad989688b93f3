"""What people see in the terminal."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from statistics import median

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.result import Result
from local.stack import Stack

_STYLES = {"SUCCEEDED": "green", "FAILED": "yellow", "REFUSED": "yellow"}


def results_table(results: Sequence[Result]) -> Table:
    """A section for each workflow, a row for each order: its path, its outcome, what it took."""
    table = Table(show_lines=True, pad_edge=False)
    table.add_column("order, and the states it went through", overflow="fold", ratio=1)
    table.add_column("outcome", no_wrap=True)
    for heading in ("transi-\ntions", "Lambda\ncalls", "ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("as\nexpected", no_wrap=True)
    for workflow, runs in groupby(results, key=lambda result: result.workflow):
        table.add_row(Text(workflow, style="bold cyan"))
        for result in runs:
            table.add_row(*_row(result))
    return table


def _row(result: Result) -> tuple[Text | str, ...]:
    ways = [_way(result.path) or "refused at the edge"]
    ways += [f"then {run['workflow']}: {_way(run['path'])}" for run in result.followed]
    path = "\n".join(ways)
    return (
        Text.assemble((result.name, "bold"), "\n", (path, "dim")),
        Text(result.error or result.status, style=_STYLES.get(result.status, "red")),
        str(result.transitions),
        str(result.lambdaCalls),
        f"{result.seconds * 1000:.0f}",
        Text("yes", style="green") if result.met else Text("NO", style="bold red"),
    )


def _way(path: Sequence[str]) -> str:
    """The states in the order first entered, those of many groups or rounds counted."""
    counts = Counter(path)
    return " → ".join(f"{name} x{count}" if count > 1 else name for name, count in counts.items())


def timing(stack: Stack, results: Sequence[Result]) -> str:
    """How long deploying took, and a warm order: the median of those that succeeded."""
    deployed = f"{len(stack.deployment.registrations)} resources deployed in {stack.seconds:.1f} s"
    warm = [result.seconds for result in results[1:] if result.status == "SUCCEEDED"]
    if not warm:
        return deployed
    return f"{deployed}; a warm order took {median(warm) * 1000:.0f} ms (median of {len(warm)})"


def explain_unmet(console: Console, results: Sequence[Result]) -> None:
    """Every expectation that was not met, a line each."""
    for result in results:
        for sentence in result.unmet:
            console.print(f"{result.name}: {sentence}", style="red", markup=False)
