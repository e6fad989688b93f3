"""No personal data and no card data in the log, whatever goes through the functions.

An error's sentence counts as logged: Lambda writes it when a handler raises.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import create_order, fail_checkout, request_payment, request_shipping
from handlers.checkout.rules.checkout_request import normalized
from handlers.fulfillment import start_fulfillment
from handlers.notifications import notify_user
from handlers.orders import publish_outcomes
from handlers.payments import authorize_payment, capture_payment, void_payment
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.recovery import reconcile_order, sweep_executions, sweep_orders
from handlers.shared.adapters.dynamodb import plain, typed
from handlers.shared.batches import each_message, each_row
from handlers.shared.observability import entry_point, logger
from handlers.stock import release_stock
from local.accept_order import accept
from tests.handlers.bus import Bus, batch, bus_event, failures, start_execution, stop_execution
from tests.handlers.checkouts import DOCUMENT, EXECUTION, ORDER_ID, Shop, checkout
from tests.handlers.rows import order
from tests.handlers.streams import batch as stream
from tests.handlers.streams import record

SECRETS = ("ada@", "example.com", "Baker", "Ada", "Lovelace", "tok_", "4242", "0002", "0119")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARDS = ("4242424242424242", "4242424242424241", "4000000000000002", "4000000000000119")
FUNCTIONS = (authorize_payment, capture_payment, void_payment, release_stock)


def posted(number: str) -> dict[str, Any]:
    return {
        "customerId": "c-1",
        "email": "ada@example.com",
        "address": "221B Baker Street",
        "orderContents": {"items": [{"itemId": "a", "price": 5}]},
        "orderTotal": 5,
        "paymentDetails": {
            "name": "Ada Lovelace",
            "cardType": "VISA",
            "cardNumber": number,
            "expiration": "08/29",
        },
    }


def logged(log: StringIO, function: Callable[[Any, Any], Any], *arguments: Any) -> str:
    """What one invocation leaves in the log, an uncaught error's sentence included."""
    try:
        function(*arguments)
    except Exception as error:
        return log.getvalue() + str(error)
    return log.getvalue()


def assert_private(text: str) -> None:
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("number", CARDS)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda module: module.__name__)
def test_a_machines_task_logs_the_orders_id_and_nothing_personal(
    function: Any, number: str, dynamodb: Any, context: LambdaContext, log: StringIO
) -> None:
    order = accept(posted(number), SimulatedGateway(dynamodb, "PaymentGateway"), "o-1", NOW)
    payload = {**order, "amount": 500}
    text = logged(log, function.handler, payload, context)
    assert_private(text)
    assert text


@pytest.fixture
def stopped(dynamodb: Any) -> str:
    """An accepted order whose execution was stopped; its ARN."""
    gateway = SimulatedGateway(dynamodb, "PaymentGateway")
    arn = start_execution(accept(posted(CARDS[0]), gateway, "o-1", NOW))
    stop_execution(arn)
    return arn


def test_the_functions_beside_the_machine_log_the_orders_id_and_nothing_personal(
    dynamodb: Any, stopped: str, bus: Bus, context: LambdaContext, log: StringIO
) -> None:
    reservation = {"OrderId": "o-1", "Status": "RESERVED", "Items": [], "ExecutionArn": stopped}
    expiry = {"Expiring": "yes", "ExpiresAt": 1}
    dynamodb.put_item(TableName="Reservations", Item=typed({**reservation, **expiry}))
    ended = bus_event("Step Functions Execution Status Change", executionArn=stopped)
    event = bus_event("OrderProcessed", orderId="o-1", email="ada@example.com")
    events = batch(event, '{"email": "ada@example.com"')
    broken = order("PROCESSED", OrderId="o-1", Currency="Ada Lovelace", OrderTotal="Baker")
    dynamodb.put_item(TableName="CustomerOrders", Item=typed(broken))
    changes = [
        record("CustomerOrders", None, broken),
        record("CustomerOrders", None, {**broken, "Reason": {"Ada"}}),
    ]
    functions: list[tuple[Any, dict[str, Any]]] = [
        (sweep_orders, {}),
        (sweep_executions, {}),
        (reconcile_order, batch(ended)),
        (publish_outcomes, stream(changes)),
        (notify_user, events),
        (start_fulfillment, events),
    ]
    for function, given in functions:
        text = logged(log, function.handler, given, context)
        assert text, function
        assert_private(text)
        log.truncate(log.seek(0))


