"""Checkout, executed: callbacks over HTTP, mails in the outbox, faults in every step."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

import asl
from local import evidence
from local.machines import task_states
from local.outside import OutsideServices
from local.result import Result
from local.runner import Runner
from local.scenario import Fault, Scenario
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.permissions import derived, without
from workflows import DEFINITIONS

_CARTS = count(1)
ON_HAND = 10
BACK = {"Orange": {"onHand": ON_HAND, "reserved": 0}}
ON_THE_WAY = ("CreateOrder", "RequestPayment", "RecordPayment", "RequestShipping", "ConfirmOrder")


def cart(**changes: Any) -> dict[str, Any]:
    """A good cart of its own."""
    return {
        "CartId": f"cart-{next(_CARTS)}",
        "Email": "jane.roe@example.com",
        "Address": "7 Secret Road, Singapore",
        "Orange": "2",
        "total_cost": "1.27",
        **changes,
    }


def scenario(*faults: Fault, **changes: Any) -> Scenario:
    given = {"stock": {"Orange": ON_HAND}, "input": cart(), **changes}
    return Scenario(name="a cart", workflow="checkout", faults=faults, **given)


def operations(result: Result) -> list[str]:
    return [entry["operation"] for entry in result.payments]


def told(result: Result) -> list[str]:
    return [event["detail-type"] for event in result.events]


def test_a_cart_that_was_bought_is_not_bought_again(runner: Runner) -> None:
    bought = cart()
    first = runner.run(scenario(input=bought))
    again = runner.run(scenario(input=bought))

    assert first.status == "SUCCEEDED"
    assert first.order is not None
    assert "Waiting" not in first.order
    assert (again.status, again.error) == ("FAILED", "InvalidOrder")
    assert again.order is None
    assert (again.events, again.payments, again.emails) == ([], [], [])
    assert again.stock["Orange"] == {"onHand": ON_HAND, "reserved": 0}


def test_after_a_failure_the_cart_may_be_tried_again_as_another_order(runner: Runner) -> None:
    tried = cart()
    failed = runner.run(scenario(input=tried, callbacks={"payment": "failed"}))
    bought = runner.run(scenario(input=tried))

    assert (failed.error, bought.status) == ("PaymentFailed", "SUCCEEDED")
    assert failed.order is not None
    assert bought.order is not None
    assert failed.order["OrderId"] != bought.order["OrderId"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("state", ON_THE_WAY)
def test_an_error_in_any_step_gives_everything_back_or_the_order_stands(
    runner: Runner, state: str, when: str
) -> None:
    result = runner.run(scenario(Fault(state, "States.TaskFailed", when)))

    assert result.order is not None
    if (state, when) == ("ConfirmOrder", "after"):
        assert result.status == "SUCCEEDED"
        assert told(result) == ["OrderConfirmed"]
        return
    assert result.status == "FAILED"
    assert result.order["State"] == "FAILED"
    assert result.order["OrderStatus"] == "Failed"
    assert result.order["Reason"] == result.error
    assert operations(result) in ([], ["authorize", "void"], ["authorize", "capture", "refund"])
    assert result.stock == BACK
    assert len([one for one in told(result) if one != "ManualReviewRequired"]) == 1
    assert len(result.emails) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_that_is_not_known_to_be_recorded_is_finished_by_the_reconciler(
    runner: Runner, when: str
) -> None:
    lost = Fault("FailCheckout", "Some.Error", when)
    result = runner.run(scenario(lost, callbacks={"shipping": "unavailable"}))

    assert (result.status, result.error) == ("FAILED", "ShippingFailed")
    assert result.order is not None
    assert (result.order["State"], result.order["Reason"]) == ("FAILED", "ShippingFailed")
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock == BACK
    assert sorted(told(result)) == ["ManualReviewRequired", "ShippingFailed"]
    (review,) = result.manualReview
    assert (review["Step"], review["Done"]) == ("FailCheckout", "everything was undone")
    assert "Untold" not in review
    assert len(result.emails) == 1


def test_a_failure_before_the_order_has_an_id_calls_a_human_once_it_has(runner: Runner) -> None:
    broken = (Fault("CreateOrder", "Some.Error"), Fault("FailCheckout", "States.Timeout"))
    result = runner.run(scenario(*broken))

    assert result.order is not None
    assert (result.order["State"], result.order["Compensated"]) == ("FAILED", True)
    assert sorted(told(result)) == ["ManualReviewRequired", "OrderRejected"]
    assert result.stock == BACK


def test_the_mail_after_a_failed_shipping_says_that_the_money_comes_back(runner: Runner) -> None:
    (mail,) = runner.run(scenario(callbacks={"shipping": "unavailable"})).emails

    assert mail["to"] == "jane.roe@example.com"
    assert "back" in mail["body"]
    assert "1.27" in mail["body"]


def test_many_carts_with_repeated_callbacks_are_each_charged_and_told_once(
    stack: Stack, runner: Runner
) -> None:
    runner.run(scenario(stock={"Orange": 100}))
    machine = stack.outputs["stateMachines"]["checkout"]
    states = stack.cloud.client("stepfunctions")

    def buy(_: int) -> dict[str, Any]:
        bought = states.start_execution(stateMachineArn=machine, input=json.dumps(cart()))
        return await_end(stack, bought["executionArn"])

    twice = {"payment": "twice", "shipping": "twice"}
    with OutsideServices(stack, twice), ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(buy, range(6)))
    settle(stack.cloud, stack.queues)

    assert {end["status"] for end in ends} == {"SUCCEEDED"}
    for end in ends:
        order = json.loads(end["output"])["orderId"]
        ledger = [entry["operation"] for entry in evidence.payments(stack, order)]
        assert ledger == ["authorize", "capture"]
        assert len(evidence.emails(stack, order)) == 1
    assert evidence.stock(stack, ["Orange"])["Orange"]["reserved"] == 2 * 7


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no cart": ({"CartId": None}, "CartId"),
    "no address": ({"Address": ""}, "Address"),
    "a mail address without a host": ({"Email": "jane"}, "Email"),
    "a negative count": ({"Orange": "-1"}, "Orange"),
    "half an orange": ({"Orange": "0.5"}, "Orange"),
    "three decimals": ({"total_cost": "1.275"}, "total_cost"),
    "nothing in the cart": ({"Orange": "0"}, "item"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_cart_is_refused_in_one_sentence_that_names_the_field(
    stack: Stack, runner: Runner, name: str
) -> None:
    change, field = BAD[name]
    carts = stack.cloud.client("dynamodb").scan(TableName=stack.table("Carts"))["Count"]

    result = runner.run(scenario(input=cart(**change)))

    assert result.status == "REFUSED"
    assert result.cause is not None
    assert field in result.cause
    after = stack.cloud.client("dynamodb").scan(TableName=stack.table("Carts"))["Count"]
    assert after == carts


def test_every_task_of_the_machine_has_been_broken_here() -> None:
    broken = {*ON_THE_WAY, "FailCheckout"}
    telling = {name for name in task_states()["checkout"] if name not in broken}

    assert telling == {
        "PublishOrderConfirmed",
        "PublishFailure",
        "RequestManualReview",
        "ReportUnrecorded",
    }


def test_a_task_token_is_in_no_history_output_and_no_message(stack: Stack, runner: Runner) -> None:
    result = runner.run(scenario())
    text = json.dumps([result.output, result.order, result.events, result.topics, result.emails])

    assert result.status == "SUCCEEDED"
    assert "oken" not in text


def outcome(result: Result) -> dict[str, Any]:
    row = result.order or {}
    return {
        "status": (result.status, result.error),
        "told": sorted(told(result)),
        "row": (row.get("State"), row.get("Reason"), row.get("Compensated")),
    }


def journeys() -> list[Scenario]:
    """Carts that together enter every state that calls something."""
    return [
        scenario(),
        scenario(callbacks={"payment": "failed"}),
        scenario(Fault("ConfirmOrder", "States.Timeout")),
    ]


@pytest.fixture(scope="module")
def usual(runner: Runner) -> list[dict[str, Any]]:
    return [outcome(runner.run(one)) for one in journeys()]


@pytest.mark.parametrize(("action", "resource"), derived("checkout"))
def test_without_a_derived_permission_some_cart_ends_differently(
    stack: Stack, runner: Runner, usual: list[dict[str, Any]], action: str, resource: str
) -> None:
    with without(stack, "checkout", action, resource):
        changed = (
            outcome(runner.run(one)) != before
            for one, before in zip(journeys(), usual, strict=True)
        )
        assert any(changed), f"{action} on {resource} is granted but never needed"


def test_the_definition_that_runs_is_the_one_that_is_checked(stack: Stack) -> None:
    deployed = json.loads(
        stack.cloud.client("stepfunctions").describe_state_machine(
            stateMachineArn=stack.outputs["stateMachines"]["checkout"]
        )["definition"]
    )
    assert set(deployed["States"]) == set(DEFINITIONS["checkout"]()["States"])
    assert asl.check(deployed) == []
