"""Order processing: its definition against the golden file, and how its branches are judged."""

import json
from pathlib import Path
from typing import Any

import pytest

import asl
from local.emulator.expressions.engine import JsonataError
from tests.workflows.machines import EXECUTION, context, fill
from tests.workflows.orders import order
from workflows import DEFINITIONS
from workflows.shared.retries import CANCELED

GOLDEN = Path(__file__).parent / "order_processing.json"
DEFINITION = DEFINITIONS["order_processing"]()
STATES = DEFINITION["States"]
FIRST = STATES["AuthorizeAndReserve"]
PAYMENT = FIRST["Branches"][0]["States"]["AuthorizePayment"]
ERROR = {"Error": "Some.Error", "Cause": "it broke"}


def test_the_definition_is_exactly_the_golden_file() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DEFINITION


def test_the_definition_has_no_problem() -> None:
    assert asl.check(DEFINITION) == []


def test_success_takes_six_transitions_and_two_lambda_calls() -> None:
    cheapest = asl.success_cost(DEFINITION)

    assert (cheapest.transitions, cheapest.lambda_calls) == (6, 2)
    assert cheapest.states[-1] == "RecordOrder"


def test_an_order_is_checked_without_a_state_of_its_own() -> None:
    refused = [path for path in asl.count_paths(DEFINITION) if path.states[-1] == "RejectOrder"]
    shortest = min(refused, key=lambda path: path.transitions)

    assert shortest.transitions == 5  # that of another execution's order: no write, no call
    assert shortest.states[-2] == "IsOrderGranted"


def report(
    granted: bool, reason: str = "", technical: bool = False, step: str = "A"
) -> dict[str, Any]:
    if granted:
        return {"granted": True, "authorizationId": "auth"}
    return {
        "granted": False,
        "step": step,
        "reason": reason,
        "cause": f"because {reason}",
        "technical": technical,
    }


def judged(*reports: dict[str, Any], name: str = "o-1") -> dict[str, Any]:
    """What the first step knows, once both of its branches have reported."""
    execution = context(EXECUTION.replace(":o-1", f":{name}"))
    known = fill(FIRST["Assign"], result=list(reports), input=order(), context=execution)
    return dict(known)


def following(known: dict[str, Any]) -> str:
    """The state after the first step."""
    for choice in STATES["IsOrderGranted"]["Choices"]:
        if fill(choice["Condition"], known):
            return str(choice["Next"])
    return str(STATES["IsOrderGranted"]["Default"])


def test_an_order_that_both_branches_granted_is_charged() -> None:
    known = judged(report(True), report(True))

    assert (known["refusal"], known["authorizationId"]) == ({}, "auth")
    assert following(known) == "CapturePayment"


@pytest.mark.parametrize("reason", ["OutOfStock", "PriceMismatch"])
def test_a_refusal_needs_no_review(reason: str) -> None:
    known = judged(report(True), report(False, reason, step="ReserveStock"))

    assert known["refusal"] == {
        "step": "ReserveStock",
        "reason": reason,
        "cause": f"because {reason}",
        "review": False,
    }
    assert following(known) == "RecordRefusal"


def test_of_two_refusals_the_payments_counts() -> None:
    known = judged(report(False, "PaymentDeclined"), report(False, "OutOfStock"))

    assert known["refusal"]["reason"] == "PaymentDeclined"


def test_a_refusal_counts_before_a_technical_error_which_is_still_reviewed() -> None:
    refusal = judged(
        report(False, "ProcessingError", technical=True, step="AuthorizePayment"),
        report(False, "OutOfStock", step="ReserveStock"),
    )["refusal"]

    assert (refusal["reason"], refusal["review"]) == ("OutOfStock", True)
    assert refusal["step"] == "AuthorizePayment"


def test_of_two_technical_errors_the_first_is_reviewed() -> None:
    refusal = judged(
        report(False, "ProcessingError", technical=True, step="AuthorizePayment"),
        report(False, "ProcessingError", technical=True, step="ReserveStock"),
    )["refusal"]

    assert (refusal["step"], refusal["review"]) == ("AuthorizePayment", True)


WRONG = report(False, "InvalidOrder")


def test_an_order_of_a_wrong_form_is_refused_and_said_to_be_so() -> None:
    known = judged(WRONG, WRONG)

    assert (known["valid"], known["refusal"]["reason"]) == (False, "InvalidOrder")
    assert following(known) == "RecordRefusal"


@pytest.mark.parametrize("other", [report(True), report(False, "OutOfStock")])
def test_an_order_of_the_right_form_is_said_to_be_so(other: dict[str, Any]) -> None:
    assert judged(report(True), other)["valid"] is True


def test_anothers_order_is_refused_without_a_write() -> None:
    known = judged(WRONG, WRONG, name="o-2")

    assert known["own"] is False
    assert following(known) == "RejectOrder"


def broken(given: Any, name: str = "o-1") -> dict[str, Any]:
    """What the first step knows after it failed itself."""
    (caught,) = FIRST["Catch"]
    assert caught["Next"] == "IsOrderGranted"
    execution = context(EXECUTION.replace(":o-1", f":{name}"))
    execution["State"]["Name"] = "AuthorizeAndReserve"
    return dict(fill(caught["Assign"], input=given, errorOutput=ERROR, context=execution))


