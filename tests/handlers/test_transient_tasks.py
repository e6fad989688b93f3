"""Every call of every task fails once with what passes: its machine calls again, and finishes."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import wiring as checkout_wiring
from handlers.checkout.create_order import handler as create_order
from handlers.checkout.fail_checkout import handler as fail_checkout
from handlers.checkout.request_payment import handler as request_payment
from handlers.checkout.request_shipping import handler as request_shipping
from handlers.checkout.rules.checkout_request import normalized
from handlers.fulfillment.cancel_shipments import handler as cancel_shipments
from handlers.fulfillment.plan_shipments import handler as plan_shipments
from handlers.fulfillment.send_to_center import handler as send_to_center
from handlers.fulfillment.update_inventory import handler as update_inventory
from handlers.payments.authorize_payment import handler as authorize_payment
from handlers.payments.capture_payment import handler as capture_payment
from handlers.payments.void_payment import handler as void_payment
from handlers.shared.adapters.dynamodb import typed
from handlers.stock.release_stock import handler as release_stock
from tests.handlers.calls import PASSING, Calls
from tests.handlers.checkouts import DOCUMENT, EXECUTION, Machine, Shop, checkout
from tests.handlers.ended import ID, Held
from tests.handlers.warehouses import Warehouse, product, session
from workflows.checkout import definition as checkout_machine
from workflows.fulfillment import definition as fulfillment
from workflows.order_processing import definition as order_processing
from workflows.shared.retries import INVOCATION

Invoke = Callable[[LambdaContext], Any]
ORDER = {"orderId": ID, "amount": 700, "currency": "USD"}


def _authorize(_client: Any) -> Invoke:
    event = {**ORDER, "payment": {"token": "tok_visa"}}
    return lambda context: authorize_payment(event, context)


def _capture(client: Any) -> Invoke:
    Held(client).authorize()
    return lambda context: capture_payment(ORDER, context)


def _void(client: Any) -> Invoke:
    Held(client).capture()
    return lambda context: void_payment({"orderId": ID}, context)


def _release(client: Any) -> Invoke:
    Held(client).reserve()
    return lambda context: release_stock({"orderId": ID}, context)


def _create(client: Any) -> Invoke:
    Shop(client).stocked()
    event = {"checkout": DOCUMENT, "executionArn": EXECUTION}
    return lambda context: create_order(event, context)


def _checkout(client: Any) -> dict[str, Any]:
    """The order of a checkout, as its machine works on it."""
    return normalized(Shop(client).stocked().attempts.create(checkout(), EXECUTION))


def _fail(client: Any) -> Invoke:
    order = _checkout(client)
    Shop(client).paid()
    cause = {"stage": "confirm", "error": "States.Timeout", "cause": ""}
    event = {"checkout": DOCUMENT, "order": order, "executionArn": EXECUTION, **cause}
    return lambda context: fail_checkout(event, context)


def _request(handler: Any) -> Callable[[Any], Invoke]:
    def prepare(client: Any) -> Invoke:
        event = {"order": _checkout(client), "taskToken": "t-1"}
        return lambda context: handler(event, context)

    return prepare


def _planned(client: Any) -> dict[str, Any]:
    """A group of a fulfillment, as its machine works on it."""
    return Warehouse(client).stocked(p1=5).shipment(product()).document()


def _plan(client: Any) -> Invoke:
    Warehouse(client).put("Inventory", ProductId="p1", OnHand=5, FulfillmentCenterId="fc-1")
    item = typed(session(product(center=None)))
    return lambda context: plan_shipments({"session": item}, context)


def _update(client: Any) -> Invoke:
    group = _planned(client)
    return lambda context: update_inventory({"group": group}, context)


def _send(client: Any) -> Invoke:
    group = _planned(client)
    return lambda context: send_to_center({"group": group}, context)


def _cancel(client: Any) -> Invoke:
    group = {**_planned(client), "parts": [{"step": "UpdateInventory", "done": False}]}
    event = {"groups": [group], "executionArn": EXECUTION}
    Warehouse(client).client.update_item(
        TableName="Shipments",
        Key=typed({"OrderId": group["orderId"], "FulfillmentCenterId": "fc-1"}),
        UpdateExpression="SET SendStatus = :requested, RequestedAt = :then",
        ExpressionAttributeValues=typed({":requested": "REQUESTED", ":then": "2026-01-01"}),
    )
    return lambda context: cancel_shipments(event, context)


TASKS: dict[str, Callable[[Any], Invoke]] = {
    "authorize_payment": _authorize,
    "capture_payment": _capture,
    "void_payment": _void,
    "release_stock": _release,
    "create_order": _create,
    "fail_checkout": _fail,
    "request_payment": _request(request_payment),
    "request_shipping": _request(request_shipping),
    "plan_shipments": _plan,
    "update_inventory": _update,
    "send_to_center": _send,
    "cancel_shipments": _cancel,
}


def test_every_function_of_every_machine_is_tried() -> None:
    functions = {
        resource.name
        for workflow in (order_processing, checkout_machine, fulfillment)
        for resource in fields(workflow.Resources)
        if ":function:" in str(resource.default)
    }
    assert set(TASKS) == functions


@pytest.fixture(autouse=True)
def waiting(queues: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that waits for its callback."""
    monkeypatch.setattr(checkout_wiring, "waiting_tasks", lambda: Machine(waiting={"t-1"}))


@pytest.mark.parametrize("task", TASKS)
def test_whatever_call_of_a_task_is_throttled_or_not_answered_its_machine_calls_again(
    task: str,
    dynamodb: Any,
    calls: Calls,
    tables: Any,
    context: LambdaContext,
) -> None:
    invoke = TASKS[task](dynamodb)
    start = tables.keep()
    with calls.disturbed(-1, PASSING[0]):
        answer = invoke(context)
    made = list(calls.made)
    for place in range(len(made)):
        for fault in PASSING:
            start()
            with calls.disturbed(place, fault), pytest.raises(Exception, match=r".") as caught:
                invoke(context)
            where = f"{fault.name} at {made[place]}"
            assert type(caught.value).__name__ in INVOCATION, where
            assert _without_times(invoke(context)) == _without_times(answer), where


def _without_times(answer: Any) -> Any:
    return {name: value for name, value in answer.items() if name != "requestedAt"}
