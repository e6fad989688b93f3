"""Reading what disturbs a scenario: its faults, and who acts meanwhile."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from local.fields import WrongField, fields, name, one_of, typed
from local.scenario import ACTIONS, FAULT_TIMES, Action, Fault, FunctionFault

_WHICH = {"error", "when", "times"}


@dataclass(frozen=True)
class Places:
    """The states and functions that faults and actions of a scenario may name.

    Attributes:
        workflow: the scenario's own.
        follow: whether other workflows may run after it.
        tasks: the Task states by workflow.
        functions: finds the functions, by module.
    """

    workflow: str
    follow: bool
    tasks: Mapping[str, Collection[str]]
    functions: Callable[[], Collection[str]]

    def state(self, value: Any, where: str) -> str:
        """A Task state's name, with the workflow before it where that is a followed one."""
        others = {name: tasks for name, tasks in self.tasks.items() if name != self.workflow}
        followed = [f"{name}/{task}" for name, tasks in others.items() for task in sorted(tasks)]
        if not self.follow and value in followed:
            raise WrongField(f'{where}: is of another workflow; set "follow" to true')
        allowed = [*sorted(self.tasks[self.workflow]), *(followed if self.follow else ())]
        return one_of(value, where, allowed)


def fault(places: Places) -> Callable[[Any, str], Fault | FunctionFault]:
    """The reader of one fault."""

    def read(value: Any, where: str) -> Fault | FunctionFault:
        found = fields(value, where, {"state", "function", *_WHICH})
        if ("state" in found) == ("function" in found):
            raise WrongField(f"{where}: must have either a state or a function")
        if "function" in found:
            known = sorted(places.functions())
            return FunctionFault(
                one_of(found["function"], f"{where}.function", known), *_which(found, where)
            )
        return Fault(places.state(found["state"], f"{where}.state"), *_which(found, where))

    return read


def action(places: Places) -> Callable[[Any, str], Action]:
    """The reader of one action."""

    def read(value: Any, where: str) -> Action:
        found = fields(value, where, {"do", "after", "error"})
        do = one_of(found.get("do"), f"{where}.do", ACTIONS)
        error = found.get("error")
        if error is not None and do != "stop":
            raise WrongField(f'{where}.error: is for "stop"; leave it out of "{do}"')
        return Action(
            do,
            places.state(found.get("after"), f"{where}.after"),
            None if error is None else name(error, f"{where}.error"),
        )

    return read


def _which(found: Mapping[str, Any], where: str) -> tuple[str, str, int]:
    """The error, and which calls it strikes."""
    times = typed(found.get("times", 0), int, f"{where}.times", "a whole number, 0 for always")
    if times < 0:
        raise WrongField(f"{where}.times: must not be negative; it is {times}")
    return (
        name(found.get("error"), f"{where}.error"),
        one_of(found.get("when", "before"), f"{where}.when", FAULT_TIMES),
        times,
    )