def test_a_first_step_that_fails_itself_is_a_technical_error_of_its_own_order() -> None:
    known = broken(order())

    assert (known["own"], known["valid"], known["granted"]) == (True, True, False)
    assert known["refusal"] == {
        "step": "AuthorizeAndReserve",
        "reason": "ProcessingError",
        "cause": "it broke",
        "review": True,
    }
    assert following(known) == "RecordRefusal"


@pytest.mark.parametrize("given", [order(), [], None, 5, "o-1"])
def test_a_first_step_that_fails_itself_touches_no_other_order(given: Any) -> None:
    assert following(broken(given, name="o-2")) == "RejectOrder"


def test_a_payment_is_asked_for_with_the_orders_amount_and_token() -> None:
    asked = fill(PAYMENT["Arguments"]["Payload"], input={**order(), "problem": ""})

    assert asked == {
        "orderId": "o-1",
        "amount": 500,
        "currency": "USD",
        "payment": order()["payment"],
    }


def reported(error: str, problem: str = "") -> dict[str, Any]:
    """What the payment's branch reports of an error."""
    caught = next(
        rule
        for rule in PAYMENT["Catch"]
        if error in rule["ErrorEquals"] or rule["ErrorEquals"] == ["States.ALL"]
    )
    given = {**order(), "problem": problem}
    return dict(fill(caught["Output"], input=given, errorOutput={**ERROR, "Error": error}))


def test_a_payment_is_not_asked_for_where_the_order_has_a_problem() -> None:
    given = {**order(), "problem": "email must be text"}

    with pytest.raises(JsonataError, match="email must be text"):
        fill(PAYMENT["Arguments"]["Payload"], input=given)
    found = reported("States.QueryEvaluationError", "email must be text")
    assert (found["reason"], found["cause"]) == ("InvalidOrder", "email must be text")
    assert found["technical"] is False


@pytest.mark.parametrize(
    ("error", "reason", "technical"),
    [
        ("PaymentDeclined", "PaymentDeclined", False),
        ("PaymentNotVerified", "PaymentNotVerified", False),
        ("PaymentVoided", "ProcessingError", True),
        ("States.QueryEvaluationError", "ProcessingError", True),
        ("States.Timeout", "ProcessingError", True),
    ],
)
def test_a_payments_branch_reports_a_refusal_or_a_technical_error(
    error: str, reason: str, technical: bool
) -> None:
    assert reported(error) == {
        "step": "AuthorizePayment",
        "granted": False,
        "technical": technical,
        "reason": reason,
        "cause": "it broke",
    }


@pytest.mark.parametrize(
    ("state", "error", "to", "reason", "review"),
    [
        ("CapturePayment", "PaymentDeclined", "RecordRefusal", "PaymentDeclined", False),
        ("CapturePayment", "OrderCancelled", "RecordCancellation", "OrderCancelled", False),
        ("CapturePayment", "InvalidOrder", "RecordRefusal", "InvalidOrder", True),
        ("CapturePayment", "States.Timeout", "RecordRefusal", "ProcessingError", True),
        ("RecordOrder", CANCELED, "WhyNotRecorded", "ProcessingError", True),
        ("RecordOrder", "States.Timeout", "RecordRefusal", "ProcessingError", True),
    ],
)
def test_what_fails_after_the_grant_is_refused_cancelled_or_reviewed(
    state: str, error: str, to: str, reason: str, review: bool
) -> None:
    caught = next(
        rule
        for rule in STATES[state]["Catch"]
        if error in rule["ErrorEquals"] or rule["ErrorEquals"] == ["States.ALL"]
    )
    known = {"rounds": 0}
    refusal = fill(caught["Assign"], known, errorOutput={**ERROR, "Error": error})["refusal"]

    assert caught["Next"] == to
    assert (refusal["reason"], refusal["review"]) == (reason, review)


def test_a_cancellation_that_finds_nothing_to_cancel_is_a_refusal() -> None:
    refused, failed = STATES["RecordCancellation"]["Catch"]

    assert refused["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert (refused["Next"], failed["Next"]) == ("RecordRefusal", "RejectOrder")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_recorded_order_has_every_item_in_its_row_and_its_payment_record(count: int) -> None:
    known = {"order": order(count), "authorizationId": "auth", "chargeId": "ch"}

    row, session, _ = fill(STATES["RecordOrder"]["Arguments"], known)["TransactItems"]

    values = row["Update"]["ExpressionAttributeValues"]
    products = session["Put"]["Item"]["Products"]["L"]
    assert len(values[":Items"]["L"]) == len(products) == count
    assert products[0]["M"] == {
        "id": {"S": "item-0"},
        "price": {"N": "500"},
        "quantity": {"N": "1"},
    }
    assert session["Put"]["Item"]["ChargeId"] == values[":ChargeId"] == {"S": "ch"}
    assert fill(STATES["RecordOrder"]["Output"], known) == {"orderId": "o-1", "state": "PROCESSED"}
