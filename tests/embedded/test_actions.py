"""Scenarios in which somebody acts, functions fail, and the schedules run."""

from dataclasses import replace
from typing import Any

from local.scenario import Action, Fault, FunctionFault
from tests.embedded import test_checkout, test_fulfillment
from tests.embedded.conftest import Judge


def test_an_execution_is_stopped_once_the_call_took_effect(runner: Judge, orders: Any) -> None:
    stop = Action("stop", "CapturePayment", "OutOfStock")
    result = runner.run(orders.scenario(actions=(stop,)))

    assert (result.status, result.error) == ("ABORTED", "OutOfStock")
    assert result.path[-1] == "CapturePayment"
    assert result.attempts["CapturePayment"] == 1
    assert [entry["operation"] for entry in result.payments] == ["authorize", "capture", "refund"]
    assert result.ledger is not None
    assert result.reservation is not None
    assert (result.ledger["Status"], result.reservation["Status"]) == ("REFUNDED", "RELEASED")
    assert result.actions == [
        {
            "do": "stop",
            "after": "CapturePayment",
            "error": "OutOfStock",
            "done": True,
            "answer": None,
        }
    ]


def test_the_customer_cancels_by_the_api_before_the_order_is_captured(
    runner: Judge, orders: Any
) -> None:
    cancel = Action("cancel", "AuthorizePayment")
    result = runner.run(orders.scenario(actions=(cancel,), through="api"))

    assert result.actions[0]["answer"] == 202
    assert result.order is not None
    assert result.order["State"] == "CANCELLED"
    assert [entry["operation"] for entry in result.payments] == ["authorize", "void"]


def test_a_cancellation_that_is_refused_is_no_failure(runner: Judge, orders: Any) -> None:
    cancel = Action("cancel", "fulfillment/PlanShipments")
    result = runner.run(orders.scenario(actions=(cancel,), follow=True))

    assert (result.actions[0]["done"], result.actions[0]["answer"]) == (True, 409)
    assert result.order is not None
    assert result.order["State"] == "FULFILLED"


def test_a_second_execution_of_the_order_runs_to_its_end_before_the_first_goes_on(
    runner: Judge, orders: Any
) -> None:
    again = Action("again", "CapturePayment")
    result = runner.run(orders.scenario(actions=(again,)))

    answer = result.actions[0]["answer"]
    assert answer["execution"] == f"{result.execution}-2"
    assert (result.status, answer["status"]) == ("SUCCEEDED", "SUCCEEDED")
    assert "ReadOrder" in result.path
    assert result.attempts["order_processing/RecordOrder"] == 1
    assert [entry["operation"] for entry in result.payments] == ["authorize", "capture"]


def test_a_second_execution_of_a_fulfillment_does_nothing_twice(runner: Judge) -> None:
    paid = test_fulfillment.scenario(centers=2)
    result = runner.run_apart(replace(paid, actions=(Action("again", "PlanShipments"),)))

    assert (result.status, result.actions[0]["answer"]["status"]) == ("SUCCEEDED", "SUCCEEDED")
    assert len(result.fulfillmentRequests) == 2


def test_a_second_execution_of_a_cart_finds_it_taken(runner: Judge) -> None:
    bought = test_checkout.scenario(actions=(Action("again", "CreateOrder"),))
    result = runner.run(bought)

    answer = result.actions[0]["answer"]
    assert result.status == "SUCCEEDED"
    assert (answer["status"], answer["orderId"]) == ("FAILED", None)


def test_faults_strike_a_followed_workflow_and_a_function_and_are_counted(
    runner: Judge, orders: Any
) -> None:
    faults = (
        Fault("fulfillment/PlanShipments", "States.Timeout", "after", times=2),
        FunctionFault("notify_user", "Runtime.ExitError", "before", times=1),
        Fault("ReadOrder", "States.Timeout"),
    )
    result = runner.run(orders.scenario(*faults, follow=True))

    assert result.faultsFired == [2, 1, 0]
    assert result.attempts["fulfillment/PlanShipments"] == 3
    assert [event["detail-type"] for event in result.events] == ["OrderProcessed", "OrderFulfilled"]
    assert len(result.emails) == 2
    for message in (*result.events, *result.emails):
        assert message["id"]
        assert message["time"].startswith("20")


def test_what_a_queue_gave_up_is_in_the_result_by_the_queues_name(
    runner: Judge, orders: Any
) -> None:
    deaf = orders.scenario(FunctionFault("notify_user", "Runtime.ExitError"))
    result = runner.run(deaf, judged=False)

    lost = {name: letters for name, letters in result.deadLetters.items() if letters}
    assert set(lost) == {"mails-dead-letters"}
    assert lost["mails-dead-letters"][0]["detail-type"] == "OrderProcessed"
    assert result.emails == []
    after = runner.run(orders.scenario())
    assert set(map(len, after.deadLetters.values())) == {0}


def test_the_schedules_finish_what_the_reconciler_never_heard_of(
    runner: Judge, orders: Any
) -> None:
    deaf = FunctionFault("reconcile_order", "Runtime.ExitError", times=5)
    stop = Action("stop", "CapturePayment")
    left = runner.run(orders.scenario(deaf, actions=(stop,)), judged=False)
    swept = runner.run(orders.scenario(deaf, actions=(stop,), sweep=True))

    assert left.order is None or left.order["State"] == "PENDING"
    assert swept.order is not None
    assert (swept.order["State"], swept.order["PaymentStatus"]) == ("FAILED", "Refunded")
    assert swept.sweepErrors == []
    assert "Waiting" not in swept.order


def test_a_session_is_in_the_result(runner: Judge, orders: Any) -> None:
    result = runner.run(orders.scenario())

    assert result.session is not None
    assert result.session["PaymentStatus"] == "Success"
