"""Purchase intake, executed: HTTP, the queue, the machine, the table and the mail."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from local import evidence
from local.settling import settle
from local.stack import Stack
from tests.embedded.helpers import change, put_stock, sweep
from tests.embedded.intake import ORDER, api, captures, decided, message, place, send, unread


@pytest.fixture(autouse=True)
def stocked(stack: Stack) -> None:
    put_stock(stack, on_hand=1000)


@contextmanager
def impatient(stack: Stack) -> Iterator[None]:
    """A message that was failed comes again after a second, not after two minutes."""
    sqs, queue = stack.cloud.client("sqs"), {"QueueUrl": stack.outputs["purchaseQueue"]}
    name = "VisibilityTimeout"
    usual = sqs.get_queue_attributes(**queue, AttributeNames=[name])["Attributes"][name]
    sqs.set_queue_attributes(**queue, Attributes={name: "1"})
    yield
    sqs.set_queue_attributes(**queue, Attributes={name: usual})


def test_an_order_placed_over_http_is_processed_and_its_customer_is_notified(stack: Stack) -> None:
    answer = place(stack)

    assert answer.status == 202
    assert answer.document == {"orderId": answer.document["orderId"], "state": "PENDING"}
    order_id = answer.document["orderId"]
    assert answer.headers["location"] == f"/orders/{order_id}"
    row = decided(stack, order_id)
    assert row["State"] == "PROCESSED"
    assert captures(stack, order_id) == 1
    assert [mail["to"] for mail in evidence.emails(stack, order_id)] == ["jane.roe@example.com"]
    seen = api(stack).send("GET", answer.headers["location"])
    assert (seen.status, seen.document["state"]) == (200, "PROCESSED")
    assert seen.document["orderTotal"] == "20.00"


def test_a_repeated_request_finds_the_same_order_and_another_under_its_key_is_refused(
    stack: Stack,
) -> None:
    key = str(uuid4())
    first, again = place(stack, key), place(stack, key)
    other = place(stack, key, customerId="c-9")

    assert (first.status, again.status, other.status) == (202, 202, 409)
    assert first.document["orderId"] == again.document["orderId"]
    decided(stack, first.document["orderId"])
    assert captures(stack, first.document["orderId"]) == 1


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"orderTotal": 21}, 400, "orderTotal"),
        ({"customerId": 7}, 400, "customerId"),
        ({"orderContents": {"items": []}}, 400, "orderContents.items"),
        (
            {
                "orderContents": {"items": [{"itemId": "item-1", "price": 9, "quantity": 2}]},
                "orderTotal": 18,
            },
            422,
            "orderContents.items[0].price",
        ),
        (
            {
                "orderContents": {"items": [{"itemId": "nothing-like-it", "price": 20}]},
            },
            422,
            "orderContents.items[0].itemId",
        ),
    ],
)
def test_a_request_that_cannot_be_taken_is_answered_with_its_field_and_writes_nothing(
    stack: Stack, changes: dict[str, Any], status: int, field: str
) -> None:
    count = {"TableName": stack.table("CustomerOrders"), "Select": "COUNT"}
    before = stack.cloud.client("dynamodb").scan(**count)["Count"]

    answer = place(stack, **changes)

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.document["errors"]] == [field]
    assert stack.cloud.client("dynamodb").scan(**count)["Count"] == before


def test_who_is_not_known_gets_nothing(stack: Stack) -> None:
    unsigned = api(stack, signed=False)

    body = json.dumps(ORDER).encode()
    assert unsigned.send("POST", "/orders", body).status == 403
    assert unsigned.send("GET", f"/orders/{uuid4()}").status == 403
    assert unsigned.send("GET", "/customers/c-1/orders").status == 403
    assert unsigned.send("POST", f"/orders/{uuid4()}/cancel").status == 403


def test_an_order_whose_message_was_never_sent_is_queued_by_the_sweeper(stack: Stack) -> None:
    with unread(stack):
        order_id = place(stack).document["orderId"]
        stack.cloud.client("sqs").purge_queue(QueueUrl=stack.outputs["purchaseQueue"])
    change(stack, "CustomerOrders", {"OrderId": order_id}, QueuedAt=None)

    sweep(stack, order_id)

    assert decided(stack, order_id)["State"] == "PROCESSED"
    assert captures(stack, order_id) == 1


def test_an_order_of_another_system_is_paid_however_often_its_message_comes(stack: Stack) -> None:
    sent = message()
    send(stack, sent, sent, sent)

    row = decided(stack, sent["orderId"])

    assert row["State"] == "PROCESSED"
    assert captures(stack, sent["orderId"]) == 1


def test_a_bad_message_with_a_payment_is_recorded_as_invalid_and_closed(stack: Stack) -> None:
    sent = message(orderTotal=999)
    send(stack, sent)

    row = decided(stack, sent["orderId"])

    assert (row["State"], row["Reason"]) == ("FAILED", "InvalidOrder")
    assert row["ClosedAt"]
    assert captures(stack, sent["orderId"]) == 0


def test_a_message_that_says_paid_proves_nothing_and_reaches_the_dead_letters_alone(
    stack: Stack,
) -> None:
    unpaid = message()
    del unpaid["payment"]
    good = [message() for _ in range(3)]
    with impatient(stack):
        send(stack, good[0], "no JSON at all", good[1], unpaid, good[2])
        settle(stack.cloud, stack.queues)

    assert {decided(stack, sent["orderId"])["State"] for sent in good} == {"PROCESSED"}
    assert evidence.order_row(stack, unpaid["orderId"]) is None
    assert Counter(dead_letters(stack)) == Counter(["no JSON at all", json.dumps(unpaid)])


def dead_letters(stack: Stack) -> list[str]:
    sqs = stack.cloud.client("sqs")
    (url,) = sqs.list_queues(QueueNamePrefix="PurchaseQueue-dead-letters")["QueueUrls"]
    bodies = []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [found["Body"] for found in batch]
        for found in batch:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=found["ReceiptHandle"])
    return bodies


def test_of_many_at_once_each_accepted_order_ends_once_and_the_malformed_are_refused(
    stack: Stack,
) -> None:
    def one(number: int) -> Any:
        if number % 10 == 3:
            return place(stack, orderTotal=-1)
        key = f"crowd-{number - 1 if number % 10 == 7 else number}-{run}"
        return place(stack, key)

    run = uuid4()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(20)))

    taken = [answer for answer in answers if answer.status == 202]
    orders = {answer.document["orderId"] for answer in taken}
    assert Counter(answer.status for answer in answers) == {202: 18, 400: 2}
    assert len(orders) == 16
    assert {decided(stack, order)["State"] for order in orders} == {"PROCESSED"}
    assert [captures(stack, order) for order in orders] == [1] * 16


def test_a_cancelled_order_gives_money_and_stock_back_and_is_notified_once(
    stack: Stack,
) -> None:
    order_id = place(stack, customerId="c-cancels").document["orderId"]
    decided(stack, order_id)

    first = api(stack).send("POST", f"/orders/{order_id}/cancel")
    again = api(stack).send("POST", f"/orders/{order_id}/cancel")

    assert (first.status, again.status) == (200, 200)
    row = decided(stack, order_id)
    assert (row["State"], row["Reason"], row["PaymentStatus"]) == (
        "CANCELLED",
        "OrderCancelled",
        "Refunded",
    )
    assert evidence.payments(stack, order_id)[-1]["operation"] == "refund"
    assert evidence.stock(stack, ["item-1"]) == {"item-1": {"onHand": 1000, "reserved": 0}}
    subjects = [mail["subject"] for mail in evidence.emails(stack, order_id)]
    assert [subject.rpartition(" is ")[2] for subject in subjects] == ["paid", "cancelled"]


def test_a_customers_orders_are_listed_the_newest_first_page_by_page(stack: Stack) -> None:
    customer = f"é +&=;@:|\\'.. {uuid4()}"
    placed = [place(stack, customerId=customer).document["orderId"] for _ in range(3)]

    path = f"/customers/{quote(customer, safe='')}/orders?limit=2"
    first = api(stack).send("GET", path).document
    second = api(stack).send("GET", f"{path}&nextToken={first['nextToken']}").document

    listed = [order["orderId"] for order in first["orders"] + second["orders"]]
    assert listed == placed[::-1]
    for order_id in placed:
        decided(stack, order_id)
