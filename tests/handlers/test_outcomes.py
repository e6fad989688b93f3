"""Events: which change of a row is which event, built from the row alone, without personal data."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders.rules.events import (
    OUTCOMES,
    Event,
    agrees,
    event_of_change,
    event_of_order,
    event_of_review,
    later_than,
    outcome,
)
from tests.handlers.rows import (
    AT,
    CLOSED,
    EXECUTION,
    HANDED_OVER,
    ORDER_ID,
    PERSONAL,
    order,
    review,
)

Row = dict[str, Any]

CART = {"CartId": "835235"}
UNPAID = {"Reason": "PaymentNotReceived", "Cause": "why"}
REFUSED = {"Reason": "OutOfStock", "Cause": "not enough of lamp"}
REASONS = {
    "PaymentFailed": "PaymentFailed",
    "ShippingFailed": "ShippingFailed",
    "PaymentNotReceived": "PaymentNotReceived",
    "OutOfStock": "OrderRejected",
    "PaymentDeclined": "OrderRejected",
    "ProcessingError": "OrderRejected",
}
"""The event of a failed order, by its Reason."""

PUBLISHED: dict[str, tuple[Row | None, Row, str]] = {
    "paid": (order("PENDING"), order("PROCESSED"), "OrderProcessed"),
    "paid, and nobody had accepted it": (None, order("PROCESSED"), "OrderProcessed"),
    "a checkout is paid": (order("PENDING", **CART), order("PROCESSED", **CART), "OrderConfirmed"),
    "shipped": (order("PROCESSED"), order("FULFILLED"), "OrderFulfilled"),
    "a checkout is shipped": (
        order("PROCESSED", **CART),
        order("FULFILLED", **CART),
        "OrderFulfilled",
    ),
    "shipped, and only its session was known": (None, order("FULFILLED"), "OrderFulfilled"),
    "paid late and shipped": (
        order("FAILED", **UNPAID, **CLOSED),
        order("FULFILLED"),
        "OrderFulfilled",
    ),
    "refused and closed from the start": (
        None,
        order("FAILED", Reason="InvalidOrder", **CLOSED),
        "OrderRejected",
    ),
    "not paid": (None, order("FAILED", **UNPAID, **CLOSED), "PaymentNotReceived"),
    "failed and closed": (
        order("FAILED", **REFUSED),
        order("FAILED", **REFUSED, **CLOSED),
        "OrderRejected",
    ),
    "failed and handed over": (
        order("FAILED", **REFUSED),
        order("FAILED", **REFUSED, **HANDED_OVER),
        "OrderRejected",
    ),
    "failed and closed in one write": (
        order("PENDING"),
        order("FAILED", **REFUSED, **CLOSED),
        "OrderRejected",
    ),
    "cancelled and closed": (order("CANCELLED"), order("CANCELLED", **CLOSED), "OrderCancelled"),
    "another outcome of an order that was over": (
        order("FAILED", **UNPAID, **CLOSED),
        order("CANCELLED", **CLOSED),
        "OrderCancelled",
    ),
    "cancelled and handed over": (
        order("CANCELLED"),
        order("CANCELLED", **HANDED_OVER),
        "OrderCancelled",
    ),
}

SILENT: dict[str, tuple[Row | None, Row]] = {
    "accepted": (None, order("PENDING")),
    "queued": (order("PENDING"), order("PENDING", QueuedAt=AT)),
    "the customer asks to cancel": (order("PENDING"), order("PENDING", CancelRequested=True)),
    "fenced": (order("PENDING"), order("FAILED", **REFUSED)),
    "fenced without a row": (None, order("FAILED", **REFUSED)),
    "fenced as the customer asked": (order("PENDING"), order("CANCELLED")),
    "a paid order's cancellation begins": (order("PROCESSED"), order("CANCELLED")),
    "described while it is open": (
        order("FAILED", **REFUSED, Items=None),
        order("FAILED", **REFUSED),
    ),
    "handed over, and closed at last": (
        order("FAILED", **REFUSED, **HANDED_OVER),
        order("FAILED", **REFUSED, **HANDED_OVER, **CLOSED),
    ),
    "cancelled, handed over, and closed at last": (
        order("CANCELLED", **HANDED_OVER),
        order("CANCELLED", **HANDED_OVER, **CLOSED),
    ),
    "closed, and handed over late": (
        order("FAILED", **REFUSED, **CLOSED),
        order("FAILED", **REFUSED, **CLOSED, **HANDED_OVER),
    ),
    "noted after it was closed": (
        order("FAILED", **REFUSED, **CLOSED),
        order("FAILED", **REFUSED, **CLOSED, UpdatedAt="2026-02-02"),
    ),
    "noted after it was paid": (order("PROCESSED"), order("PROCESSED", UpdatedAt="2026-02-02")),
    "recorded as shipped again": (order("FULFILLED"), order("FULFILLED", ArrivalDate="2026-02-02")),
    "a State that nobody publishes": (order("PROCESSED"), order("REFUNDED")),
}


@pytest.mark.parametrize(("old", "new", "detail_type"), PUBLISHED.values(), ids=PUBLISHED)
def test_a_change_that_makes_an_outcome_is_its_event(
    old: Row | None, new: Row, detail_type: str
) -> None:
    event = event_of_change(old, new)
    assert event is not None
    assert event.detail_type == detail_type
    assert event == event_of_order(new)


@pytest.mark.parametrize(("old", "new"), SILENT.values(), ids=SILENT)
def test_no_other_change_is_an_event(old: Row | None, new: Row) -> None:
    assert event_of_change(old, new) is None


@pytest.mark.parametrize("new", [new for _, new, _ in PUBLISHED.values()])
def test_a_rewrite_of_the_same_row_is_no_event(new: Row) -> None:
    assert event_of_change(new, new) is None


@pytest.mark.parametrize(("reason", "detail_type"), REASONS.items())
def test_a_failed_orders_reason_is_its_event(reason: str, detail_type: str) -> None:
    failed = order("FAILED", Reason=reason)
    event = event_of_change(failed, {**failed, **CLOSED})
    assert event is not None
    assert (event.detail_type, event.detail["reason"]) == (detail_type, reason)


def test_a_failed_order_whose_reason_nobody_wrote_is_rejected() -> None:
    event = event_of_change(None, order("FAILED", **CLOSED))
    assert event is not None
    assert (event.detail_type, event.detail["reason"]) == ("OrderRejected", "")


def test_the_event_of_a_paid_order_in_full() -> None:
    assert event_of_order(order("PROCESSED")) == Event(
        "OrderProcessed",
        {
            "orderId": ORDER_ID,
            "customerId": "c-1",
            "orderTotal": 1500,
            "currency": "USD",
            "reason": "",
            "eventId": f"{ORDER_ID}:PROCESSED",
            "sequence": 1,
            "occurredAt": AT,
        },
    )


def test_the_event_of_an_order_of_which_hardly_anything_is_known_in_full() -> None:
    row = {"OrderId": "o-1", "State": "FAILED", "Reason": "InvalidOrder", "Cause": "why", **CLOSED}
    assert event_of_order(row) == Event(
        "OrderRejected",
        {
            "orderId": "o-1",
            "reason": "InvalidOrder",
            "cause": "why",
            "eventId": "o-1:FAILED",
            "sequence": 1,
            "occurredAt": AT,
        },
    )


def test_the_cause_of_a_technical_error_is_supports_alone() -> None:
    technical = {"Reason": "ProcessingError", "Cause": "arn:aws:secret"}
    event = event_of_order(order("FAILED", **technical, **CLOSED))
    assert event is not None
    assert event.detail["reason"] == "ProcessingError"
    assert "cause" not in event.detail
    assert event_of_review(review(**technical)).detail["cause"] == "arn:aws:secret"


FIRST, SECOND = "2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
@pytest.mark.parametrize(
    "over",
    [
        {"ClosedAt": FIRST},
        {"HandedOverAt": FIRST},
        {"HandedOverAt": FIRST, "ClosedAt": SECOND},
        {"HandedOverAt": SECOND, "ClosedAt": FIRST},
    ],
)
def test_a_refusal_or_cancellation_came_about_when_it_was_first_over(
    state: str, over: dict[str, str]
) -> None:
    event = event_of_order(order(state, UpdatedAt=SECOND, **over))
    assert event is not None
    assert event.detail["occurredAt"] == FIRST


@pytest.mark.parametrize("state", ["PROCESSED", "FULFILLED"])
def test_any_other_outcome_came_about_when_its_row_was_written(state: str) -> None:
    event = event_of_order(order(state, UpdatedAt=FIRST))
    assert event is not None
    assert event.detail["occurredAt"] == FIRST


SHIPMENTS: list[Row] = [
    {
        "fulfillmentCenterId": "fc-far",
        "arrivalDate": "2026-01-15",
        "labelKey": "labels/o-1/fc-far.zpl",
        "products": [{"id": "p1", "name": "A <b>lamp</b>\nof $total", "price": 5, "quantity": 2}],
    },
    {
        "fulfillmentCenterId": "fc-1",
        "arrivalDate": "2026-01-07",
        "labelKey": "labels/o-1/fc-1.zpl",
        "products": [{"id": "p2", "name": None, "price": None, "quantity": 1}],
    },
]


def test_a_shipped_orders_event_says_what_arrives_when() -> None:
    event = event_of_order(order("FULFILLED", ArrivalDate="2026-01-15", Shipments=SHIPMENTS))
    assert event is not None
    assert event.detail["arrivalDate"] == "2026-01-15"
    assert event.detail["shipments"] == [
        {
            "fulfillmentCenterId": "fc-far",
            "arrivalDate": "2026-01-15",
            "products": [{"id": "p1", "name": "A <b>lamp</b>\nof $total", "quantity": 2}],
        },
        {
            "fulfillmentCenterId": "fc-1",
            "arrivalDate": "2026-01-07",
            "products": [{"id": "p2", "quantity": 1}],
        },
    ]
    assert (event.detail["eventId"], event.detail["sequence"]) == (f"{ORDER_ID}:FULFILLED", 2)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_shipments_are_a_list_however_many_there_are(count: int) -> None:
    event = event_of_order(order("FULFILLED", Shipments=SHIPMENTS[:count]))
    assert event is not None
    assert len(event.detail["shipments"]) == count


def test_an_order_without_an_outcome_has_no_event() -> None:
    for row in (order("PENDING"), order("FAILED"), order("CANCELLED"), order("REFUNDED", **CLOSED)):
        assert event_of_order(row) is None


def test_a_reviews_event_in_full() -> None:
    detail = {
        "orderId": ORDER_ID,
        "customerId": "c-1",
        "reason": "ProcessingError",
        "cause": "the execution timed out",
        "step": "Recovery",
        "executionArn": EXECUTION,
        "eventId": f"{ORDER_ID}:Recovery {EXECUTION}",
        "occurredAt": AT,
    }
    assert event_of_review(review()) == Event("ManualReviewRequired", detail)
    del detail["customerId"]
    assert event_of_review(review(CustomerId=None)).detail == detail


def test_reviews_of_one_order_have_ids_of_their_own() -> None:
    first, other = review(), review(ReviewId=f"VoidPayment {EXECUTION}")
    assert event_of_review(first).detail["eventId"] != event_of_review(other).detail["eventId"]


def test_a_reviews_event_does_not_change_with_what_is_noted_on_it_later() -> None:
    settled = review(Done="payment: refunded", SettledAt=AT, SettledBy="ada", OpenSince=None)
    assert event_of_review(settled) == event_of_review(review())


@pytest.mark.parametrize(
    "event",
    [event_of_change(old, new) for old, new, _ in PUBLISHED.values()]
    + [event_of_review(review()), event_of_order(order("FULFILLED", Shipments=SHIPMENTS))],
)
def test_no_event_holds_anything_personal_or_of_the_card(event: Event) -> None:
    text = json.dumps(event.detail)
    assert ORDER_ID in text
    assert not [part for part in PERSONAL if part in text]
    assert not [part for part in ("price", "label", "Email", "Address") if part in text]


@given(
    st.sampled_from([new for _, new, _ in PUBLISHED.values()]),
    st.dictionaries(
        st.text(min_size=1).filter(lambda name: name not in order("", **CART, **UNPAID)),
        st.text(min_size=1).map(lambda text: f"secret {text}"),
    ),
)
def test_what_else_stands_in_a_row_never_reaches_its_event(row: Row, more: dict[str, str]) -> None:
    event = event_of_order({**more, **row})
    assert event == event_of_order(row)
    assert "secret" not in str(event)


ENDS: list[list[Row]] = [
    [order("PROCESSED"), order("FULFILLED")],
    [order("PROCESSED"), order("CANCELLED"), order("CANCELLED", **CLOSED)],
    [
        order("PROCESSED"),
        order("CANCELLED"),
        order("CANCELLED", **HANDED_OVER),
        order("CANCELLED", **HANDED_OVER, **CLOSED),
    ],
    [order("CANCELLED"), order("CANCELLED", **CLOSED)],
    [order("FAILED", **REFUSED), order("FAILED", **REFUSED, **CLOSED)],
    [
        order("FAILED", **REFUSED),
        order("FAILED", **REFUSED, **HANDED_OVER),
        order("FAILED", **REFUSED, **HANDED_OVER, **CLOSED),
    ],
    [order("FAILED", **UNPAID, **CLOSED), order("FULFILLED")],
]


@given(st.sampled_from(ENDS), st.data())
def test_an_orders_life_is_published_in_growing_sequence_each_outcome_once(
    end: list[Row], data: st.DataObject
) -> None:
    life: list[Row | None] = [None]
    for row in [order("PENDING"), *end]:
        notes = data.draw(st.integers(0, 2))
        life += [{**row, "UpdatedAt": f"{note}"} for note in range(notes + 1)]
    events = [event_of_change(old, new) for old, new in pairwise(life) if new is not None]
    found = [event.detail for event in events if event is not None]
    sequences = [detail["sequence"] for detail in found]
    assert sequences == sorted(set(sequences))
    assert len({detail["eventId"] for detail in found}) == len(found)
    assert found[-1]["eventId"] == f"{ORDER_ID}:{end[-1]['State']}"


TRUE_AT: dict[str, tuple[Row, ...]] = {
    "OrderProcessed": (order("PROCESSED"), order("FULFILLED")),
    "OrderConfirmed": (order("PROCESSED", **CART), order("FULFILLED", **CART)),
    "OrderFulfilled": (order("FULFILLED"), order("FULFILLED", **CART)),
    "OrderCancelled": (order("CANCELLED", **CLOSED),),
    "OrderRejected": (order("FAILED", **REFUSED, **CLOSED),),
    "PaymentNotReceived": (order("FAILED", **UNPAID, **CLOSED),),
    "PaymentFailed": (order("FAILED", Reason="PaymentFailed", **CLOSED),),
    "ShippingFailed": (order("FAILED", Reason="ShippingFailed", **CLOSED),),
}
STANDING = [row for rows in TRUE_AT.values() for row in rows]


def test_every_outcome_has_rows_at_which_it_is_true() -> None:
    assert set(TRUE_AT) == set(OUTCOMES)


@pytest.mark.parametrize("detail_type", OUTCOMES)
def test_a_row_contradicts_every_event_but_those_that_are_true_of_it(detail_type: str) -> None:
    states = {row["State"] for row in TRUE_AT[detail_type]}
    for row in STANDING:
        expected = row["State"] in states and row.get("Reason") in {
            true.get("Reason") for true in TRUE_AT[detail_type]
        }
        assert agrees(detail_type, row) == expected, row
    for row in ({}, order("PENDING"), order("REFUNDED")):
        assert not agrees(detail_type, row)


def test_a_review_agrees_with_no_row() -> None:
    assert not any(agrees("ManualReviewRequired", row) for row in STANDING)


@pytest.mark.parametrize(
    ("detail_type", "later"),
    [
        ("OrderProcessed", {"OrderFulfilled", "OrderCancelled"}),
        ("OrderConfirmed", {"OrderFulfilled", "OrderCancelled"}),
        ("PaymentNotReceived", {"OrderFulfilled", "OrderCancelled"}),
        ("OrderFulfilled", {"OrderCancelled"}),
        ("OrderCancelled", set()),
    ],
)
def test_later_is_what_only_a_later_state_can_be(detail_type: str, later: set[str]) -> None:
    assert set(later_than(detail_type)) == later


@pytest.mark.parametrize("row", STANDING)
def test_the_event_of_a_row_is_one_that_it_does_not_contradict(row: Row) -> None:
    found = outcome(row)
    assert found is not None
    assert agrees(found, row)
