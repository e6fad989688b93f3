"""The row that a human is to look at, as machines open it."""

from typing import Any

import pytest

from handlers.orders.rules.events import event_of_review
from handlers.orders.rules.reviews import Review
from tests.workflows.machines import EXECUTION, State, context, perform
from tests.workflows.rows import ANOTHER, read, variables
from workflows import DEFINITIONS

MACHINES = {
    "order_processing": "refusal",
    "fulfillment": "failure",
}
"""The machines that open reviews, and the variable that says why."""
WHY = {"reason": "ProcessingError", "cause": "it broke", "done": "nothing", "toDo": "look"}


def state(machine: str) -> State:
    found: State = DEFINITIONS[machine]()["States"]["RecordManualReview"]
    return found


def opened(client: Any, machine: str, **order: Any) -> dict[str, Any]:
    known = variables(**{MACHINES[machine]: {"step": "CapturePayment", **WHY}})
    known["order"] = {"orderId": "o-1", "customerId": "c-1", **order}
    perform(client, state(machine), known)
    return read(client, "ManualReview", "o-1", f"CapturePayment {EXECUTION}")


@pytest.mark.parametrize("machine", MACHINES)
def test_a_review_is_of_an_order_a_step_and_an_execution_and_is_open(
    dynamodb: Any, machine: str
) -> None:
    row = opened(dynamodb, machine)

    assert row["ReviewId"] == Review("o-1", row["Step"], EXECUTION, "", "", "").id
    assert (row["Step"], row["ExecutionArn"]) == ("CapturePayment", EXECUTION)
    assert (row["Reason"], row["Cause"]) == ("ProcessingError", "it broke")
    assert row["OpenSince"] == row["CreatedAt"]
    assert row["Done"]
    assert row["ToDo"]


@pytest.mark.parametrize("machine", MACHINES)
def test_a_reviews_event_can_be_built_from_its_row(dynamodb: Any, machine: str) -> None:
    row = opened(dynamodb, machine)

    assert event_of_review(row).detail == {
        "orderId": "o-1",
        "customerId": "c-1",
        "reason": "ProcessingError",
        "cause": "it broke",
        "step": "CapturePayment",
        "executionArn": EXECUTION,
        "eventId": f"o-1:CapturePayment {EXECUTION}",
        "occurredAt": row["CreatedAt"],
    }


@pytest.mark.parametrize("customer", ["", None, 5, [], ["c-1"], {}])
@pytest.mark.parametrize("machine", MACHINES)
def test_a_customer_that_is_no_text_is_left_out(dynamodb: Any, machine: str, customer: Any) -> None:
    assert "CustomerId" not in opened(dynamodb, machine, customerId=customer)


@pytest.mark.parametrize("machine", MACHINES)
def test_each_execution_of_an_order_has_a_review_of_its_own(dynamodb: Any, machine: str) -> None:
    opened(dynamodb, machine)

    known = variables(**{MACHINES[machine]: {"step": "CapturePayment", **WHY}})
    perform(dynamodb, state(machine), known, context=context(ANOTHER))

    assert read(dynamodb, "ManualReview", "o-1", f"CapturePayment {EXECUTION}")
    assert read(dynamodb, "ManualReview", "o-1", f"CapturePayment {ANOTHER}")
