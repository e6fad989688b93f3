"""Requests while AWS is overloaded or does not answer: 503, and the same request again is safe."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.cancellation import cancel_order
from handlers.checkout import receive_callback
from handlers.checkout.adapters import callback_secret
from handlers.checkout.rules.answers import Step
from handlers.intake import get_order, list_orders, place_order
from tests.handlers.calls import FAULTS, Calls, Fault
from tests.handlers.checkouts import ORDER_ID as CHECKOUT_ID
from tests.handlers.http import SHOP, Answer, Route
from tests.handlers.placing import CUSTOMER, ORDER, ORDER_ID, Store
from tests.handlers.test_receive_callback import callback, request, shop

__all__ = ["shop"]

LOST, THROTTLED = (fault for fault in FAULTS if fault.name != "crash")
PATH = {"pathParameters": {"orderId": ORDER_ID, "customerId": CUSTOMER}}
KEY = {"headers": {"content-type": "application/json", "idempotency-key": "a-key-of-mine"}}
EACH = pytest.mark.parametrize("fault", [LOST, THROTTLED], ids=["lost answer", "throttled"])


def answers(
    calls: Calls,
    fault: Fault,
    fresh: Callable[[], object],
    send: Callable[[], Answer],
    meanwhile: Callable[[], object] = lambda: None,
) -> list[int]:
    """The statuses of a request of which one call after the other fails; it succeeds afterwards."""
    found: list[int] = []
    struck = True
    while struck:
        fresh()
        with calls.disturbed(len(found), fault):
            answer = send()
        assert answer.status != 503 or answer.headers["retry-after"]
        meanwhile()
        assert send().status < 300
        struck = calls.is_struck
        found += [answer.status] if struck else []
    return found


def clear(store: Store) -> None:
    for table, key in (("CustomerOrders", "OrderId"), ("IdempotencyKeys", "IdempotencyKey")):
        for row in store.rows(table):
            store.client.delete_item(TableName=table, Key={key: {"S": row[key]}})


@EACH
def test_an_order_that_could_not_be_taken_in_is_taken_once_by_the_same_request(
    fault: Fault, store: Store, calls: Calls, context: LambdaContext
) -> None:
    route = Route("POST /orders", place_order.handler, context)

    def fresh() -> None:
        assert len(store.rows("CustomerOrders")) <= 1
        clear(store)

    found = answers(calls, fault, fresh, lambda: route(SHOP, ORDER, **KEY))
    assert len(store.rows("CustomerOrders")) == 1
    assert found[0] == 503
    assert found[-1] == 202, "a message that is not sent is left to the sweeper"
    assert set(found) == {202, 503}


@EACH
@pytest.mark.parametrize(
    ("name", "handler"),
    [
        ("GET /orders/{orderId}", get_order.handler),
        ("GET /customers/{customerId}/orders", list_orders.handler),
    ],
)
def test_an_order_that_cannot_be_read_just_now_is_to_be_asked_for_again(
    name: str, handler: Any, fault: Fault, store: Store, calls: Calls, context: LambdaContext
) -> None:
    route = Route(name, handler, context)
    found = answers(calls, fault, store.put_order, lambda: route(SHOP, **PATH))
    assert found
    assert set(found) == {503}


@EACH
def test_a_cancellation_that_could_not_be_noted_is_noted_by_the_same_request(
    fault: Fault, store: Store, calls: Calls, context: LambdaContext
) -> None:
    route = Route("POST /orders/{orderId}/cancel", cancel_order.handler, context)
    found = answers(calls, fault, store.put_order, lambda: route(SHOP, **PATH))
    assert store.order()["CancelRequested"] is True
    assert set(found) == {503}
    assert len(found) == 2


@EACH
@pytest.mark.parametrize("status", ["succeeded", "failed", "processing"])
def test_a_callback_that_could_not_be_taken_is_taken_by_the_same_request(
    status: str, fault: Fault, shop: Any, calls: Calls, context: LambdaContext
) -> None:
    route = Route("POST /callbacks/payment", receive_callback.handler, context)

    row = shop.row()

    def fresh() -> None:
        shop.put("CustomerOrders", **row)
        callback_secret._provider.cache_clear()
        key = {"OrderId": {"S": CHECKOUT_ID}, "Step": {"S": "payment"}}
        shop.plain_client.delete_item(TableName="PendingCallbacks", Key=key)
        shop.callbacks.wait(CHECKOUT_ID, Step.PAYMENT, "task-token")
        shop.machine.waiting.add("task-token")

    def go_on() -> None:
        """The machine records the answer that its task got."""
        for said in shop.machine.answers:
            why = {"State": "FAILED", "Reason": said.language.error, "Cause": said.cause}
            shop.set(**({"PaymentStatus": "Successful"} if said.succeeded else why))
        shop.machine.answers.clear()

    found = answers(calls, fault, fresh, lambda: route.send(request(callback(status))), go_on)
    assert found
    assert set(found) <= {200, 503}
    assert found[0] == 503
