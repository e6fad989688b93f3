"""Asking the outside services, and the answers that are there before the question."""

import json
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from handlers.checkout import wiring as checkout_wiring
from handlers.checkout.adapters.services import services
from handlers.checkout.adapters.waiting_tasks import Tasks
from handlers.checkout.request_payment import handler as request_payment
from handlers.checkout.request_shipping import handler as request_shipping
from handlers.checkout.rules.answers import Step, answer
from handlers.checkout.rules.checkout_request import normalized
from handlers.checkout.rules.errors import CheckoutClosed
from handlers.checkout.rules.refusals import Stage, refusal
from handlers.shared.rules.errors import BadInput, ServiceUnavailable
from tests.handlers.checkouts import CART, EXECUTION, ORDER_ID, Machine, Shop, checkout

HANDLERS = {Step.PAYMENT: request_payment, Step.SHIPPING: request_shipping}
MESSAGES = {
    Step.PAYMENT: {
        "service": "payment",
        "orderId": ORDER_ID,
        "amount": 127,
        "currency": "USD",
        "callbackUrl": "https://api.example.com/callbacks/payment",
    },
    Step.SHIPPING: {
        "service": "shipping",
        "orderId": ORDER_ID,
        "cartId": CART,
        "address": "221B Baker Street",
        "items": [{"itemId": "Orange", "quantity": 1}, {"itemId": "Banana", "quantity": 2}],
        "callbackUrl": "https://api.example.com/callbacks/shipping",
    },
}


class Asked(Shop):
    """A shop with an order, and the queue that its requests go to."""

    def __init__(self, dynamodb: Any) -> None:
        super().__init__(dynamodb)
        self.stocked()
        self.order = normalized(self.attempts.create(checkout(), EXECUTION))
        self.sqs = boto3.client("sqs")
        self.url: str = self.sqs.create_queue(QueueName="requests")["QueueUrl"]

    def messages(self) -> list[dict[str, Any]]:
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in found.get("Messages", ())]

    def event(self, token: str = "t-1") -> dict[str, Any]:
        self.machine.waiting.add(token)
        return {"order": self.order, "taskToken": token}


@pytest.fixture
def shop(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked(dynamodb)
    monkeypatch.setenv("SERVICE_REQUESTS_QUEUE_URL", made.url)
    monkeypatch.setattr(checkout_wiring, "waiting_tasks", lambda: made.machine)
    return made


@pytest.mark.parametrize("step", Step)
def test_a_request_has_what_the_service_needs_and_never_the_token(
    step: Step, shop: Asked, context: LambdaContext
) -> None:
    assert HANDLERS[step](shop.event(), context) == {}
    assert shop.messages() == [MESSAGES[step]]
    row = shop.pending(step)
    assert (row["Token"], row["Status"]) == ("t-1", "WAITING")


@pytest.mark.parametrize("step", Step)
def test_a_second_try_waits_with_its_own_token_and_asks_again(
    step: Step, shop: Asked, context: LambdaContext
) -> None:
    HANDLERS[step](shop.event("t-1"), context)
    HANDLERS[step](shop.event("t-2"), context)
    assert shop.messages() == [MESSAGES[step]] * 2
    assert shop.pending(step)["Token"] == "t-2"


@pytest.mark.parametrize("word", ["succeeded", "failed", "nonsense"])
def test_an_answer_that_came_first_is_passed_on_and_nothing_is_asked(
    word: str, shop: Asked, context: LambdaContext
) -> None:
    shop.receiving.receive(Step.PAYMENT, ORDER_ID, word)
    request_payment(shop.event(), context)
    assert shop.machine.answers == [answer(Step.PAYMENT, word)]
    assert shop.messages() == []
    assert shop.pending("payment")["Status"] == "ANSWERED"


def test_an_answer_that_another_try_had_is_passed_on_to_this_one(
    shop: Asked, context: LambdaContext
) -> None:
    request_payment(shop.event("t-1"), context)
    shop.receiving.receive(Step.PAYMENT, ORDER_ID, "succeeded")
    request_payment(shop.event("t-2"), context)
    assert [said.word for said in shop.machine.answers] == ["succeeded", "succeeded"]


@pytest.mark.parametrize("step", Step)
def test_nothing_is_asked_for_an_order_that_has_failed(
    step: Step, shop: Asked, context: LambdaContext
) -> None:
    shop.fail(refusal(Stage.PAYMENT, "States.Timeout", ""))
    with pytest.raises(CheckoutClosed, match=ORDER_ID):
        HANDLERS[step](shop.event(), context)
    assert shop.messages() == []


@pytest.mark.parametrize("step", Step)
def test_a_queue_that_does_not_take_the_request_is_a_passing_error(
    step: Step, shop: Asked, context: LambdaContext
) -> None:
    shop.sqs.delete_queue(QueueUrl=shop.url)
    with pytest.raises(ServiceUnavailable, match=f"the {step} service"):
        HANDLERS[step](shop.event(), context)
    assert shop.pending(step)["Status"] == "WAITING"


@pytest.mark.parametrize("handler", HANDLERS.values())
def test_a_payload_of_another_form_is_bad_input(handler: Any, context: LambdaContext) -> None:
    with pytest.raises(BadInput, match="order is missing"):
        handler({"taskToken": "t-1"}, context)


def test_unknown_services_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"OUTSIDE_SERVICES is 'real', .* use one of simulated"):
        services("real")


class States:
    """A Step Functions client that records what it is asked, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.calls = error, list[tuple[str, dict[str, str]]]()

    def __getattr__(self, name: str) -> Any:
        def call(**request: str) -> None:
            self.calls.append((name, request))
            if self.error:
                raise self.error

        return call


def gone(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "SendTaskSuccess")


def test_a_task_is_answered_in_the_words_of_step_functions() -> None:
    states = States()
    tasks = Tasks(states)
    assert tasks.answer("t", answer(Step.SHIPPING, "available"))
    assert tasks.answer("t", answer(Step.SHIPPING, "unavailable"))
    assert tasks.keep_alive("t")
    cause = "the shipping service reported that it cannot ship the order"
    assert states.calls == [
        ("send_task_success", {"taskToken": "t", "output": '{"status": "available"}'}),
        ("send_task_failure", {"taskToken": "t", "error": "ShippingFailed", "cause": cause}),
        ("send_task_heartbeat", {"taskToken": "t"}),
    ]


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_task_that_is_gone_takes_no_answer(code: str) -> None:
    tasks = Tasks(States(gone(code)))
    assert not tasks.answer("t", answer(Step.PAYMENT, "succeeded"))
    assert not tasks.keep_alive("t")


def test_a_failing_service_is_no_lost_task() -> None:
    with pytest.raises(Exception, match="AccessDenied"):
        Tasks(States(gone("AccessDeniedException"))).keep_alive("t")


def test_the_machine_stand_in_takes_one_answer() -> None:
    machine = Machine(waiting={"t"})
    assert machine.answer("t", answer(Step.PAYMENT, "succeeded"))
    assert not machine.answer("t", answer(Step.PAYMENT, "succeeded"))
