"""Answers that come early, late or twice, and calls that fail: under each function's own role."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest

from handlers.checkout.rules.checkout_request import order_id
from local import evidence, tables
from local.callbacks import Caller
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.conftest import Judge
from tests.embedded.helpers import batch, invoke, put, put_stock
from tests.embedded.intake import decided, message, place, send, unread
from tests.embedded.permissions import without
from tests.embedded.test_by_hand import next_request
from tests.embedded.test_checkout import cart, scenario

NOBODYS = {"token": "tok_that_nobody_issued"}


def start_checkout(stack: Stack, bought: dict[str, Any]) -> str:
    put(stack, "Inventory", ProductId="Orange", OnHand=9, Reserved=0)
    return str(
        stack.cloud.client("stepfunctions").start_execution(
            stateMachineArn=stack.outputs["stateMachines"]["checkout"], input=json.dumps(bought)
        )["executionArn"]
    )


def caller(stack: Stack) -> Caller:
    secrets = stack.cloud.client("secretsmanager")
    secret = secrets.get_secret_value(SecretId=stack.outputs["callbackSecretArn"])
    return Caller(secret["SecretString"])


@pytest.mark.parametrize(
    ("payment", "shipping", "error"),
    [
        ("succeeded", "available", None),
        ("succeeded", "unavailable", "ShippingFailed"),
        ("failed", "available", "PaymentFailed"),
    ],
)
def test_an_answer_that_came_before_its_task_is_the_tasks(
    stack: Stack, payment: str, shipping: str, error: str | None
) -> None:
    bought = cart()
    order = order_id(bought["CartId"], 1)
    for step, word in (("payment", payment), ("shipping", shipping)):
        kept = {"Answer": word, "Status": "KEPT", "ExpiresAt": int(time.time()) + 900}
        put(stack, "PendingCallbacks", OrderId=order, Step=step, **kept)
    ended = await_end(stack, start_checkout(stack, bought))
    settle(stack.cloud, stack.queues)

    assert ended.get("error") == error


def test_a_payment_that_takes_its_time_keeps_its_task_waiting(stack: Stack) -> None:
    execution = start_checkout(stack, cart())
    asked = next_request(stack)

    assert caller(stack).call(asked["callbackUrl"], asked["orderId"], "processing") < 300
    assert caller(stack).call(asked["callbackUrl"], asked["orderId"], "failed") < 300
    assert await_end(stack, execution)["error"] == "PaymentFailed"
    settle(stack.cloud, stack.queues)


def test_late_money_that_cannot_be_given_back_is_put_before_a_human_once(
    stack: Stack, judge: Judge
) -> None:
    order = judge.run(scenario(callbacks={"payment": "failed"})).order
    assert order is not None
    url = f"{stack.outputs['api'].rstrip('/')}/callbacks/payment"
    with without(stack, "receive-callback", "dynamodb:GetItem", "table/PaymentGateway"):
        answered = caller(stack).call(url, order["OrderId"], "succeeded")
    settle(stack.cloud, stack.queues)

    assert answered == 500
    (review,) = evidence.manual_review(stack, order["OrderId"])
    assert review["Step"] == "LatePayment"


def test_late_money_is_given_back_by_the_callback_itself(stack: Stack, judge: Judge) -> None:
    order = judge.run(scenario(callbacks={"payment": "failed"})).order
    assert order is not None
    key = {"Id": {"S": order["OrderId"]}}
    stack.cloud.client("dynamodb").delete_item(TableName=stack.table("PaymentGateway"), Key=key)
    url = f"{stack.outputs['api'].rstrip('/')}/callbacks/payment"

    assert caller(stack).call(url, order["OrderId"], "succeeded") == 409
    assert tables.row(stack, "PaymentGateway", {"Id": order["OrderId"]}) is not None


def test_a_mail_that_was_refused_is_sent_when_the_event_comes_again(stack: Stack) -> None:
    order = str(uuid4())
    event = {
        "id": str(uuid4()),
        "detail-type": "OrderProcessed",
        "time": "2026-01-01T00:00:00Z",
        "detail": {"orderId": order},
    }
    row = {"OrderId": order, "State": "PROCESSED", "CustomerId": "c-1", "Email": "a@example.com"}
    with unread(stack, "mails"):
        put(stack, "CustomerOrders", **row, OrderTotal=100, Currency="USD", Items=[])
        with without(stack, "notify-user", "ses:SendEmail"):
            refused = invoke(stack, "notify_user", batch(event))
        again = invoke(stack, "notify_user", batch(event))
    settle(stack.cloud, stack.queues)

    assert len(refused["batchItemFailures"]) == 1
    assert again == {"batchItemFailures": []}
    assert len(evidence.emails(stack, order)) == 1


def test_a_token_that_nobody_issued_is_refused_wherever_the_order_comes_from(
    stack: Stack,
) -> None:
    put_stock(stack)
    placed = place(stack, paymentDetails=NOBODYS).document["orderId"]
    sent = message(payment=NOBODYS)
    send(stack, sent)

    for order in (placed, sent["orderId"]):
        assert decided(stack, order)["Reason"] == "PaymentNotVerified"


def test_a_shipment_that_was_done_after_all_is_not_cancelled(stack: Stack) -> None:
    order = str(uuid4())
    shipment = {"OrderId": order, "FulfillmentCenterId": "fc-1", "Attempt": 1}
    done = {"SendStatus": "SENT", "InventoryUpdatedAt": "2026-01-01T00:00:00.000Z"}
    put(stack, "Shipments", **shipment, **done)
    group = {
        "orderId": order,
        "fulfillmentCenterId": "fc-1",
        "attempt": 1,
        "reserved": True,
        "products": [{"id": "item-1", "quantity": 1}],
        "arrivalDate": "2026-01-05",
        "customerId": "c-1",
        "parts": [{"step": "UpdateInventory", "done": False, "error": "States.Timeout"}],
    }

    given = {"groups": [group], "executionArn": "arn:aws:states:us-east-1:0:execution:f:one"}
    answered = invoke(stack, "cancel_shipments", given)
    settle(stack.cloud, stack.queues)
    (review,) = evidence.manual_review(stack, order)
    assert answered == {"cancelled": [], "done": ["fc-1"]}
    assert (review["Step"], review["ExecutionArn"]) == ("Fulfill fc-1", given["executionArn"])
