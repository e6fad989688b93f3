"""How the states of a machine hang together: names, targets, ends, and what is reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl.checks.problems import Problem, shown
from asl.walk import Machine, machines

MAX_NAME: Final = 80  # characters; AWS Step Functions Developer Guide, "States"
_STEPS: Final = ("Task", "Pass", "Wait", "Parallel", "Map")
_BRANCHING: Final = ("Task", "Parallel", "Map")


def successors(state: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """Where a state can lead, with the field that says so: `("Catch[0].Next", "Refuse")`."""
    found = [(field, state[field]) for field in ("Next", "Default") if field in state]
    for field in ("Choices", "Catch"):
        rules = state.get(field)
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, Mapping) and "Next" in rule:
                found.append((f"{field}[{index}].Next", rule["Next"]))
    return found


def machine_problems(machine: Machine) -> Iterator[Problem]:
    """What is wrong with the transitions of one machine or body."""
    start, states = machine.document.get("StartAt"), machine.states
    if isinstance(machine.document.get("States"), Mapping) and not states:
        yield Problem(machine.owner, "it has a state machine without a single state")
    if isinstance(start, str) and states and start not in states:
        yield Problem(machine.owner, f"StartAt names {shown(start)}, which is no state there")
    elif states and not any(_ends(state) for state in states.values()):
        yield Problem(machine.owner, "it has a state machine in which no state is an end")
    for name, state in states.items():
        if isinstance(state, Mapping):
            yield from (Problem(name, text) for text in _transition_problems(state, machine))
    yield from _unreachable(machine)


def name_problems(definition: Any) -> Iterator[Problem]:
    """Names too long, and names given twice: they are unique in all bodies together."""
    names = Counter(name for machine in machines(definition) for name in machine.states)
    for name, count in names.items():
        if count > 1:
            yield Problem(name, f"the name is given to {count} states, and must be unique")
        if not 0 < len(name) <= MAX_NAME:
            yield Problem(name, f"the name must have 1 to {MAX_NAME} characters, not {len(name)}")


def _ends(state: Any) -> bool:
    """Whether a machine can end in a state, or should it seem so because the state is broken."""
    return not isinstance(state, Mapping) or ("Next" not in state and state.get("Type") != "Choice")


def _transition_problems(state: Mapping[Any, Any], machine: Machine) -> Iterator[str]:
    if state.get("Type") in _STEPS:
        ends = state.get("End") is True
        if ends and "Next" in state:
            yield "it has both Next and End, and must have one of them"
        elif not ends and "Next" not in state:
            yield "it has neither Next nor End, and must have one of them"
    for field, target in successors(state):
        if isinstance(target, str) and target not in machine.states:
            yield f"{field} names {shown(target)}, which is no state of the same machine"


def _unreachable(machine: Machine) -> Iterator[Problem]:
    start, states = machine.document.get("StartAt"), machine.states
    if not isinstance(start, str) or start not in states:
        return
    reached, pending = {start}, [start]
    while pending:
        state = states[pending.pop()]
        found = successors(state) if isinstance(state, Mapping) else []
        fresh = {name for _, name in found if isinstance(name, str) and name in states} - reached
        reached |= fresh
        pending.extend(fresh)
    for name in states:
        if name not in reached:
            yield Problem(name, "no path leads to it from StartAt")
