"""What an outside service does for each value of a scenario's `callbacks`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.checkout.rules.answers import LANGUAGES, Step
from local.callbacks import Caller
from local.evidence import order_row
from local.stack import Stack
from local.waiting import await_next_state, states_entered

GARBAGE = "no-such-status"


@dataclass(frozen=True)
class Request:
    """A request of one order to a service, as it lies in the queue."""

    step: Step
    order_id: str
    url: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """What a service sees when it behaves: the stack, its caller, and the request."""

    stack: Stack
    caller: Caller
    request: Request

    def tell(self, status: str) -> None:
        """Call back with this status."""
        self.caller.call(self.request.url, self.request.order_id, status)

    @property
    def execution(self) -> str:
        """The ARN of the execution that waits."""
        row = order_row(self.stack, self.request.order_id)
        return str((row or {})["ExecutionArn"])

    @property
    def success(self) -> str:
        """The service's word for yes."""
        return LANGUAGES[self.request.step].success

    @property
    def failure(self) -> str:
        """The service's word for no."""
        return next(iter(LANGUAGES[self.request.step].failures))


def _succeed(scene: Scene) -> None:
    scene.tell(scene.success)


def fail(scene: Scene) -> None:
    """Call back with a no."""
    scene.tell(scene.failure)


def _succeed_twice(scene: Scene) -> None:
    scene.tell(scene.success)
    scene.tell(scene.success)


def _garble(scene: Scene) -> None:
    scene.tell(GARBAGE)


def _stay_silent(scene: Scene) -> None:
    scene.stack.cloud.hurry(scene.execution)


def _forge(scene: Scene) -> None:
    forger = Caller(f"not {scene.caller.secret}")
    forger.call(scene.request.url, scene.request.order_id, scene.success)
    _stay_silent(scene)


def _be_late(scene: Scene) -> None:
    """Answer when the state that waited is over, whatever ended its wait."""
    entered = states_entered(scene.stack, scene.execution)
    _stay_silent(scene)
    await_next_state(scene.stack, scene.execution, entered)
    scene.tell(scene.success)


_SHARED: Mapping[str, Callable[[Scene], None]] = {
    "none": _stay_silent,
    "twice": _succeed_twice,
    "late": _be_late,
    "forged": _forge,
    "garbage": _garble,
}
BEHAVIOURS: Mapping[Step, Mapping[str, Callable[[Scene], None]]] = {
    Step.PAYMENT: {"succeeded": _succeed, "failed": fail, **_SHARED},
    Step.SHIPPING: {"available": _succeed, "unavailable": fail, **_SHARED},
}
"""What a service does for each value of a scenario's `callbacks`."""

TAKES_MONEY = frozenset({"succeeded", "twice", "late"})
"""When the payment service has taken the money before it calls back."""
