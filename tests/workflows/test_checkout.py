"""Checkout: its definition against the golden file, and what must hold of it."""

import json
from pathlib import Path
from typing import Any

import pytest

import asl
from handlers.checkout.rules.refusals import Stage, refusal
from local.emulator.expressions.engine import JsonataError
from tests.workflows.machines import EXECUTION, context, fill, perform
from tests.workflows.rows import ORDERS, put, read
from workflows import DEFINITIONS

GOLDEN = Path(__file__).parent / "checkout.json"
DEFINITION = DEFINITIONS["checkout"]()
STATES = DEFINITION["States"]


def test_the_definition_is_exactly_the_golden_file() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DEFINITION


def test_the_definition_has_no_problem() -> None:
    assert asl.check(DEFINITION) == []


def test_success_takes_five_transitions_and_three_lambda_calls() -> None:
    cheapest = asl.success_cost(DEFINITION)

    assert (cheapest.transitions, cheapest.lambda_calls) == (5, 3)
    assert cheapest.states[-1] == "ConfirmOrder"


@pytest.mark.parametrize(
    ("state", "word"), [("RequestPayment", "succeeded"), ("RequestShipping", "available")]
)
def test_only_the_exact_success_word_passes(state: str, word: str) -> None:
    def passes(result: dict[str, Any]) -> bool:
        try:
            return bool(fill(STATES[state]["Output"], result=result) == result)
        except JsonataError:
            return False

    assert passes({"status": word})
    for other in (word.upper(), f"{word} ", "failed", "", None, True, {"status": word}):
        assert not passes({"status": other})
    assert not passes({})


@pytest.mark.parametrize("state", ["RequestPayment", "RequestShipping"])
def test_a_service_is_waited_for_with_a_token_a_timeout_and_a_heartbeat(state: str) -> None:
    waiting = STATES[state]

    assert waiting["Resource"].endswith(".waitForTaskToken")
    assert waiting["HeartbeatSeconds"] < waiting["TimeoutSeconds"]
    assert waiting["Arguments"]["Payload"]["taskToken"] == "{% $states.context.Task.Token %}"


STAGES = {
    "CreateOrder": Stage.CREATE,
    "RequestPayment": Stage.PAYMENT,
    "RecordPayment": Stage.RECORD,
    "RequestShipping": Stage.SHIPPING,
    "ConfirmOrder": Stage.CONFIRM,
}


CAUGHT = {"Cause": "it broke"}


def known_after(state: str, error: str) -> dict[str, Any]:
    """The variables that a task leaves which failed for good."""
    caught = STATES[state]["Catch"][-1]
    assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "FailCheckout")
    return dict(fill(caught["Assign"], errorOutput={"Error": error, **CAUGHT}))


@pytest.mark.parametrize("error", ["OutOfStock", "PriceMismatch", "InvalidOrder", "States.Timeout"])
@pytest.mark.parametrize("state", STAGES)
def test_an_execution_without_an_answer_fails_with_the_reason_that_would_have_been_recorded(
    state: str, error: str
) -> None:
    known = known_after(state, error)

    assert known["failed"]["reason"] == refusal(STAGES[state], error, "").reason
    assert known["failure"] == {"stage": STAGES[state], "error": error, "cause": "it broke"}
    (caught,) = STATES["FailCheckout"]["Catch"]
    assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "RejectOrder")
    end = fill(STATES["RejectOrder"], known)
    assert (end["Error"], end["Cause"]) == (known["failed"]["reason"], "it broke")


@pytest.mark.parametrize("given", [{"CartId": "1"}, [], None, 5])
def test_a_checkout_without_an_order_is_failed_by_its_input(given: Any) -> None:
    known = known_after("CreateOrder", "States.Timeout")

    asked = fill(
        STATES["FailCheckout"]["Arguments"]["Payload"], known, context=context(given=given)
    )

    assert asked == {
        "checkout": given,
        "executionArn": EXECUTION,
        "stage": "create",
        "error": "States.Timeout",
        "cause": "it broke",
    }


def test_a_checkout_with_an_order_is_failed_by_it() -> None:
    known = {**known_after("ConfirmOrder", "States.Timeout"), "order": {"orderId": "o-1"}}

    asked = fill(STATES["FailCheckout"]["Arguments"]["Payload"], known, context=context(given={}))

    assert (asked["order"], asked["stage"]) == ({"orderId": "o-1"}, "confirm")


@pytest.mark.parametrize(("stands", "to"), [(True, "OrderStands"), (False, "RejectOrder")])
def test_an_order_that_stands_ends_the_execution_well(stands: bool, to: str) -> None:
    answer = {"stands": stands, "orderId": "o-1", "state": "PROCESSED", "reason": "", "cause": ""}
    (choice,) = STATES["DoesOrderStand"]["Choices"]

    failed = fill(STATES["FailCheckout"]["Assign"], result={"Payload": answer})
    found = fill(choice["Condition"], failed)

    assert (choice["Next"] if found else STATES["DoesOrderStand"]["Default"]) == to
    output = fill(STATES["OrderStands"]["Output"], failed)
    assert output == {"orderId": "o-1", "state": "PROCESSED"}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_confirmed_checkout_has_every_item_in_its_payment_record(count: int) -> None:
    unpriced = [{"itemId": "Orange", "quantity": 2}] * (count - 1)
    items: list[dict[str, Any]] = [*unpriced, {"itemId": "Banana", "quantity": 1, "price": 25}]
    known = {"orderId": "o-1", "customerId": "cart-1", "cartId": "cart-1", "currency": "USD"}
    cart = {**known, "items": items}

    _, session, _, _ = fill(STATES["ConfirmOrder"]["Arguments"], {"order": cart})["TransactItems"]

    products = [line["M"] for line in session["Put"]["Item"]["Products"]["L"]]
    assert [line["id"] for line in products] == [{"S": item["itemId"]} for item in items]
    assert products[-1]["price"] == {"N": "25"}
    assert not any("price" in line for line in products[:-1])


def test_a_payment_is_noted_on_a_waiting_order_and_nothing_else_changes(dynamodb: Any) -> None:
    put(dynamodb, "CustomerOrders", ORDERS["pending"])

    perform(dynamodb, STATES["RecordPayment"], {"order": {"orderId": "o-1"}})

    row = read(dynamodb, "CustomerOrders", "o-1")
    before = dict(ORDERS["pending"] or {})
    assert row.pop("PaymentStatus") == "Successful"
    assert {**row, "UpdatedAt": before["UpdatedAt"]} == before
