"""Holding executions: they stand still once the call of a state has taken effect."""

from dataclasses import dataclass
from typing import NamedTuple

from local.stack import Stack

_SOON_SECONDS = 0.1


class Place(NamedTuple):
    """A state of a workflow."""

    workflow: str
    state: str


@dataclass(frozen=True)
class Holds:
    """Holds in a stack's machines, one at a time in each.

    Attributes:
        stack: whose machines.
    """

    stack: Stack

    def place(self, place: Place) -> None:
        """Hold the next execution that comes to a place; those after it pass."""
        self.stack.cloud.hold(self._machine(place.workflow), place.state)

    def standing(self, workflow: str) -> str | None:
        """The ARN of the execution of a workflow that stands still, or soon does; or None."""
        return self.stack.cloud.held(self._machine(workflow), within=_SOON_SECONDS)

    def release(self, execution: str) -> None:
        """Let an execution go on."""
        self.stack.cloud.release(execution)

    def lift(self, workflow: str) -> None:
        """Let every execution of a workflow go on, and hold none any more."""
        self.stack.cloud.release(self._machine(workflow))

    def _machine(self, workflow: str) -> str:
        return str(self.stack.outputs["stateMachines"][workflow])
