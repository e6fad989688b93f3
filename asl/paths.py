"""The ways through a definition, with the state transitions and Lambda calls of each.

Every state entered counts as one transition, as AWS bills a Standard machine, those of bodies
included. What happens at run time only is left out: loops are taken zero times, nothing is
retried, and every item of a Map takes the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any, Final, Literal

from asl import jsonata
from asl.resources import FUNCTION, parse
from asl.walk import bodies

Outcome = Literal["SUCCEEDED", "FAILED"]

MAX_PATHS: Final = 2000
"""No more paths are listed; a list of this length may be cut off."""
_MAX_STEPS: Final = 200_000  # bounds the search through machines whose states all loop
_LAMBDA: Final = (FUNCTION, "lambda:invoke", "aws-sdk:lambda:invoke")
_CATCH_ALL: Final = ("States.ALL", "States.TaskFailed")


@dataclass(frozen=True)
class Path:
    """One way through a machine: the states entered, how it ends, and what that takes.

    `error` is the Error of the Fail state it ends in, None if that is computed or it succeeds.
    """

    states: tuple[str, ...] = ()
    outcome: Outcome = "SUCCEEDED"
    error: str | None = None
    transitions: int = 0
    lambda_calls: int = 0

    def then(self, other: Path) -> Path:
        """This way followed by another, whose end is the end of both."""
        return Path(
            self.states + other.states,
            other.outcome,
            other.error,
            self.transitions + other.transitions,
            self.lambda_calls + other.lambda_calls,
        )

    def times(self, items: int) -> Path:
        """This way as the body of a Map over so many items; its states are listed once."""
        if items == 0:
            return Path()
        return replace(
            self,
            transitions=self.transitions * items,
            lambda_calls=self.lambda_calls * items,
        )


def count_paths(definition: Mapping[str, Any], *, items: int = 1) -> list[Path]:
    """Every way through a valid definition, at most `MAX_PATHS`, in a fixed order.

    A Catch is a way of its own. One of a Map or Parallel counts the body's cheapest way, since
    where the body breaks off is not known.

    Args:
        definition: a definition without problems.
        items: how many items every Map works on.
    """
    return _ways(definition, items, caught=True)


def success_cost(definition: Mapping[str, Any], *, items: int = 1) -> Path:
    """The way with the fewest transitions that succeeds without taking a Catch.

    Raises:
        ValueError: if there is none.
    """
    ways = _ways(definition, items, caught=False)
    succeeded = [way for way in ways if way.outcome == "SUCCEEDED"]
    if not succeeded:
        raise ValueError("The definition has no path that succeeds without taking a Catch.")
    return min(succeeded, key=_cost)


def _ways(machine: Mapping[str, Any], items: int, *, caught: bool) -> list[Path]:
    found = dict.fromkeys(_search(machine, items, caught=caught))
    return list(found)


def _search(machine: Mapping[str, Any], items: int, *, caught: bool) -> Iterator[Path]:
    steps: dict[str, list[tuple[Path, str | None]]] = {}
    pending: list[tuple[str, Path, frozenset[str]]] = [(machine["StartAt"], Path(), frozenset())]
    budget, listed = _MAX_STEPS, 0
    while pending and budget > 0 and listed < MAX_PATHS:
        budget -= 1
        name, way, seen = pending.pop()
        if name in seen:
            continue
        if name not in steps:
            steps[name] = list(_steps(name, machine["States"][name], items, caught=caught))
        for step, target in reversed(steps[name]):
            if target is not None:
                pending.append((target, way.then(step), seen | {name}))
        for step, target in steps[name]:
            if target is None:
                listed += 1
                yield way.then(step)


def _steps(
    name: str, state: Mapping[str, Any], items: int, *, caught: bool
) -> Iterator[tuple[Path, str | None]]:
    """What entering a state can come to, and the state after it; None at an end."""
    entered = Path((name,), transitions=1, lambda_calls=_calls(state))
    if state["Type"] == "Fail":
        yield replace(entered, outcome="FAILED", error=_error(state)), None
    elif state["Type"] == "Choice":
        rules = [rule["Next"] for rule in state["Choices"]]
        default = [state["Default"]] if "Default" in state else []
        yield from ((entered, target) for target in dict.fromkeys(rules + default))
    else:
        inside = _inside(state, items, caught=caught)
        for body in inside:
            yield _after(state, entered.then(body))
        if caught and inside:
            broken = replace(min(inside, key=_cost), outcome="SUCCEEDED", error=None)
            targets = dict.fromkeys(rule["Next"] for rule in state.get("Catch", ()))
            yield from ((entered.then(broken), target) for target in targets)


def _after(state: Mapping[str, Any], way: Path) -> tuple[Path, str | None]:
    """A state's way with what comes next: its Next, the Catch of a failed body, or its end."""
    if way.outcome == "SUCCEEDED":
        return way, state.get("Next")
    for rule in state.get("Catch", ()):
        if way.error in rule["ErrorEquals"] or set(rule["ErrorEquals"]) & set(_CATCH_ALL):
            return replace(way, outcome="SUCCEEDED", error=None), rule["Next"]
    return way, None


def _inside(state: Mapping[str, Any], items: int, *, caught: bool) -> list[Path]:
    """The ways through a state's bodies; one that is empty for a state without any."""
    ways = [_ways(body, items, caught=caught) for body in bodies(state)]
    combined = [_together(choice) for choice in islice(product(*ways), MAX_PATHS)]
    return [way.times(items) for way in combined] if state["Type"] == "Map" else combined


def _together(branches: Sequence[Path]) -> Path:
    """Branches side by side: all are counted, and the first that fails is the failure."""
    failed = [branch for branch in branches if branch.outcome == "FAILED"]
    whole = Path()
    for branch in branches:
        whole = whole.then(branch)
    end = failed[0] if failed else Path()
    return replace(whole, outcome=end.outcome, error=end.error)


def _calls(state: Mapping[str, Any]) -> int:
    resource = parse(str(state.get("Resource"))) if state["Type"] == "Task" else None
    return int(resource is not None and resource.api in _LAMBDA)


def _error(state: Mapping[str, Any]) -> str | None:
    error = state.get("Error")
    return error if isinstance(error, str) and not jsonata.is_expression(error) else None


def _cost(way: Path) -> tuple[int, int]:
    return way.transitions, way.lambda_calls
