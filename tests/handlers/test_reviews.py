"""ManualReview rows: one for each order, step and execution, which stays for ever."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.orders.adapters.reviews import Reviews
from handlers.orders.rules.reviews import Review
from handlers.shared.adapters.dynamodb import read, typed

NOW = "2026-01-01T12:00:00.000Z"
REVIEW = Review(
    order_id="o-1",
    step="VoidPayment",
    execution="arn",
    reason="PaymentVoided",
    cause="why",
    to_do="find the cause",
    customer_id="c-1",
)
ROW = {
    "OrderId": "o-1",
    "ReviewId": "VoidPayment arn",
    "Step": "VoidPayment",
    "ExecutionArn": "arn",
    "Reason": "PaymentVoided",
    "Cause": "why",
    "Done": "",
    "ToDo": "find the cause",
    "CustomerId": "c-1",
    "CreatedAt": NOW,
    "OpenSince": NOW,
}


@pytest.fixture
def reviews(dynamodb: Any) -> Reviews:
    return Reviews(dynamodb, "ManualReview", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))


def rows(reviews: Reviews) -> list[dict[str, Any]]:
    keys = reviews.client.scan(TableName="ManualReview")["Items"]
    ids = sorted((key["OrderId"]["S"], key["ReviewId"]["S"]) for key in keys)
    return [
        read(reviews.client, "ManualReview", OrderId=order, ReviewId=review) or {}
        for order, review in ids
    ]


def settle(reviews: Reviews) -> dict[str, Any]:
    """What `orders review settle` makes of the review."""
    row = {name: value for name, value in ROW.items() if name != "OpenSince"}
    settled = {**row, "SettledAt": NOW, "SettledBy": "ada"}
    reviews.client.put_item(TableName="ManualReview", Item=typed(settled))
    return settled


def test_a_review_says_what_failed_for_whom_and_what_to_do_and_is_open(reviews: Reviews) -> None:
    reviews.open(REVIEW)
    assert rows(reviews) == [ROW]


def test_a_review_of_nobody_known_has_no_customer(reviews: Reviews) -> None:
    reviews.open(replace(REVIEW, customer_id=None))
    assert "CustomerId" not in rows(reviews)[0]


def test_a_review_is_opened_once(reviews: Reviews) -> None:
    reviews.open(REVIEW)
    reviews.note_done("o-1", "payment: refunded")
    before = rows(reviews)
    reviews.open(replace(REVIEW, reason="Else", cause="another time"))
    assert rows(reviews) == before


def test_a_settled_review_stays_settled(reviews: Reviews) -> None:
    settled = settle(reviews)
    reviews.open(REVIEW)
    assert rows(reviews) == [settled]
    assert reviews.has_one("o-1", "arn")


def test_what_was_done_is_noted_on_a_settled_review_too_and_opens_none(reviews: Reviews) -> None:
    settled = settle(reviews)
    reviews.note_done("o-1", "stock: released")
    assert rows(reviews) == [{**settled, "Done": "stock: released"}]


@pytest.mark.parametrize(
    "another", [{"step": "ReleaseStock"}, {"execution": "arn-2"}, {"order_id": "o-2"}]
)
def test_another_step_execution_or_order_is_another_review(
    another: dict[str, str], reviews: Reviews
) -> None:
    reviews.open(REVIEW)
    reviews.open(replace(REVIEW, **another))
    assert len(rows(reviews)) == 2


def test_a_review_is_found_by_order_and_execution_whatever_its_step(reviews: Reviews) -> None:
    assert not reviews.has_one("o-1", "arn")
    for number in range(3):
        reviews.open(replace(REVIEW, step=f"Fulfill fc-{number}"))
    assert reviews.has_one("o-1", "arn")
    assert not reviews.has_one("o-1", "arn-2")
    assert not reviews.has_one("o-2", "arn")


def test_what_was_done_is_noted_on_every_review_of_the_order_that_says_nothing_of_it(
    reviews: Reviews,
) -> None:
    said = replace(REVIEW, step="Fulfill fc-1", done="request cancelled")
    opened = [REVIEW, replace(REVIEW, execution="arn-2"), said, replace(REVIEW, order_id="o-2")]
    for review in opened:
        reviews.open(review)
    reviews.note_done("o-1", "payment: voided")
    assert [(row["OrderId"], row["ReviewId"], row["Done"]) for row in rows(reviews)] == [
        ("o-1", "Fulfill fc-1 arn", "request cancelled"),
        ("o-1", "VoidPayment arn", "payment: voided"),
        ("o-1", "VoidPayment arn-2", "payment: voided"),
        ("o-2", "VoidPayment arn", ""),
    ]


def test_the_first_note_stays(reviews: Reviews) -> None:
    reviews.open(REVIEW)
    reviews.note_done("o-1", "payment: voided")
    reviews.note_done("o-1", "payment: nothing")
    assert rows(reviews)[0]["Done"] == "payment: voided"


def test_a_note_makes_no_review_up(reviews: Reviews) -> None:
    reviews.note_done("o-1", "payment: voided")
    assert rows(reviews) == []


def test_a_review_is_found_among_more_than_a_page_of_others(reviews: Reviews) -> None:
    """A filtered query may answer with empty pages before the one that has the row."""
    for number in range(7):
        cause = "x" * 250_000
        reviews.open(replace(REVIEW, step=f"A{number}", execution="another", cause=cause))
    reviews.open(REVIEW)
    assert reviews.has_one("o-1", "arn")
