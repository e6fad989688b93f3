"""Actions while an execution stands still, and their order."""

import threading
import time
from typing import Any
from unittest.mock import Mock

import pytest

from local import acting
from local.acting import Actors
from local.cloud import FunctionNotStarted
from local.holding import Place
from local.http_api import Answer, HttpApi
from local.scenario import Action, Scenario
from local.stack import Stack
from tests.local import doubles

EXECUTION = "arn:aws:states:us-east-1:0:execution:orders:order"
CAPTURE = "CapturePayment"


class Holds:
    """Executions that come to places when a test says so."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self._standing: set[str] = set()
        self._released = threading.Event()

    def place(self, place: Place) -> None:
        self.happened.append(f"hold {place.state}")

    def come(self, workflow: str = "order_processing") -> None:
        self._released.clear()
        self._standing.add(workflow)
        assert self._released.wait(5), "it was never released"

    def standing(self, workflow: str) -> str | None:
        time.sleep(0.001)
        return EXECUTION if workflow in self._standing else None

    def release(self, execution: str) -> None:
        self.happened.append("release")
        self._standing.clear()
        self._released.set()

    def lift(self, workflow: str) -> None:
        self.happened.append(f"lift {workflow}")


class States:
    """Step Functions, as far as actions ask for it."""

    def __init__(self, holds: Holds) -> None:
        self.holds = holds

    def stop_execution(self, **named: Any) -> None:
        self.holds.happened.append(f"stop {named.get('error')}")

    def describe_execution(self, **named: Any) -> dict[str, Any]:
        return {"input": '{"orderId": "order"}'}

    def start_execution(self, **named: Any) -> dict[str, Any]:
        self.holds.happened.append(f"start {named['name']} {named['input']}")
        return {"executionArn": f"{EXECUTION}-2"}


@pytest.fixture
def holds() -> Holds:
    return Holds()


@pytest.fixture
def stack(holds: Holds, monkeypatch: pytest.MonkeyPatch) -> Stack:
    def ended(_stack: Stack, execution: str) -> dict[str, Any]:
        holds.happened.append("wait for its end")
        return {"executionArn": execution, "status": "SUCCEEDED"}

    def send(_api: Any, method: str, path: str, _body: bytes) -> Answer:
        holds.happened.append(f"{method} {path}")
        return Answer(409, {}, None)

    monkeypatch.setattr(acting, "await_end", ended)
    monkeypatch.setattr(acting, "find", lambda _stack, _workflow, name: name == "order-2")
    monkeypatch.setattr(HttpApi, "send", send)
    return doubles.stack(outputs={"api": "http://api/"}, clients={"stepfunctions": States(holds)})


def actors(stack: Stack, holds: Holds, *actions: Action, order_id: Any = None) -> Actors:
    scenario = Scenario("an order", "order_processing", {}, actions=actions)
    found: Any = holds
    return Actors(stack, scenario, order_id or (lambda: "order"), found)


def test_all_is_done_before_the_execution_goes_on(stack: Stack, holds: Holds) -> None:
    did = [Action(do, CAPTURE) for do in ("cancel", "again")]
    stop = Action("stop", CAPTURE, "OutOfStock")
    with actors(stack, holds, *did, stop) as acted:
        holds.come()

    assert holds.happened == [
        "hold CapturePayment",
        "POST /orders/order/cancel",
        'start order-3 {"orderId": "order"}',
        "wait for its end",
        "stop OutOfStock",
        "release",
        "lift order_processing",
    ]
    again = {
        "execution": f"{EXECUTION}-2",
        "status": "SUCCEEDED",
        "error": None,
        "orderId": "order",
    }
    assert [(record["done"], record["answer"]) for record in acted.records] == [
        (True, 409),
        (True, again),
        (True, None),
    ]


def test_whoever_waits_at_a_state_that_is_not_reached_has_not_acted(
    stack: Stack, holds: Holds
) -> None:
    with actors(stack, holds, Action("stop", CAPTURE)) as acted:
        time.sleep(0.05)

    assert acted.records == [
        {"do": "stop", "after": CAPTURE, "error": None, "done": False, "answer": None}
    ]
    assert holds.happened == ["hold CapturePayment", "lift order_processing"]


def test_an_action_that_fails_lets_the_execution_go_on_and_fails_the_scenario(
    stack: Stack, holds: Holds
) -> None:
    order_id = Mock(side_effect=LookupError("no such order"))
    acted = actors(stack, holds, Action("cancel", CAPTURE), order_id=order_id)
    with pytest.raises(LookupError, match="no such order"), acted:
        holds.come()


def test_without_actions_nothing_is_held(stack: Stack, holds: Holds) -> None:
    with actors(stack, holds) as acted:
        assert acted.records == []

    assert holds.happened == []


def test_states_are_waited_for_one_after_the_other(stack: Stack, holds: Holds) -> None:
    with actors(stack, holds, Action("cancel", CAPTURE), Action("cancel", "RecordOrder")):
        holds.come()
        holds.come()

    assert holds.happened == [
        "hold CapturePayment",
        "POST /orders/order/cancel",
        "hold RecordOrder",
        "release",
        "POST /orders/order/cancel",
        "release",
        "lift order_processing",
    ]


def test_a_followed_workflow_is_waited_for_beside_the_scenarios_own(
    stack: Stack, holds: Holds
) -> None:
    stop = Action("stop", "fulfillment/PlanShipments")
    with actors(stack, holds, Action("stop", CAPTURE), stop) as acted:
        holds.come("fulfillment")

    assert [record["done"] for record in acted.records] == [False, True]
    assert holds.happened[:2] == ["hold CapturePayment", "hold PlanShipments"]


def test_a_function_that_does_not_start_while_somebody_waits_fails_the_scenario(
    stack: Stack, holds: Holds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "standing", Mock(side_effect=FunctionNotStarted("it did not")))
    with pytest.raises(FunctionNotStarted), actors(stack, holds, Action("stop", CAPTURE)):
        pass

    assert holds.happened == ["hold CapturePayment", "lift order_processing"]
