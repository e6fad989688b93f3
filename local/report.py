"""The lines of `orders demo`: one an order, laid out for the width that there is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from textwrap import shorten
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from local.result import Result
from local.stack import Stack
from local.wrapping import hanging

INDENT = " " * 3
_WIDEST = 100
_SHORTEST_NAME = 12
_LONGEST_REASON = 400
_TRANSITIONS, _MILLISECONDS = 5, 6
_STYLES = {"SUCCEEDED": "green", "FAILED": "yellow", "REFUSED": "yellow"}


def heading(workflow: str, width: int) -> Text:
    """The line above the orders of a workflow: its name, and what the columns are."""
    columns = f"outcome  transitions{'ms':>{_MILLISECONDS}}"
    gap = max(2, min(width, _WIDEST) - cell_len(workflow) - len(columns))
    return Text.assemble((workflow, "bold cyan"), " " * gap, (columns, "dim"))


def line(result: Result, width: int) -> Text:
    """An order's verdict, name, outcome, transitions and milliseconds; a long name is cut."""
    outcome = result.error or result.status
    figures = f"{result.transitions:{_TRANSITIONS}}{milliseconds(result):{_MILLISECONDS}}"
    room = min(width, _WIDEST) - len(INDENT) - cell_len(outcome) - len(figures) - 2
    name = Text(" ".join(result.name.split()))
    name.truncate(max(room, _SHORTEST_NAME), overflow="ellipsis", pad=True)
    style = _STYLES.get(result.status, "red")
    return Text.assemble(verdict(result), " ", name, "  ", (outcome, style), figures)


def verdict(result: Result) -> Text:
    """Whether the order ended as expected, in two letters."""
    return Text("ok", style="green") if result.met else Text("NO", style="bold red")


def milliseconds(result: Result) -> int:
    """How long its execution took."""
    return round(result.seconds * 1000)


def path_lines(result: Result, width: int) -> Iterator[Text]:
    """The states that an order went through, those of followed workflows too, indented."""
    ways = [f"{result.lambdaCalls} Lambda calls: {_way(result.path) or 'refused at the edge'}"]
    ways += [f"then {run['workflow']}: {_way(run['path'])}" for run in result.followed]
    for way in ways:
        for part in indented(way, width):
            yield Text(part, style="dim")


def indented(text: str, width: int) -> list[str]:
    """The lines of a text below an order's name."""
    return hanging(text, width, INDENT, 2 * INDENT)


def _way(path: Sequence[str]) -> str:
    """The states in the order first entered, those of many groups or rounds counted."""
    counts = Counter(path)
    return " → ".join(f"{name} x{count}" if count > 1 else name for name, count in counts.items())


def reason(result: Result, expect: Mapping[str, Any] | None) -> list[str]:
    """The sentences about an order that did not end as expected."""
    if result.status != "BROKEN":
        return list(result.unmet)
    seen = shorten(str(result.cause), _LONGEST_REASON, placeholder=" …")
    return [f"expected: {_expected_end(expect)}", f"seen: {seen}"]


def _expected_end(expect: Mapping[str, Any] | None) -> str:
    wanted = {"status": "SUCCEEDED"} if expect is None else expect
    end = [str(wanted[field]) for field in ("status", "error") if wanted.get(field)]
    return " with ".join(end) or "an end"


def total(results: Sequence[Result], wanted: int) -> str:
    """How many of the wanted orders were run and ended as expected, and what they took."""
    unmet = sum(not result.met for result in results)
    count = str(wanted) if len(results) == wanted else f"{len(results)} of {wanted}"
    verdicts = f"{unmet} not as expected" if unmet else "all as expected"
    transitions = sum(result.transitions for result in results)
    took = sum(map(milliseconds, results))
    return f"{count} orders, {verdicts}: {transitions:,} transitions, {took:,} ms"


def timing(stack: Stack, results: Sequence[Result]) -> str:
    """How long deploying took, and a warm order: the median of those that succeeded."""
    deployed = f"{len(stack.deployment.registrations)} resources deployed in {stack.seconds:.1f} s"
    warm = [result.seconds for result in results[1:] if result.status == "SUCCEEDED"]
    if not warm:
        return deployed
    return f"{deployed}; a warm order took {median(warm) * 1000:.0f} ms (median of {len(warm)})"
