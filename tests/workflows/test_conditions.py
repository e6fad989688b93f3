"""Every write of the machines carries its condition, and happens to the rows that meet it only."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.workflows.machines import State, context, fill, operation, perform, tasks
from tests.workflows.orders import order
from tests.workflows.rows import (
    CARTS,
    ORDERS,
    RESERVATIONS,
    SESSIONS,
    everything,
    put,
    read,
    variables,
)
from workflows import DEFINITIONS

TASKS = {
    f"{machine}/{name}": state
    for machine, render in DEFINITIONS.items()
    for name, state in tasks(render())
}
SESSION = {"SessionId": "o-1"}
CHECKED = {**order(), "problem": ""}

PENDING = "#State = :pending AND attribute_not_exists(#CartId)"
NEW_SESSION = "attribute_not_exists(SessionId)"
HELD = "#Status IN (:reserved, :committed)"
CONDITIONS: Mapping[str, list[tuple[str, str, str]]] = {
    "order_processing/ReserveStock": [
        ("Put", "Reservations", "attribute_not_exists(OrderId)"),
        ("Update", "Inventory", "OnHand >= :quantity AND Price = :price AND Currency = :currency"),
    ],
    "order_processing/RecordOrder": [
        (
            "Update",
            "CustomerOrders",
            f"attribute_not_exists(#OrderId) OR ({PENDING}"
            " AND attribute_not_exists(#CancelRequested))",
        ),
        ("Put", "CustomerPaymentSession", NEW_SESSION),
        ("Update", "Reservations", HELD),
    ],
    "order_processing/RecordRefusal": [
        ("Update", "CustomerOrders", f"attribute_not_exists(#OrderId) OR ({PENDING})")
    ],
    "order_processing/RecordCancellation": [
        ("Update", "CustomerOrders", f"{PENDING} AND #CancelRequested = :requested")
    ],
    "order_processing/RecordManualReview": [
        ("Put", "ManualReview", "attribute_not_exists(OrderId)")
    ],
    "order_processing/CloseOrder": [
        (
            "Update",
            "CustomerOrders",
            "#State IN (:failed, :cancelled) AND attribute_not_exists(ClosedAt)",
        )
    ],
    "checkout/RecordPayment": [("Update", "CustomerOrders", "#State = :pending")],
    "checkout/ConfirmOrder": [
        ("Update", "CustomerOrders", "#State = :pending"),
        ("Put", "CustomerPaymentSession", NEW_SESSION),
        ("Update", "Reservations", HELD),
        ("Update", "Carts", "OrderId = :order AND #Status IN (:open, :confirmed)"),
    ],
    "fulfillment/ClaimSession": [("Update", "CustomerPaymentSession", "PaymentStatus = :success")],
    "fulfillment/RefuseSession": [
        (
            "ConditionCheck",
            "CustomerPaymentSession",
            "attribute_exists(SessionId)"
            " AND (attribute_not_exists(PaymentStatus) OR PaymentStatus <> :success)",
        ),
        ("Put", "CustomerOrders", "attribute_not_exists(OrderId)"),
    ],
    "fulfillment/RecordFulfillment": [
        (
            "Update",
            "CustomerOrders",
            "attribute_not_exists(OrderId) OR #State = :processed"
            " OR (#State = :failed AND #Reason = :not_received)",
        )
    ],
    "fulfillment/RecordManualReview": [("Put", "ManualReview", "attribute_not_exists(OrderId)")],
}
"""Every write of a machine on a table, and its condition."""


def request(name: str) -> Any:
    known: dict[str, Any] = {"input": CHECKED, "context": context(given=SESSION)}
    return fill(TASKS[name]["Arguments"], variables(), **known)


def writes(name: str) -> Iterator[tuple[str, str, str]]:
    """The kind, table and condition of each write that a Task asks for."""
    called, asked = operation(TASKS[name]), request(name)
    kinds = {"dynamodb:updateItem": "Update", "dynamodb:putItem": "Put"}
    members = asked["TransactItems"] if "TransactItems" in asked else [{kinds[called]: asked}]
    for member in members:
        for kind, each in member.items():
            yield kind, each["TableName"], each["ConditionExpression"]


def is_write(state: State) -> bool:
    return operation(state).startswith("dynamodb:") and "get" not in operation(state).lower()


def test_the_table_names_every_write_of_every_machine() -> None:
    assert {name for name, state in TASKS.items() if is_write(state)} == set(CONDITIONS)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_write_carries_its_condition(name: str) -> None:
    assert list(writes(name)) == CONDITIONS[name]


@pytest.mark.parametrize("name", CONDITIONS)
def test_no_put_is_made_over_a_row_that_exists(name: str) -> None:
    for kind, _, condition in writes(name):
        assert kind != "Put" or condition.startswith("attribute_not_exists(")


@pytest.mark.parametrize("name", [name for name in TASKS if name not in CONDITIONS])
def test_what_is_no_write_reads_consistently(name: str) -> None:
    state = TASKS[name]
    if operation(state) == "dynamodb:getItem":
        assert state["Arguments"]["ConsistentRead"] is True
    else:
        # A transaction reads consistently of its own accord.
        assert operation(state) in ("dynamodb:transactGetItems", "lambda:invoke")


def prepared(client: Any, **rows: str) -> None:
    """Puts the rows of an order, each by how far it has come."""
    put(client, "CustomerOrders", ORDERS[rows.get("order", "pending")])
    put(client, "CustomerPaymentSession", SESSIONS[rows.get("session", "absent")])
    put(client, "Reservations", RESERVATIONS[rows.get("reservation", "reserved")])
    put(client, "Carts", CARTS[rows.get("cart", "open")])


REFUSED = ("ConditionalCheckFailedException", "TransactionCanceledException")


def happens(client: Any, name: str) -> bool:
    """Whether a write happens; one that is refused must have changed nothing."""
    before = everything(client)
    known: dict[str, Any] = {"input": CHECKED, "context": context(given=SESSION)}
    try:
        perform(client, TASKS[name], variables(), **known)
    except ClientError as error:
        if error.response["Error"]["Code"] not in REFUSED:
            raise
    else:
        return True
    assert everything(client) == before
    return False


ACCEPTED: Mapping[str, Mapping[str, set[str]]] = {
    "order_processing/RecordOrder": {
        "order": {"absent", "pending"},
        "session": {"absent"},
        "reservation": {"reserved", "committed"},
    },
    "order_processing/RecordRefusal": {"order": {"absent", "pending", "cancel requested"}},
    "order_processing/RecordCancellation": {"order": {"cancel requested"}},
    "order_processing/CloseOrder": {"order": {"failed", "handed over", "cancelled"}},
    "checkout/RecordPayment": {"order": {"pending", "cancel requested", "of a cart"}},
    "checkout/ConfirmOrder": {
        "order": {"pending", "cancel requested", "of a cart"},
        "session": {"absent"},
        "reservation": {"reserved", "committed"},
        "cart": {"open", "confirmed"},
    },
    "fulfillment/ClaimSession": {"session": {"paid", "claimed"}},
    "fulfillment/RefuseSession": {
        "order": {"absent"},
        "session": {"nearly paid", "unpaid", "refunded"},
    },
    "fulfillment/RecordFulfillment": {"order": {"absent", "processed", "not paid"}},
}
"""By write and row: to which of the rows it happens."""

ROWS = {"order": ORDERS, "session": SESSIONS, "reservation": RESERVATIONS, "cart": CARTS}


def taken(name: str) -> dict[str, str]:
    """Of each row one that a write happens to."""
    return {row: sorted(kinds)[0] for row, kinds in ACCEPTED.get(name, {}).items()}


CASES = [
    (name, row, kind)
    for name, accepted in ACCEPTED.items()
    for row in accepted
    for kind in ROWS[row]
]


@pytest.mark.parametrize(("name", "row", "kind"), CASES)
def test_a_write_happens_to_the_rows_that_meet_its_condition_only(
    dynamodb: Any, name: str, row: str, kind: str
) -> None:
    prepared(dynamodb, **{**taken(name), row: kind})

    assert happens(dynamodb, name) == (kind in ACCEPTED[name][row])


@pytest.mark.parametrize("name", ["order_processing/ReserveStock", *ACCEPTED])
def test_a_write_that_is_made_again_changes_nothing_of_what_it_wrote_first(
    dynamodb: Any, name: str
) -> None:
    prepared(dynamodb, **{"reservation": "absent", **taken(name)})
    put(dynamodb, "Inventory", {"ProductId": "item-0", "OnHand": 9, "Reserved": 0, **PRICE})
    assert happens(dynamodb, name)
    before = everything(dynamodb)

    happens(dynamodb, name)

    later = everything(dynamodb)
    assert {table: [timeless(row) for row in rows] for table, rows in later.items()} == {
        table: [timeless(row) for row in rows] for table, rows in before.items()
    }


PRICE = {"Price": 500, "Currency": "USD"}


def timeless(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "UpdatedAt"}


@pytest.mark.parametrize("name", ["order_processing/RecordOrder", "checkout/ConfirmOrder"])
def test_a_record_that_is_made_again_keeps_the_claim_of_fulfillment(
    dynamodb: Any, name: str
) -> None:
    prepared(dynamodb)
    assert happens(dynamodb, name)
    assert happens(dynamodb, "fulfillment/ClaimSession")
    claimed = read(dynamodb, "CustomerPaymentSession", "o-1")

    assert not happens(dynamodb, name)
    assert read(dynamodb, "CustomerPaymentSession", "o-1") == claimed
    assert claimed["ClaimedAt"]


def test_a_session_keeps_the_claim_of_the_first_execution(dynamodb: Any) -> None:
    prepared(dynamodb, session="claimed")

    assert happens(dynamodb, "fulfillment/ClaimSession")
    assert read(dynamodb, "CustomerPaymentSession", "o-1") == dict(SESSIONS["claimed"] or {})


@pytest.mark.parametrize("machine", ["order_processing", "fulfillment"])
def test_a_review_stands_as_it_was_opened(dynamodb: Any, machine: str) -> None:
    name = f"{machine}/RecordManualReview"
    assert happens(dynamodb, name)
    opened = everything(dynamodb)

    assert not happens(dynamodb, name)
    assert everything(dynamodb) == opened
