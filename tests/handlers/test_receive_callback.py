"""Callbacks over HTTP: who may send one, what it must look like, and how it is answered."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.checkout import wiring as checkout_wiring
from handlers.checkout.receive_callback import MAX_BYTES, handler
from handlers.checkout.rules.answers import Step
from handlers.checkout.rules.signatures import sign
from handlers.orders.rules.states import Voided
from handlers.payments import wiring as payments_wiring
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from tests.handlers.calls import PASSING, Calls, Fault
from tests.handlers.checkouts import EXECUTION, ORDER_ID, Machine, Shop, checkout

SECRET = b"what only the two of us know"
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def shop(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose order waits for its payment, and the secret in its manager."""
    made = Shop(dynamodb).stocked()
    made.attempts.create(checkout(), EXECUTION)
    made.callbacks.wait(ORDER_ID, Step.PAYMENT, "task-token")
    made.machine = Machine(waiting={"task-token"})
    monkeypatch.setattr(checkout_wiring, "waiting_tasks", lambda: made.machine)
    secret = boto3.client("secretsmanager").create_secret(
        Name="callbacks", SecretString=SECRET.decode()
    )
    monkeypatch.setenv("CALLBACK_SECRET_ARN", secret["ARN"])
    return made


def request(sent: bytes | str, step: str = "payment", /, **more: Any) -> dict[str, Any]:
    """A signed request as the HTTP API sends it to the function."""
    raw = sent.encode() if isinstance(sent, str) else sent
    now = str(int(datetime.now(UTC).timestamp()))
    return {
        "version": "2.0",
        "routeKey": f"POST /callbacks/{step}",
        "headers": {
            "content-type": "application/json",
            "x-orders-timestamp": now,
            "x-orders-signature": sign(SECRET, now, raw),
        },
        "body": raw.decode("latin-1"),
        "isBase64Encoded": False,
        **more,
    }


def callback(status: str = "succeeded", order: str = ORDER_ID) -> str:
    return json.dumps({"orderId": order, "status": status})


@pytest.fixture
def call(shop: Shop, context: LambdaContext) -> Call:
    """Sends a request and returns the answer."""

    def sent(*arguments: Any, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = handler(request(*arguments, **more), context)
        return answer

    return sent


def assert_problem(answer: dict[str, Any], status: int) -> None:
    """A problem document, and nothing else, that names its status."""
    assert answer["statusCode"] == status
    assert answer["headers"]["content-type"] == "application/problem+json"
    body = json.loads(answer["body"])
    assert set(body) - {"errors"} == {"type", "title", "status", "detail"}
    assert body["status"] == status


def assert_untouched(shop: Shop) -> None:
    assert shop.machine.answers == []
    assert shop.pending("payment")["Status"] == "WAITING"
    assert shop.row()["State"] == "PENDING"


def test_a_success_answers_the_task_and_a_repetition_does_not(shop: Shop, call: Call) -> None:
    first, second = call(callback()), call(callback())
    assert (first["statusCode"], json.loads(first["body"])) == (200, {"outcome": "accepted"})
    assert (second["statusCode"], json.loads(second["body"])) == (200, {"outcome": "repeated"})
    assert [said.word for said in shop.machine.answers] == ["succeeded"]


def test_a_contradiction_is_a_conflict(shop: Shop, call: Call) -> None:
    call(callback())
    assert_problem(call(callback("failed")), 409)
    assert len(shop.machine.answers) == 1


def test_an_answer_that_comes_first_is_kept(shop: Shop, call: Call) -> None:
    answer = call(callback("available"), "shipping")
    assert (answer["statusCode"], json.loads(answer["body"])) == (202, {"outcome": "kept"})


def test_processing_is_a_heartbeat(shop: Shop, call: Call) -> None:
    assert call(callback("processing"))["statusCode"] == 200
    assert shop.machine.heartbeats == ["task-token"]
    assert_untouched(shop)


def test_an_id_in_capitals_is_the_same_order(shop: Shop, call: Call) -> None:
    assert call(callback(order=ORDER_ID.upper()))["statusCode"] == 200


def test_a_body_in_base64_is_signed_as_it_was_sent(shop: Shop, call: Call) -> None:
    encoded = base64.b64encode(callback().encode()).decode()
    assert call(callback(), body=encoded, isBase64Encoded=True)["statusCode"] == 200


def test_headers_go_by_any_case(shop: Shop, context: LambdaContext) -> None:
    event = request(callback())
    event["headers"] = {name.title(): value for name, value in event["headers"].items()}
    assert handler(event, context)["statusCode"] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-orders-timestamp": "0"},
        {"x-orders-signature": "v1=00"},
        {"x-orders-timestamp": "now", "x-orders-signature": ""},
    ],
)
def test_a_forged_callback_is_refused_and_changes_nothing(
    headers: dict[str, str], shop: Shop, call: Call
) -> None:
    assert_problem(call(callback(), headers=headers), 401)
    assert_untouched(shop)


