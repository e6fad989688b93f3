"""Refusing an order: by its id alone first, described last, and closed once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.machines import EXECUTION, State, fill, perform
from tests.workflows.orders import order
from tests.workflows.rows import ANOTHER, ORDERS, put, read, variables
from workflows import DEFINITIONS

STATES: dict[str, State] = DEFINITIONS["order_processing"]()["States"]
REFUSAL = {"step": "ReserveStock", "reason": "OutOfStock", "cause": "none left", "review": False}
DESCRIBED = {"Email", "Address", "OrderTotal", "Currency", "Items"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def fenced(client: Any, before: str, state: str = "RecordRefusal") -> dict[str, Any]:
    put(client, "CustomerOrders", ORDERS[before])
    perform(client, STATES[state], {"order": {"orderId": "o-1"}, "refusal": REFUSAL})
    return read(client, "CustomerOrders", "o-1")


@pytest.mark.parametrize("before", ["absent", "pending", "cancel requested"])
def test_an_order_is_fenced_by_its_id_alone_and_keeps_what_its_row_says(
    dynamodb: Any, before: str
) -> None:
    row = fenced(dynamodb, before)

    said = {name: row.pop(name) for name in ("State", "Reason", "Cause", "ExecutionArn")}
    assert said == {
        "State": "FAILED",
        "Reason": "OutOfStock",
        "Cause": "none left",
        "ExecutionArn": EXECUTION,
    }
    assert (row["Waiting"], row["OrderStatus"]) == ("yes", "Failed")
    kept = {**(ORDERS[before] or {}), "UpdatedAt": row["UpdatedAt"]}
    kept.pop("State", None)
    assert kept.items() <= row.items()


@pytest.mark.parametrize("state", ["RecordRefusal", "RecordCancellation"])
def test_a_fence_says_nothing_of_the_payment_and_never_that_all_is_undone(
    dynamodb: Any, state: str
) -> None:
    row = fenced(dynamodb, "cancel requested", state)

    assert not {"PaymentStatus", "ShippingStatus", "ClosedAt", "ClosedBy"} & set(row)


def test_what_the_customer_cancelled_is_cancelled_and_says_so(dynamodb: Any) -> None:
    row = fenced(dynamodb, "cancel requested", "RecordCancellation")

    assert (row["State"], row["Reason"]) == ("CANCELLED", "OrderCancelled")
    refusal = STATES["RecordCancellation"]["Assign"]["refusal"]
    assert (refusal["reason"], refusal["cause"]) == (row["Reason"], row["Cause"])
    assert refusal["review"] is False


def closed(client: Any, before: str = "failed", **changed: Any) -> dict[str, Any]:
    put(client, "CustomerOrders", ORDERS[before])
    perform(client, STATES["CloseOrder"], variables(**changed))
    return read(client, "CustomerOrders", "o-1")


@pytest.mark.parametrize("before", ["failed", "handed over", "cancelled"])
def test_a_closed_order_says_when_and_by_which_execution_and_waits_no_more(
    dynamodb: Any, before: str
) -> None:
    row = closed(dynamodb, before)

    assert row["ClosedBy"] == EXECUTION
    assert row["ClosedAt"] == row["UpdatedAt"]
    assert "Waiting" not in row
    former = dict(ORDERS[before] or {})
    for name in ("State", "Reason", "ExecutionArn", "HandedOverAt"):
        assert row.get(name) == former.get(name), name


@pytest.mark.parametrize(
    ("voided", "status"),
    [("VOIDED", "Unsuccessful"), ("NOTHING", "Unsuccessful"), ("REFUNDED", "Refunded")],
)
def test_a_closed_order_says_how_its_payment_came_back(
    dynamodb: Any, voided: str, status: str
) -> None:
    row = closed(dynamodb, voided=voided)

    assert (row["PaymentStatus"], row["ShippingStatus"]) == (status, "Unsuccessful")


@pytest.mark.parametrize("count", [1, 2])
def test_a_closed_order_is_described_where_its_row_lacks_it(dynamodb: Any, count: int) -> None:
    row = closed(dynamodb, order={**order(count), "customerId": "c-other"})

    assert set(row) >= DESCRIBED
    assert len(row["Items"]) == count
    assert row["CustomerId"] == "c-1"
    assert row["CreatedAt"] == dict(ORDERS["failed"] or {})["CreatedAt"]


def test_an_order_of_which_nothing_can_be_said_is_closed_all_the_same(dynamodb: Any) -> None:
    put(dynamodb, "CustomerOrders", {"OrderId": "o-1", "State": "FAILED"})

    perform(dynamodb, STATES["CloseOrder"], variables(order={"orderId": "o-1"}, valid=False))

    row = read(dynamodb, "CustomerOrders", "o-1")
    assert row["ClosedBy"] == EXECUTION
    assert set(row) & {*DESCRIBED, "CustomerId", "CreatedAt"} == {"CreatedAt"}


@settings(max_examples=12)
@given(st.sampled_from([name for name in order() if name != "orderId"]), JSON)
def test_whatever_an_order_says_its_row_can_be_closed(client: Any, name: str, value: Any) -> None:
    client.delete_item(TableName="CustomerOrders", Key={"OrderId": {"S": "o-1"}})
    put(client, "CustomerOrders", {"OrderId": "o-1", "State": "FAILED"})

    perform(client, STATES["CloseOrder"], variables(order={**order(), name: value}, valid=False))

    assert read(client, "CustomerOrders", "o-1")["ClosedBy"] == EXECUTION


def look(client: Any, row: Any, **changed: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Where an execution goes that was kept out, its refusal, and what it hands on."""
    put(client, "CustomerOrders", row)
    state = STATES["ReadOrder"]
    result = perform(client, state, {"order": {"orderId": "o-1"}})
    known = {"refusal": {**REFUSAL, **changed}}
    refusal = fill(state["Assign"], known, result=result)["refusal"]
    found = fill(state["Output"], result=result)
    for choice in STATES["DoesOrderStand"]["Choices"]:
        if fill(choice["Condition"], input=found):
            return choice["Next"], refusal, found
    return STATES["DoesOrderStand"]["Default"], refusal, found


