"""Results of scenarios in which somebody acts, functions fail, and the schedules run."""

from dataclasses import replace
from typing import Any

from local.runner import Runner
from local.scenario import Action, Fault, FunctionFault
from tests.embedded import test_fulfillment


def test_an_execution_is_stopped_once_the_call_took_effect(runner: Runner, orders: Any) -> None:
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


def test_a_second_execution_of_a_fulfillment_does_nothing_twice(runner: Runner) -> None:
    paid = test_fulfillment.scenario(centers=2)
    result = runner.run_apart(replace(paid, actions=(Action("again", "PlanShipments"),)))

    assert (result.status, result.actions[0]["answer"]["status"]) == ("SUCCEEDED", "SUCCEEDED")
    assert len(result.fulfillmentRequests) == 2


def test_faults_strike_a_followed_workflow_and_a_function_and_are_counted(
    runner: Runner, orders: Any
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
    assert result.session is not None
    assert result.session["PaymentStatus"] == "Success"
    for message in (*result.events, *result.emails):
        assert message["id"]
        assert message["time"].startswith("20")


def test_what_a_queue_gave_up_is_in_the_result_by_the_queues_name(
    runner: Runner, orders: Any
) -> None:
    result = runner.run(orders.scenario(FunctionFault("notify_user", "Runtime.ExitError")))

    lost = {name: letters for name, letters in result.deadLetters.items() if letters}
    assert set(lost) == {"mails-dead-letters"}
    assert lost["mails-dead-letters"][0]["detail-type"] == "OrderProcessed"
    assert result.emails == []
    after = runner.run(orders.scenario())
    assert set(map(len, after.deadLetters.values())) == {0}


def test_the_schedules_finish_what_the_reconciler_never_heard_of(
    runner: Runner, orders: Any
) -> None:
    deaf = FunctionFault("reconcile_order", "Runtime.ExitError", times=5)
    stop = Action("stop", "CapturePayment")
    left = runner.run(orders.scenario(deaf, actions=(stop,)))
    swept = runner.run(orders.scenario(deaf, actions=(stop,), sweep=True))

    assert left.order is None or left.order["State"] == "PENDING"
    assert swept.order is not None
    assert (swept.order["State"], swept.order["PaymentStatus"]) == ("FAILED", "Refunded")
    assert swept.sweepErrors == []
    assert "Waiting" not in swept.order
