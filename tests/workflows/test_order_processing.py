"""Order processing: its definition against the golden file, and its one long expression."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonata import Jsonata

import asl
from workflows import DEFINITIONS, order_processing

GOLDEN = Path(__file__).parent / "order_processing.json"
DEFINITION = DEFINITIONS["order_processing"]()


def test_the_definition_is_exactly_the_golden_file() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DEFINITION


def test_the_definition_has_no_problem() -> None:
    assert asl.check(DEFINITION) == []


def test_success_takes_seven_transitions_and_two_lambda_calls() -> None:
    cheapest = asl.success_cost(DEFINITION)

    assert (cheapest.transitions, cheapest.lambda_calls) == (7, 2)


def test_a_task_waits_longer_than_its_function_may_run() -> None:
    from components.function import TIMEOUT_SECONDS

    invocations = [
        state
        for state in _states(DEFINITION)
        if str(state.get("Resource", "")).endswith("lambda:invoke")
    ]
    assert len(invocations) == 4
    assert all(state["TimeoutSeconds"] > 2 * TIMEOUT_SECONDS for state in invocations)


def test_every_task_before_the_order_is_told_has_a_way_on_from_any_error() -> None:
    for state in _states(DEFINITION):
        if state["Type"] == "Task":
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], state


def _states(machine: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for state in machine["States"].values():
        found.append(state)
        for branch in state.get("Branches", []):
            found += _states(branch)
    return found


def report(
    granted: bool, reason: str = "", technical: bool = False, step: str = "A"
) -> dict[str, Any]:
    if granted:
        return {"granted": True}
    return {
        "granted": False,
        "step": step,
        "reason": reason,
        "cause": f"because {reason}",
        "technical": technical,
    }


def refusal(*reports: dict[str, Any]) -> dict[str, Any]:
    expression = DEFINITION["States"]["AuthorizeAndReserve"]["Assign"]["refusal"]
    query = Jsonata(expression.removeprefix("{% ").removesuffix(" %}"))
    query.assign("states", {"result": list(reports)})
    found: dict[str, Any] = query.evaluate(None)
    return found


def test_nothing_is_refused_when_both_branches_granted() -> None:
    assert refusal(report(True), report(True)) == {}


@pytest.mark.parametrize("reason", ["OutOfStock", "PriceMismatch"])
def test_one_refusal_is_told_without_review(reason: str) -> None:
    assert refusal(report(True), report(False, reason, step="ReserveStock")) == {
        "step": "ReserveStock",
        "reason": reason,
        "cause": f"because {reason}",
        "review": False,
    }


def test_of_two_refusals_the_payments_is_told() -> None:
    told = refusal(report(False, "PaymentDeclined"), report(False, "OutOfStock"))

    assert told["reason"] == "PaymentDeclined"


def test_a_refusal_is_told_before_a_technical_error_which_is_still_reviewed() -> None:
    told = refusal(
        report(False, "ProcessingError", technical=True, step="AuthorizePayment"),
        report(False, "OutOfStock", step="ReserveStock"),
    )

    assert told["reason"] == "OutOfStock"
    assert told["review"] is True
    assert told["step"] == "AuthorizePayment"


def test_a_machine_ends_before_its_reservation_can_expire() -> None:
    from workflows.stock import RESERVATION_SECONDS

    assert order_processing.TIMEOUT_SECONDS < RESERVATION_SECONDS
