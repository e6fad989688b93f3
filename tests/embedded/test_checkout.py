"""Checkout, executed: callbacks over HTTP, mails in the outbox, faults in every step."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from local import evidence, tables
from local.machines import task_states
from local.outside import OutsideServices
from local.scenario import Action, Fault, FunctionFault, Scenario
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end
from tests.embedded.conftest import Judge
from tests.embedded.seen import ledger, operations, order, outcomes, published, steps

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


def scenario(*faults: Fault | FunctionFault, **changes: Any) -> Scenario:
    given = {"stock": {"Orange": ON_HAND}, "input": cart(), **changes}
    return Scenario(name="a cart", workflow="checkout", faults=faults, **given)


def test_a_cart_that_was_bought_is_not_bought_again(stack: Stack, judge: Judge) -> None:
    bought = cart()
    first = judge.run(scenario(input=bought))
    again = judge.run(scenario(input=bought), judged=False)

    assert first.status == "SUCCEEDED"
    assert "Waiting" not in order(first)
    assert (again.status, again.error) == ("FAILED", "InvalidOrder")
    assert again.order is None
    assert evidence.manual_review(stack, str(again.execution).rpartition(":")[2]) == []
    assert (again.events, again.payments, again.emails) == ([], [], [])
    assert again.stock["Orange"] == {"onHand": ON_HAND, "reserved": 0}


def test_after_a_failure_the_cart_may_be_tried_again_as_another_order(judge: Judge) -> None:
    tried = cart()
    failed = judge.run(scenario(input=tried, callbacks={"payment": "failed"}))
    bought = judge.run(scenario(input=tried))

    assert (failed.error, bought.status) == ("PaymentFailed", "SUCCEEDED")
    assert failed.order is not None
    assert bought.order is not None
    assert failed.order["OrderId"] != bought.order["OrderId"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("state", ON_THE_WAY)
def test_an_error_in_any_step_gives_everything_back_or_the_order_stands(
    judge: Judge, state: str, when: str
) -> None:
    result = judge.run(scenario(Fault(state, "States.TaskFailed", when)))

    if (state, when) == ("ConfirmOrder", "after"):
        assert result.status == "SUCCEEDED"
        assert result.path[-1] == "OrderStands"
        assert published(result) == ["OrderConfirmed"]
        return
    assert result.status == "FAILED"
    row = order(result)
    assert (row["State"], row["OrderStatus"], row["Reason"]) == ("FAILED", "Failed", result.error)
    assert row["ClosedBy"] == result.execution
    assert operations(result) in ([], ["authorize", "void"], ["authorize", "capture", "refund"])
    assert result.stock == BACK
    assert len(outcomes(result)) == len(result.emails) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_that_is_not_known_to_be_recorded_is_finished_by_the_reconciler(
    judge: Judge, when: str
) -> None:
    lost = Fault("FailCheckout", "Some.Error", when)
    result = judge.run(scenario(lost, callbacks={"shipping": "unavailable"}))

    assert (result.status, result.error) == ("FAILED", "ShippingFailed")
    recorded = when == "after"
    row = order(result)
    assert row["Reason"] == ("ShippingFailed" if recorded else "ProcessingError")
    assert row["ClosedBy"] == result.execution
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock == BACK
    assert outcomes(result) == ["ShippingFailed" if recorded else "OrderRejected"]
    assert steps(result) == ([] if recorded else ["Recovery"])
    assert len(result.emails) == 1


def test_a_failure_before_the_order_has_an_id_is_recorded_once_it_has(judge: Judge) -> None:
    broken = (Fault("CreateOrder", "Some.Error"), Fault("FailCheckout", "States.Timeout"))
    result = judge.run(scenario(*broken))

    assert order(result)["State"] == "FAILED"
    assert order(result)["ClosedBy"] == result.execution
    assert published(result) == ["ManualReviewRequired", "OrderRejected"]
    assert result.stock == BACK


STOPPED = (*ON_THE_WAY, "FailCheckout")


@pytest.mark.parametrize("state", STOPPED)
def test_an_execution_that_is_stopped_under_a_name_of_the_machines_own_is_closed_and_reviewed(
    judge: Judge, state: str
) -> None:
    fails = {"shipping": "unavailable"} if state == "FailCheckout" else {}
    stop = Action("stop", state, "PaymentFailed")
    result = judge.run(scenario(callbacks=fails, actions=(stop,)))

    assert (result.status, result.error) == ("ABORTED", "PaymentFailed")
    row = order(result)
    if state == "ConfirmOrder":
        assert (row["State"], result.manualReview) == ("PROCESSED", [])
        return
    assert (row["State"], row["ClosedBy"]) == ("FAILED", result.execution)
    assert result.stock == BACK
    assert steps(result) == ([] if state == "FailCheckout" else ["Recovery"])


def test_a_second_execution_of_a_cart_leaves_the_order_of_the_first(judge: Judge) -> None:
    """The first is held, has its answer lost, and confirms once more what fulfillment has taken."""
    lost = Fault("ConfirmOrder", "States.Timeout", "after", times=1)
    again = (Action("again", "RecordPayment"), Action("cancel", "fulfillment/RecordFulfillment"))
    result = judge.run(scenario(lost, follow=True, actions=again))

    assert result.status == "SUCCEEDED", result.cause
    second, late = result.actions
    assert (second["answer"]["status"], second["answer"]["error"]) == ("FAILED", "InvalidOrder")
    assert late["answer"] == 409
    assert order(result)["State"] == "FULFILLED"
    assert result.session is not None
    assert result.session["FulfillmentExecution"] in {run["execution"] for run in result.followed}
    assert outcomes(result) == ["OrderConfirmed", "OrderFulfilled"]


def test_a_confirmed_order_may_be_cancelled_and_its_cart_stays_bought(
    stack: Stack, judge: Judge
) -> None:
    bought = cart()
    result = judge.run(scenario(input=bought, actions=(Action("cancel", "ConfirmOrder"),)))

    assert [action["answer"] for action in result.actions] == [200]
    row = order(result)
    assert (row["State"], row["PaymentStatus"]) == ("CANCELLED", "Refunded")
    assert row["ClosedBy"] == "cancel_order"
    assert operations(result) == ["authorize", "capture", "refund"]
    assert result.stock == BACK
    taken = tables.row(stack, "Carts", {"CartId": bought["CartId"]})
    assert taken is not None
    assert taken["Status"] == "CONFIRMED"


def test_the_mail_after_a_failed_shipping_says_that_the_money_comes_back(judge: Judge) -> None:
    (mail,) = judge.run(scenario(callbacks={"shipping": "unavailable"})).emails

    assert mail["to"] == "jane.roe@example.com"
    assert "back" in mail["body"]
    assert "1.27" in mail["body"]


def test_many_carts_with_repeated_callbacks_are_each_charged_and_notified_once(
    stack: Stack, judge: Judge
) -> None:
    judge.run(scenario(stock={"Orange": 100}))
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
        order_id = json.loads(end["output"])["orderId"]
        assert ledger(stack, order_id) == ["authorize", "capture"]
        assert len(evidence.emails(stack, order_id)) == 1
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
    stack: Stack, judge: Judge, name: str
) -> None:
    change, field = BAD[name]
    carts = stack.cloud.client("dynamodb").scan(TableName=stack.table("Carts"))["Count"]

    result = judge.run(scenario(input=cart(**change)))

    assert result.status == "REFUSED"
    assert result.cause is not None
    assert field in result.cause
    after = stack.cloud.client("dynamodb").scan(TableName=stack.table("Carts"))["Count"]
    assert after == carts


def test_every_task_of_the_machine_has_been_broken_here() -> None:
    assert {*STOPPED} == {*task_states()["checkout"]}


def test_a_task_token_is_in_no_history_output_and_no_message(stack: Stack, judge: Judge) -> None:
    result = judge.run(scenario())
    text = json.dumps([result.output, result.order, result.events, result.topics, result.emails])

    assert result.status == "SUCCEEDED"
    assert "oken" not in text
