"""Holding executions: they stand still once the call of a state has taken effect."""

from dataclasses import dataclass, field
from typing import NamedTuple

from local.stack import Stack


class Place(NamedTuple):
    """A state of a workflow."""

    workflow: str
    state: str


@dataclass
class Holds:
    """Holds in a stack's machines; the first execution to come to a place stands still there.

    Attributes:
        stack: whose machines.
    """

    stack: Stack
    _standing: dict[Place, str] = field(default_factory=dict, init=False)

    def place(self, place: Place) -> None:
        """Hold the first execution that comes to a place."""
        self.stack.cloud.hold(self._machine(place), place.state)

    def reached(self, place: Place) -> str | None:
        """The ARN of the execution that stands there, which later ones pass; None if none does."""
        for held in self.stack.cloud.held():
            if (held["machine"], held["state"]) == (self._machine(place), place.state):
                return str(held["execution"])
        return None

    def release(self, place: Place) -> None:
        """Let whatever stands there go on, and hold nothing there any more."""
        self.stack.cloud.release(self._machine(place), place.state)

    def _machine(self, place: Place) -> str:
        return str(self.stack.outputs["stateMachines"][place.workflow])
