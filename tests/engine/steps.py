"""One step of a stack on Pulumi's engine: what it did to which resources, and how long it took."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import EngineEvent, OpType

_PROVIDERS = "::pulumi:providers:"


@dataclass
class Step:
    """A finished step.

    Attributes:
        name: as people call it.
        seconds: how long it took.
        state_bytes: the size of the state afterwards.
        operations: what was done, by URN.
    """

    name: str
    seconds: float = 0
    state_bytes: int = 0
    operations: dict[str, OpType] = field(default_factory=dict)

    def note(self, event: EngineEvent) -> None:
        """Takes one of the engine's events."""
        if event.resource_pre_event:
            metadata = event.resource_pre_event.metadata
            self.operations[metadata.urn] = metadata.op

    @property
    def counts(self) -> dict[str, int]:
        """The number of resources that each operation was done to."""
        return dict(Counter(operation.value for operation in self.operations.values()))

    def done(self, *operations: OpType) -> list[str]:
        """The URNs that an operation was done to, sorted."""
        return sorted(urn for urn, each in self.operations.items() if each in operations)

    @property
    def changed(self) -> list[str]:
        """`Type name` of all that did not stay as it was, without the engine's providers."""
        return sorted(
            f"{urn.split('::')[2].rpartition(':')[2]} {urn.rpartition('::')[2]}"
            for urn, operation in self.operations.items()
            if operation not in (OpType.SAME, OpType.REFRESH) and _PROVIDERS not in urn
        )

    def __str__(self) -> str:
        counted = ", ".join(f"{number} {name}" for name, number in sorted(self.counts.items()))
        return f"{self.name}: {counted}; {self.seconds:.1f} s, state {self.state_bytes:,} bytes"


def timed(name: str, run: Callable[..., Any], size: Callable[[], int]) -> Step:
    """Runs a method of a stack and notes what the engine says it does."""
    step = Step(name)
    began = time.monotonic()
    run(on_event=step.note)
    step.seconds = time.monotonic() - began
    step.state_bytes = size()
    return step
