"""The simulated gateway: its vault, its ledger, its races and its outages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.payments.adapters.vault import TEST_TOKENS
from handlers.payments.rules.cards import Card
from handlers.payments.rules.errors import (
    PaymentDeclined,
    PaymentGatewayUnavailable,
    PaymentMismatch,
    PaymentNotVerified,
    PaymentVoided,
)
from handlers.payments.rules.gateway import Payment
from handlers.shared.adapters.dynamodb import Row, read

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def gateway(client: Any, at: datetime = NOON) -> SimulatedGateway:
    return SimulatedGateway(client, "PaymentGateway", clock=lambda: at)


def card(number: str, card_type: str = "VISA", expires: date = date(2029, 8, 31)) -> Card:
    return Card("Ada Lovelace", card_type, number, expires)


def ledger(client: Any, order_id: str = "o-1") -> list[Row]:
    row = read(client, "PaymentGateway", Id=order_id)
    return [] if row is None else row["Entries"]


def authorize_card(client: Any, used: Card) -> None:
    held = gateway(client)
    held.authorize("o-1", 500, "USD", held.tokenize(used).token)


class Hooked:
    """A DynamoDB client that does something else right before or after one of its writes."""

    def __init__(self, client: Any, before: Callable[[], Any], after: Callable[[], Any]) -> None:
        self._client = client
        self._before = before
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_item(self, **request: Any) -> Any:
        before, self._before = self._before, nothing
        before()
        answer = self._client.update_item(**request)
        after, self._after = self._after, nothing
        after()
        return answer


def nothing() -> None:
    """Stands for no other event."""


def lost_answer() -> None:
    raise ReadTimeoutError(endpoint_url="https://dynamodb")


def test_the_ledger_lists_what_took_effect_in_order_and_once(dynamodb: Any) -> None:
    paid = gateway(dynamodb)
    for _ in range(2):
        paid.authorize("o-1", 500, "USD", "tok_visa")
    for _ in range(2):
        paid.capture("o-1", 500, "USD")
    for _ in range(2):
        assert paid.void("o-1") == "REFUNDED"
    assert ledger(dynamodb) == [
        {
            "operation": operation,
            "amount": 500,
            "currency": "USD",
            "idempotencyKey": f"o-1:{operation}",
            "at": "2026-01-31T12:00:00.000Z",
        }
        for operation in ("authorize", "capture", "refund")
    ]


def test_the_same_order_with_another_amount_is_an_error(dynamodb: Any) -> None:
    gateway(dynamodb).authorize("o-1", 500, "USD", "tok_visa")
    with pytest.raises(PaymentMismatch):
        gateway(dynamodb).authorize("o-1", 501, "USD", "tok_visa")


def test_orders_do_not_share_a_ledger(dynamodb: Any) -> None:
    first = gateway(dynamodb).authorize("o-1", 500, "USD", "tok_visa")
    assert gateway(dynamodb).authorize("o-2", 500, "USD", "tok_visa") != first
    assert gateway(dynamodb).void("o-2") == "VOIDED"
    assert [entry["operation"] for entry in ledger(dynamodb)] == ["authorize"]


@pytest.mark.parametrize("token", sorted(TEST_TOKENS))
def test_a_test_tokens_look_is_known_without_a_row(token: str, dynamodb: Any) -> None:
    payment = gateway(dynamodb).look_up(token)
    assert payment.card_type != "UNKNOWN"
    assert len(payment.last4) == 4


def test_a_token_nobody_issued_is_refused_only_when_it_is_to_pay(dynamodb: Any) -> None:
    assert gateway(dynamodb).look_up("tok_made_up") == Payment("tok_made_up", "UNKNOWN", "")
    with pytest.raises(PaymentNotVerified):
        gateway(dynamodb).authorize("o-1", 500, "USD", "tok_made_up")


def test_an_order_is_not_taken_for_a_token(dynamodb: Any) -> None:
    gateway(dynamodb).void("o-1")
    with pytest.raises(PaymentNotVerified):
        gateway(dynamodb).authorize("o-2", 500, "USD", "o-1")


@pytest.mark.parametrize(
    ("used", "refusal"),
    [
        (card("4242424242424241"), PaymentNotVerified),
        (card("4242424242424242", "JCB"), PaymentNotVerified),
        (card("4242424242424242", expires=date(2025, 12, 31)), PaymentNotVerified),
        (card("4000000000000002"), PaymentDeclined),
        (card("4000000000009995"), PaymentDeclined),
        (card("4000000000000119"), PaymentGatewayUnavailable),
    ],
)
def test_a_card_that_is_no_good_is_kept_and_refused_when_it_is_to_pay(
    used: Card, refusal: type[Exception], dynamodb: Any
) -> None:
    with pytest.raises(refusal):
        authorize_card(dynamodb, used)
    assert ledger(dynamodb) == []


def test_a_decline_carries_the_issuers_code(dynamodb: Any) -> None:
    with pytest.raises(PaymentDeclined, match="insufficient_funds"):
        authorize_card(dynamodb, card("4000000000009995"))


def test_a_good_card_pays(dynamodb: Any) -> None:
    authorize_card(dynamodb, card("5555555555554444", "MASTERCARD"))
    assert [entry["operation"] for entry in ledger(dynamodb)] == ["authorize"]


def test_the_vault_keeps_neither_number_nor_holder(dynamodb: Any) -> None:
    payment = gateway(dynamodb).tokenize(card("4242424242424242"))
    rows = str(dynamodb.scan(TableName="PaymentGateway")["Items"])
    assert payment.last4 == "4242"
    assert payment.token in rows
    assert "42424242" not in rows
    assert "Ada" not in rows


def test_a_card_gets_another_token_each_time(dynamodb: Any) -> None:
    used = card("4242424242424242")
    assert gateway(dynamodb).tokenize(used) != gateway(dynamodb).tokenize(used)


def test_a_repeated_hold_does_not_ask_the_card_again(dynamodb: Any) -> None:
    token = gateway(dynamodb).tokenize(card("4242424242424242", expires=date(2026, 1, 31))).token
    first = gateway(dynamodb).authorize("o-1", 500, "USD", token)
    next_day = gateway(dynamodb, datetime(2026, 2, 1, tzinfo=UTC))
    assert next_day.authorize("o-1", 500, "USD", token) == first


def test_a_void_between_reading_and_holding_wins(dynamodb: Any) -> None:
    raced = Hooked(dynamodb, lambda: gateway(dynamodb).void("o-1"), nothing)
    with pytest.raises(PaymentVoided):
        gateway(raced).authorize("o-1", 500, "USD", "tok_visa")
    assert ledger(dynamodb) == []


def test_a_void_between_reading_and_capturing_wins(dynamodb: Any) -> None:
    gateway(dynamodb).authorize("o-1", 500, "USD", "tok_visa")
    raced = Hooked(dynamodb, lambda: gateway(dynamodb).void("o-1"), nothing)
    with pytest.raises(PaymentVoided):
        gateway(raced).capture("o-1", 500, "USD")
    assert [entry["operation"] for entry in ledger(dynamodb)] == ["authorize", "void"]


def test_a_void_that_finds_a_capture_under_way_refunds_it(dynamodb: Any) -> None:
    gateway(dynamodb).authorize("o-1", 500, "USD", "tok_visa")
    raced = Hooked(dynamodb, lambda: gateway(dynamodb).capture("o-1", 500, "USD"), nothing)
    assert gateway(raced).void("o-1") == "REFUNDED"
    assert [entry["operation"] for entry in ledger(dynamodb)] == ["authorize", "capture", "refund"]


@pytest.mark.parametrize("operation", ["authorize", "capture", "void"])
def test_an_operation_whose_answer_was_lost_is_done_once(operation: str, dynamodb: Any) -> None:
    if operation != "authorize":
        gateway(dynamodb).authorize("o-1", 500, "USD", "tok_visa")
    calls: dict[str, Callable[[Any], Any]] = {
        "authorize": lambda client: gateway(client).authorize("o-1", 500, "USD", "tok_visa"),
        "capture": lambda client: gateway(client).capture("o-1", 500, "USD"),
        "void": lambda client: gateway(client).void("o-1"),
    }
    with pytest.raises(PaymentGatewayUnavailable):
        calls[operation](Hooked(dynamodb, nothing, lost_answer))
    entries = ledger(dynamodb)
    calls[operation](dynamodb)
    assert ledger(dynamodb) == entries
    assert entries[-1]["operation"] == operation


@pytest.mark.parametrize(
    "failure",
    [
        ReadTimeoutError(endpoint_url="https://dynamodb"),
        EndpointConnectionError(endpoint_url="https://dynamodb"),
        ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem"),
        ClientError(
            {
                "Error": {"Code": "InternalServerError"},
                "ResponseMetadata": {"HTTPStatusCode": 500},
            },
            "UpdateItem",
        ),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_failing_table_is_a_gateway_to_try_again(failure: Exception, dynamodb: Any) -> None:
    def fail() -> None:
        raise failure

    with pytest.raises(PaymentGatewayUnavailable):
        gateway(Hooked(dynamodb, fail, nothing)).void("o-1")


def test_a_missing_permission_is_nothing_to_try_again(dynamodb: Any) -> None:
    def deny() -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")

    with pytest.raises(ClientError):
        gateway(Hooked(dynamodb, deny, nothing)).void("o-1")
