"""The result of one scenario: the line that `orders run` prints."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Result:
    """How an execution ended and everything that it caused.

    Amounts are minor units, times seconds. `order`, `session`, `reservation` and `ledger` are rows.
    What other executions did stands in `followed`; `attempts` counts calls by state, those of
    `followed` as `workflow/state`. `faultsFired` and `actions` have an element for each fault and
    action of the scenario. A REFUSED result is bad input: nothing was written. One
    that is BROKEN came to no end that can be told of: `cause` says what was in the way.
    """

    name: str
    workflow: str
    status: str
    error: str | None = None
    cause: str | None = None
    output: Any = None
    path: tuple[str, ...] = ()
    transitions: int = 0
    lambdaCalls: int = 0  # noqa: N815 - the names of the line are an interface
    execution: str | None = None
    attempts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    order: dict[str, Any] | None = None
    session: dict[str, Any] | None = None
    reservation: dict[str, Any] | None = None
    ledger: dict[str, Any] | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    emails: list[dict[str, Any]] = field(default_factory=list)
    topics: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    stock: dict[str, dict[str, int]] = field(default_factory=dict)
    manualReview: list[dict[str, Any]] = field(default_factory=list)  # noqa: N815
    shipments: list[dict[str, Any]] = field(default_factory=list)
    fulfillmentRequests: list[dict[str, Any]] = field(default_factory=list)  # noqa: N815
    labels: list[dict[str, str]] = field(default_factory=list)
    followed: list[dict[str, Any]] = field(default_factory=list)
    deadLetters: dict[str, list[Any]] = field(default_factory=dict)  # noqa: N815
    faultsFired: list[int] = field(default_factory=list)  # noqa: N815
    actions: list[dict[str, Any]] = field(default_factory=list)
    sweepErrors: list[str] = field(default_factory=list)  # noqa: N815
    met: bool = False
    unmet: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The result as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=True, allow_nan=False, default=str)


def refused(name: str, workflow: str, why: str) -> Result:
    """The result of a scenario with bad input."""
    return Result(name=name, workflow=workflow, status="REFUSED", cause=why, unmet=[why])


def broken(name: str, workflow: str, error: Exception) -> Result:
    """The result of a scenario that the embedded cloud could not bring to its end."""
    why = " ".join(f"{type(error).__name__}: {error}".split())
    return Result(name=name, workflow=workflow, status="BROKEN", cause=why, unmet=[why])
