"""The tasks and functions that bases reach, as their runs showed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asl.walk import states
from local.command_error import CommandError
from local.faults.cases import Base
from workflows import DEFINITIONS


class Unreached(CommandError):
    """Tasks that no base reaches; one sentence names them."""


@dataclass(frozen=True)
class Target:
    """A Task state as a fault of a base names it, `workflow/state` where that is followed."""

    named: str
    workflow: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class Reach:
    """The calls that the run of a base made.

    Attributes:
        base: the scenario.
        tasks: the Task states that were called, as faults name them, in the order of its path.
        functions: the functions, none of them a task, that were invoked.
    """

    base: Base
    tasks: Sequence[str]
    functions: Sequence[str]


def targets(base: Base) -> dict[str, Target]:
    """Every Task state that a fault of a base can name."""
    found = [Target(*each) for each in _tasks(base.workflow)]
    return {target.named: target for target in found}


def require_all_tasks(reached: Iterable[Reach], workflows: Collection[str]) -> None:
    """Refuse a set of bases that leaves a Task state of these workflows out.

    Raises:
        Unreached: one sentence names each.
    """
    found = {_place(reach, named) for reach in reached for named in reach.tasks}
    every = [(workflow, name) for workflow in workflows for name, _ in _own_tasks(workflow)]
    if missed := [
        f"{workflow}/{name}" for workflow, name in every if (workflow, name) not in found
    ]:
        raise Unreached(
            f"no base reaches {', '.join(missed)}; add one to local/faults/bases.py that does"
        )


def _place(reach: Reach, named: str) -> tuple[str, str]:
    return targets(reach.base)[named].workflow, named.rpartition("/")[2]


def _tasks(own: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for workflow in DEFINITIONS:
        for name, state in _own_tasks(workflow):
            yield (name if workflow == own else f"{workflow}/{name}"), workflow, state


def _own_tasks(workflow: str) -> list[tuple[str, Mapping[str, Any]]]:
    visits = states(DEFINITIONS[workflow]())
    return [(visit.name, visit.state) for visit in visits if visit.state["Type"] == "Task"]