def test_a_stale_callback_is_refused(shop: Shop, call: Call) -> None:
    old = str(int(datetime.now(UTC).timestamp()) - 301)
    signed = sign(SECRET, old, callback().encode())
    headers = {"x-orders-timestamp": old, "x-orders-signature": signed}
    assert_problem(call(callback(), headers=headers), 401)
    assert_untouched(shop)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"succeeded"',
        "NaN",
        "[" * 2000,
        json.dumps({"orderId": ORDER_ID}),
        json.dumps({"status": "succeeded"}),
        json.dumps({"orderId": ORDER_ID, "status": None}),
        json.dumps({"orderId": ORDER_ID, "status": True}),
        json.dumps({"orderId": ORDER_ID, "status": ""}),
        json.dumps({"orderId": ORDER_ID, "status": " "}),
        json.dumps({"orderId": "o-1", "status": "succeeded"}),
        json.dumps({"orderId": [ORDER_ID], "status": "succeeded"}),
        json.dumps({"orderId": ORDER_ID, "status": "succeeded", "token": "x"}),
        '{"orderId": "' + ORDER_ID + '", "status": "failed", "status": "succeeded"}',
    ],
)
def test_a_malformed_callback_is_refused_and_changes_nothing(
    body: str, shop: Shop, call: Call
) -> None:
    assert_problem(call(body), 400)
    assert_untouched(shop)


def test_every_wrong_field_of_a_callback_is_named(call: Call) -> None:
    answer = call(json.dumps({"orderId": "o-1", "status": "available", "x": 1}))
    assert_problem(answer, 400)
    errors = json.loads(answer["body"])["errors"]
    assert [error["field"] for error in errors] == ["the callback", "orderId", "status"]


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("payment", "available"),
        ("payment", "unavailable"),
        ("shipping", "succeeded"),
        ("shipping", "failed"),
    ],
)
def test_an_answer_about_the_other_step_is_misdirected_and_changes_nothing(
    step: str, status: str, shop: Shop, call: Call
) -> None:
    assert_problem(call(callback(status), step), 400)
    assert_untouched(shop)
    assert shop.pending("shipping") == {}


@pytest.mark.parametrize("status", ["Succeeded", "succeeded ", "Available", "no", "0"])
def test_an_unknown_word_fails_the_step(status: str, shop: Shop, call: Call) -> None:
    assert call(callback(status))["statusCode"] == 200
    (said,) = shop.machine.answers
    assert not said.succeeded


def test_bytes_that_are_no_text_are_refused(shop: Shop, call: Call) -> None:
    encoded = base64.b64encode(b"\xff").decode()
    assert_problem(call(b"\xff", body=encoded, isBase64Encoded=True), 400)


def test_what_is_said_to_be_base64_and_is_not_is_refused(shop: Shop, call: Call) -> None:
    assert_problem(call("%", isBase64Encoded=True), 400)


def test_an_oversized_body_is_refused_before_anyone_looks_at_it(shop: Shop, call: Call) -> None:
    body = callback()
    assert call(body + " " * (MAX_BYTES - len(body)))["statusCode"] == 200
    assert_problem(call("x" * (MAX_BYTES + 1), headers={}), 413)


def test_an_unknown_order_is_not_found(shop: Shop, call: Call) -> None:
    assert_problem(call(callback(order="00000000-0000-5000-8000-000000000000")), 404)
    assert_untouched(shop)


def test_an_unknown_route_is_not_found(call: Call) -> None:
    assert_problem(call(callback(), "refund"), 404)


class Unreachable:
    """A payment service that gives nothing back."""

    def cancel(self, order_id: str) -> Voided:
        raise PaymentGatewayUnavailable("no answer")


def test_a_late_payment_that_cannot_be_given_back_is_to_be_called_about_again(
    shop: Shop, call: Call, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    shop.set(State="FAILED", Reason="PaymentFailed")
    shop.machine.waiting.clear()
    monkeypatch.setattr(payments_wiring, "cancellation", Unreachable)
    assert_problem(call(callback()), 503)
    assert "PaymentGatewayUnavailable" in log.getvalue()


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.name)
def test_a_table_that_does_not_answer_is_to_be_called_about_again(
    fault: Fault, shop: Shop, call: Call, calls: Calls
) -> None:
    call(callback("processing"))  # which fetches the secret
    with calls.disturbed(0, fault):
        assert_problem(call(callback()), 503)
    assert calls.made == ["GetItem"]
    assert call(callback())["statusCode"] == 200


def test_nothing_secret_is_logged_or_answered(shop: Shop, call: Call, log: StringIO) -> None:
    answers = [
        call(callback()),
        call(callback("failed")),
        call(callback(), headers={"x-orders-signature": "v1=forged"}),
        call('{"ada@example.com'),
        call(json.dumps({"orderId": ORDER_ID, "status": "4242424242424242"})),
    ]
    text = log.getvalue() + json.dumps(answers)
    for secret in (SECRET.decode(), "task-token", "v1=", "ada@", "Baker", "4242"):
        assert secret not in text
    assert ORDER_ID in log.getvalue()


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.binary(max_size=200), st.dictionaries(st.text(max_size=30), st.text(max_size=80)))
def test_no_request_without_a_signature_gets_anywhere(
    shop: Shop, context: LambdaContext, body: bytes, headers: dict[str, str]
) -> None:
    event = request(body, headers=headers)
    assert handler(event, context)["statusCode"] == 401
    assert_untouched(shop)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_signed_document_does_worse_than_being_refused(
    shop: Shop, context: LambdaContext, value: Any
) -> None:
    for document in (value, {"orderId": value, "status": "succeeded"}):
        body = json.dumps(document)
        assert handler(request(body), context)["statusCode"] == 400
    assert_untouched(shop)
