"""AuthorizePayment, CapturePayment and VoidPayment, as the machine invokes them."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.orders.rules.errors import InvalidOrder, OrderCancelled
from handlers.payments.authorize_payment import handler as authorize
from handlers.payments.capture_payment import handler as capture
from handlers.payments.rules.errors import (
    PaymentDeclined,
    PaymentGatewayUnavailable,
    PaymentNotVerified,
    PaymentVoided,
)
from handlers.payments.void_payment import handler as void
from handlers.shared.adapters.dynamodb import typed
from handlers.shared.rules.errors import BadInput

ORDER = {"orderId": "order-1", "amount": 100000, "currency": "USD"}
VISA = {**ORDER, "payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"}}

pytestmark = pytest.mark.usefixtures("dynamodb")


def with_token(token: str) -> dict[str, Any]:
    return {**ORDER, "payment": {"token": token, "cardType": "VISA", "last4": "0000"}}


def test_an_order_is_authorized_then_captured(context: LambdaContext) -> None:
    assert authorize(VISA, context)["authorizationId"].startswith("auth_")
    assert capture(ORDER, context)["chargeId"].startswith("ch_")


def test_an_amount_without_a_fraction_is_an_integer(context: LambdaContext, dynamodb: Any) -> None:
    authorize({**VISA, "amount": 100000.0}, context)
    assert authorize(VISA, context) == authorize({**VISA, "amount": 1e5}, context)
    assert capture({**ORDER, "amount": 100000.0}, context) == capture(ORDER, context)


def test_a_second_delivery_gets_the_first_ones_answer(context: LambdaContext) -> None:
    assert authorize(VISA, context) == authorize(VISA, context)
    assert capture(ORDER, context) == capture(ORDER, context)


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        ("tok_chargeDeclined", PaymentDeclined),
        ("tok_chargeDeclinedInsufficientFunds", PaymentDeclined),
        ("tok_chargeDeclinedProcessingError", PaymentGatewayUnavailable),
        ("tok_nobody_issued_this", PaymentNotVerified),
    ],
)
def test_a_test_token_ends_as_it_says(
    token: str, refusal: type[Exception], context: LambdaContext
) -> None:
    with pytest.raises(refusal):
        authorize(with_token(token), context)
    assert void(ORDER, context) == {"result": "NOTHING"}


@pytest.mark.parametrize(
    "row", [{"State": "PENDING", "CancelRequested": True}, {"State": "CANCELLED"}]
)
def test_an_order_that_its_customer_cancelled_is_not_captured(
    row: dict[str, Any], context: LambdaContext, dynamodb: Any
) -> None:
    dynamodb.put_item(TableName="CustomerOrders", Item=typed({"OrderId": "order-1", **row}))
    authorize(VISA, context)
    with pytest.raises(OrderCancelled):
        capture(ORDER, context)
    assert void(ORDER, context) == {"result": "VOIDED"}


@pytest.mark.parametrize("state", ["PENDING", "PROCESSED"])
def test_an_order_that_nobody_cancelled_is_captured(
    state: str, context: LambdaContext, dynamodb: Any
) -> None:
    dynamodb.put_item(
        TableName="CustomerOrders", Item=typed({"OrderId": "order-1", "State": state})
    )
    authorize(VISA, context)
    assert capture(ORDER, context)["chargeId"].startswith("ch_")


@pytest.mark.parametrize(
    "row",
    [
        {"OrderTotal": 100001, "Currency": "USD"},
        {"OrderTotal": 100000, "Currency": "EUR"},
        {"OrderTotal": 100000, "Currency": "USD", "CartId": "835235"},
    ],
    ids=["total", "currency", "a checkout's"],
)
def test_an_order_that_is_not_the_one_that_was_accepted_is_not_captured(
    row: dict[str, Any], context: LambdaContext, dynamodb: Any
) -> None:
    pending = {"OrderId": "order-1", "State": "PENDING", **row}
    dynamodb.put_item(TableName="CustomerOrders", Item=typed(pending))
    authorize(VISA, context)
    with pytest.raises(InvalidOrder, match="accepted under this id"):
        capture(ORDER, context)
    assert void(ORDER, context) == {"result": "VOIDED"}


def test_an_order_as_it_was_accepted_is_captured(context: LambdaContext, dynamodb: Any) -> None:
    row = {"OrderId": "order-1", "State": "PENDING", "OrderTotal": 100000, "Currency": "USD"}
    dynamodb.put_item(TableName="CustomerOrders", Item=typed(row))
    authorize(VISA, context)
    assert capture(ORDER, context)["chargeId"].startswith("ch_")


def test_a_void_before_anything_happened_refuses_the_hold_that_lands_late(
    context: LambdaContext,
) -> None:
    assert void(ORDER, context) == {"result": "NOTHING"}
    with pytest.raises(PaymentVoided, match="order-1"):
        authorize(VISA, context)


def test_a_void_of_a_hold_refuses_the_capture_that_lands_late(context: LambdaContext) -> None:
    authorize(VISA, context)
    assert void(ORDER, context) == {"result": "VOIDED"}
    with pytest.raises(PaymentVoided):
        capture(ORDER, context)


def test_a_void_of_a_capture_refunds_and_says_so_again(context: LambdaContext) -> None:
    authorize(VISA, context)
    capture(ORDER, context)
    assert void(ORDER, context) == void(ORDER, context) == {"result": "REFUNDED"}


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({**VISA, "orderId": "tok_visa"}, "orderId must be"),
        ({**VISA, "amount": 10.5}, "amount must be"),
        ({**VISA, "amount": True}, "amount must be"),
        ({**VISA, "amount": 0}, "amount must be"),
        ({**VISA, "currency": "usd"}, "currency must be"),
        ({**VISA, "payment": None}, "token is missing"),
        ({**VISA, "payment": {"token": 1}}, "payment.token must be"),
        ("order-1", "orderId is missing"),
    ],
)
def test_a_payload_of_another_form_is_bad_input(
    payload: Any, sentence: str, context: LambdaContext
) -> None:
    with pytest.raises(BadInput, match=sentence):
        authorize(payload, context)
