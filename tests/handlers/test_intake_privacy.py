"""No personal data, no card and no token in what the intake logs, sends or answers."""

from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.cancellation import cancel_order
from handlers.intake import get_order, list_orders, place_order, start_order
from handlers.recovery import sweep_orders
from tests.handlers.bus import batch
from tests.handlers.http import customer, event
from tests.handlers.placing import CARD, CUSTOMER, MESSAGE, ORDER, ORDER_ID, Store, ago
from tests.handlers.test_privacy import assert_private, logged

NUMBERS = ("4242424242424242", "4242424242424241", "4000000000000119")
KEY = {"headers": {"content-type": "application/json", "idempotency-key": "my-Ada-key"}}


def placed(**details: str) -> dict[str, Any]:
    return {**ORDER, "paymentDetails": {**CARD, "cardType": "VISA", **details}}


@pytest.mark.parametrize("number", NUMBERS)
def test_an_order_leaves_its_id_and_nothing_else_in_the_log_and_the_queue(
    number: str, store: Store, context: LambdaContext, log: StringIO
) -> None:
    body = placed(cardNumber=number)
    for authorizer in (customer(CUSTOMER), customer("Ada"), None):
        text = logged(
            log, place_order.handler, event("POST /orders", authorizer, body, **KEY), context
        )
        assert_private(text)
    assert_private(str(store.messages()))
    assert '"orderId":' in log.getvalue()


@pytest.mark.parametrize("number", NUMBERS)
def test_no_card_number_is_in_any_table_or_answer(
    number: str, store: Store, context: LambdaContext
) -> None:
    answer = place_order.handler(
        event("POST /orders", body=placed(cardNumber=number), **KEY), context
    )
    tables = store.client.list_tables()["TableNames"]
    everything = str([store.rows(table) for table in tables]) + str(answer)
    for part in (number, number[:12], number[:6], number[6:12]):
        assert part not in everything.replace(" ", "")


def test_no_answer_tells_what_an_order_is_paid_with(store: Store, context: LambdaContext) -> None:
    store.put_order()
    path = {"pathParameters": {"orderId": ORDER_ID, "customerId": CUSTOMER}}
    for module, route in (
        (get_order, "GET /orders/{orderId}"),
        (list_orders, "GET /customers/{customerId}/orders"),
        (cancel_order, "POST /orders/{orderId}/cancel"),
    ):
        answer = module.handler(event(route, **path), context)
        assert answer["statusCode"] < 300
        assert_private(answer["body"])


def test_a_refusal_repeats_nothing_that_was_sent(
    store: Store, context: LambdaContext, log: StringIO
) -> None:
    wrong = [
        placed(cardNumber="4242"),
        placed(name="Ada\n"),
        {**ORDER, "Ada Lovelace 4242424242424242": 1},
        {**ORDER, "address": "221B Baker Street 4242424242424242"},
    ]
    for body in wrong:
        answer = place_order.handler(event("POST /orders", body=body), context)
        assert answer["statusCode"] == 400
        assert_private(answer["body"])
    assert_private(log.getvalue())


def test_the_queue_and_the_sweep_log_ids_only(
    store: Store, context: LambdaContext, log: StringIO
) -> None:
    bad = {**MESSAGE, "email": "ada@", "note": "4242424242424242"}
    unknown = "99999999-2222-4333-8444-555555555555"
    store.put_order(OrderId=unknown, UpdatedAt=ago(days=2))
    for function, given in (
        (start_order.handler, batch(bad, {**bad, "orderId": unknown}, "Ada 4242424242424242")),
        (sweep_orders.handler, {}),
    ):
        assert_private(logged(log, function, given, context))
    assert ORDER_ID in log.getvalue()
    assert boto3.client("sqs").list_queues()["QueueUrls"]
