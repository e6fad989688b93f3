"""A scenario: what is given, what goes in, and how it must end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FAULT_TIMES = ("before", "after")
ACTIONS = ("stop", "cancel", "again")
CALLBACKS: Mapping[str, tuple[str, ...]] = {
    "payment": ("succeeded", "failed", "none", "twice", "late", "forged", "garbage"),
    "shipping": ("available", "unavailable", "none", "twice", "late", "forged", "garbage"),
}
API = "api"
"""The one other way for an order to go in: posted to the HTTP API."""


@dataclass(frozen=True)
class Fault:
    """The named state's call fails with `error`, `times` times (0: always), before or after it.

    `state` is one of the scenario's own workflow, or `workflow/state` of a followed one.
    """

    state: str
    error: str
    when: str = "before"
    times: int = 0


@dataclass(frozen=True)
class FunctionFault:
    """The named function, a module of the handlers, fails as a state's call does in `Fault`."""

    function: str
    error: str
    when: str = "before"
    times: int = 0


@dataclass(frozen=True)
class Action:
    """Somebody acts once the call of a state has taken effect, while the execution stands still.

    Attributes:
        do: `stop` the execution; `cancel`, which is the customer's request by HTTP; or `again`, a
            second execution of the same order, which ends before the first goes on.
        after: the state, named as in `Fault`.
        error: the error's name with which an execution is stopped.
    """

    do: str
    after: str
    error: str | None = None


@dataclass(frozen=True)
class Scenario:
    """One run of one workflow.

    Attributes:
        name: what people call it.
        workflow: the state machine's name.
        input: what goes in, as a user would give it.
        stock: pieces on hand, by item.
        prices: minor units, by item.
        centers: the fulfillment centre that keeps an item, by item; None for none.
        sessions: rows of CustomerPaymentSession.
        callbacks: what the outside services do, by service.
        follow: whether the outcome may start other workflows.
        through: `api` when the order is posted to the HTTP API instead of started directly.
        faults: what fails, and when.
        actions: who acts, and when.
        sweep: whether the schedules run at the end, as if hours had passed.
        expect: what the result must hold at least; None for a run that must end SUCCEEDED.
    """

    name: str
    workflow: str
    input: Any
    stock: Mapping[str, int] = field(default_factory=dict)
    prices: Mapping[str, int] = field(default_factory=dict)
    centers: Mapping[str, str | None] = field(default_factory=dict)
    sessions: tuple[Mapping[str, Any], ...] = ()
    callbacks: Mapping[str, str] = field(default_factory=dict)
    follow: bool = False
    through: str | None = None
    faults: tuple[Fault | FunctionFault, ...] = ()
    actions: tuple[Action, ...] = ()
    sweep: bool = False
    expect: Mapping[str, Any] | None = None

    def place(self, named: str) -> tuple[str, str]:
        """The workflow and the state that a fault or an action names."""
        workflow, slash, state = named.rpartition("/")
        return (workflow, state) if slash else (self.workflow, named)