@pytest.mark.parametrize(
    "kind", ["processed", "fulfilled", "refunded", "closed", "not paid", "cancelled, closed"]
)
def test_an_order_that_was_recorded_or_closed_by_another_is_left_alone(
    dynamodb: Any, kind: str
) -> None:
    row = dict(ORDERS[kind] or {})

    to, _, found = look(dynamodb, row)

    assert to == "OrderStands"
    output = fill(STATES["OrderStands"]["Output"], {"order": order()}, input=found)
    assert output == {"orderId": "o-1", "state": row["State"]}


@pytest.mark.parametrize("kind", ["failed", "handed over", "cancelled"])
def test_an_order_that_another_refused_and_did_not_close_is_compensated_for_its_reason(
    dynamodb: Any, kind: str
) -> None:
    row = {**dict(ORDERS[kind] or {}), "Reason": "PaymentDeclined", "Cause": "no funds"}

    to, refusal, _ = look(dynamodb, row)

    assert to == "VoidPayment"
    assert refusal == {**REFUSAL, "reason": "PaymentDeclined", "cause": "no funds"}


@pytest.mark.parametrize(
    ("by", "reason", "review"),
    [
        (EXECUTION, "OutOfStock", True),
        (ANOTHER, "OutOfStock", False),
        (ANOTHER, "ProcessingError", True),
    ],
)
def test_trouble_with_an_order_that_another_refused_needs_a_review_only_if_that_was_technical(
    dynamodb: Any, by: str, reason: str, review: bool
) -> None:
    row = {**dict(ORDERS["failed"] or {}), "ExecutionArn": by, "Reason": reason, "Cause": "C"}

    _, refusal, _ = look(dynamodb, row, review=True)

    assert refusal["review"] is review


def test_an_order_that_this_execution_closed_before_is_done(dynamodb: Any) -> None:
    to, _, _ = look(dynamodb, {**dict(ORDERS["closed"] or {}), "ClosedBy": EXECUTION})

    assert to == "RejectOrder"


@pytest.mark.parametrize("kind", ["of a cart", "pending"])
def test_an_order_that_is_undecided_all_the_same_is_left_to_the_reconciler(
    dynamodb: Any, kind: str
) -> None:
    to, _, _ = look(dynamodb, dict(ORDERS[kind] or {}))

    assert to == "RejectOrder"


def test_a_row_without_a_reason_leaves_the_refusal_its_own(dynamodb: Any) -> None:
    row = {"OrderId": "o-1", "State": "FAILED", "ExecutionArn": EXECUTION}

    _, refusal, _ = look(dynamodb, row, review=True)

    assert refusal == {**REFUSAL, "review": True}


COMPENSATION = ["RecordRefusal", "VoidPayment", "ReleaseStock", "NeedsReview", "CloseOrder"]


def test_money_comes_back_before_stock_and_the_row_is_closed_last() -> None:
    following = [STATES[name].get("Next", STATES[name].get("Default")) for name in COMPENSATION]

    assert following == [*COMPENSATION[1:], "RejectOrder"]
    assert STATES["RecordCancellation"]["Next"] == "VoidPayment"
    assert STATES["RecordManualReview"]["Next"] == "CloseOrder"


@pytest.mark.parametrize("name", ["VoidPayment", "ReleaseStock", "CloseOrder", "ReadOrder"])
def test_a_compensation_that_fails_for_good_is_left_to_the_reconciler(name: str) -> None:
    caught = STATES[name]["Catch"][-1]

    assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "RejectOrder")


def test_who_cannot_close_an_order_reads_who_closed_it() -> None:
    refused, _ = STATES["CloseOrder"]["Catch"]

    assert refused["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert refused["Next"] == "ReadOrder"


@pytest.mark.parametrize("name", ["VoidPayment", "ReleaseStock"])
def test_a_compensation_needs_the_orders_id_and_nothing_else(name: str) -> None:
    asked = fill(STATES[name]["Arguments"]["Payload"], {"order": {"orderId": "o-1"}})

    assert asked == {"orderId": "o-1"}


@pytest.mark.parametrize("review", [True, False])
def test_only_a_technical_error_is_reviewed_and_its_review_comes_before_the_close(
    review: bool,
) -> None:
    (choice,) = STATES["NeedsReview"]["Choices"]

    assert fill(choice["Condition"], {"refusal": {**REFUSAL, "review": review}}) is review
    assert choice["Next"] == "RecordManualReview"


def test_a_review_that_is_there_or_cannot_be_opened_has_a_way_on() -> None:
    there, failed = STATES["RecordManualReview"]["Catch"]

    assert there["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert (there["Next"], failed["Next"]) == ("CloseOrder", "RejectOrder")


def test_a_refused_execution_fails_with_the_orders_reason() -> None:
    end = fill(STATES["RejectOrder"], {"refusal": REFUSAL})

    assert (end["Error"], end["Cause"]) == ("OutOfStock", "none left")