CHECKOUT_PAYLOADS: dict[Any, list[dict[str, Any]]] = {
    create_order: [{}, {"checkout": {**DOCUMENT, "Address": "221B Baker Street\n"}}],
    request_payment: [{"taskToken": "tok_en"}],
    request_shipping: [{"taskToken": "tok_en"}],
    fail_checkout: [
        {"stage": "create", "error": "OutOfStock", "cause": "why"},
        {"stage": "shipping", "error": "States.Timeout", "cause": "why"},
    ],
}


@pytest.mark.parametrize("function", CHECKOUT_PAYLOADS, ids=lambda module: module.__name__)
def test_a_checkouts_task_logs_the_orders_id_and_nothing_personal(
    function: Any,
    dynamodb: Any,
    context: LambdaContext,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = boto3.client("sqs").create_queue(QueueName="requests")["QueueUrl"]
    monkeypatch.setenv("SERVICE_REQUESTS_QUEUE_URL", queue)
    shop = Shop(dynamodb).stocked()
    order = normalized(shop.attempts.create(checkout(), EXECUTION))
    known = {"checkout": DOCUMENT, "executionArn": EXECUTION, "order": order}
    for payload in CHECKOUT_PAYLOADS[function]:
        text = logged(log, function.handler, {**known, **payload}, context)
        assert_private(text)
    assert ORDER_ID in log.getvalue()


def test_the_answer_about_a_failed_checkout_holds_nothing_personal(
    dynamodb: Any, context: LambdaContext
) -> None:
    payload = {"checkout": DOCUMENT, "executionArn": EXECUTION, "stage": "create"}
    answer = fail_checkout.handler({**payload, "error": "OutOfStock", "cause": "why"}, context)
    assert answer["state"] == "FAILED"
    assert_private(str(answer))


def test_no_event_of_a_stopped_order_carries_personal_data(
    dynamodb: Any, stopped: str, bus: Bus, context: LambdaContext
) -> None:
    ended = bus_event("Step Functions Execution Status Change", executionArn=stopped)
    assert failures(reconcile_order.handler(batch(ended), context)) == []
    changes = [
        record(table, None, plain(item), number)
        for number, table in enumerate(("CustomerOrders", "ManualReview"), start=1)
        for item in dynamodb.scan(TableName=table)["Items"]
    ]
    assert "Baker" in str(changes)
    assert failures(publish_outcomes.handler(stream(changes), context)) == []
    events = bus.events()
    assert [name for name, _ in events] == ["OrderRejected", "ManualReviewRequired"]
    assert_private(str(events))


def test_a_message_that_fails_is_logged_without_what_it_holds(
    dynamodb: Any, context: LambdaContext, log: StringIO
) -> None:
    order = accept(posted(CARDS[0]), SimulatedGateway(dynamodb, "PaymentGateway"), "o-1", NOW)
    ended = bus_event("X", executionArn=None, status="FAILED", input=str(order))
    assert failures(reconcile_order.handler(batch(ended), context)) == ["m-0"]
    assert "message failed" in log.getvalue()
    assert_private(log.getvalue())


def test_turning_the_logging_of_events_on_logs_none(
    context: LambdaContext, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    handler = entry_point(lambda event, context: logger.info("handled"))
    handler(posted(CARDS[0]), context)
    assert "handled" in log.getvalue()
    assert_private(log.getvalue())


@pytest.mark.parametrize(
    "each",
    [
        lambda fail, _: each_row([{"OrderId": "o-1"}], fail),
        lambda fail, context: each_message(batch("body"), context, fail),
    ],
    ids=["rows", "messages"],
)
def test_an_errors_own_words_are_not_logged(
    each: Callable[[Any, Any], Any], context: LambdaContext, log: StringIO
) -> None:
    def fail(_: Any) -> None:
        raise KeyError("ada@example.com")

    logged(log, each, fail, context)
    assert '"error":"KeyError"' in log.getvalue()
    assert "test_privacy.py:" in log.getvalue()
    assert_private(log.getvalue())
