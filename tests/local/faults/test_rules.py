"""Each rule holds for orders that kept it, and names what broke it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from local.faults.judging import Violation, judge
from local.faults.rules import RULES
from local.faults.story import Story
from local.result import broken
from local.scenario import Action, FunctionFault
from tests.local.faults import stories
from tests.local.faults.stories import (
    CARD,
    EXECUTION,
    FULFILLMENT,
    ORDER,
    changed,
    disturbed,
    event,
    mailed,
    paid,
    review,
    review_event,
    run,
)

GOOD: list[Callable[..., Story]] = [
    stories.fulfilled,
    stories.refused,
    stories.cancelled,
    stories.broken_down,
]


def violations(story: Story) -> list[Violation]:
    return judge(story.scenario, story.result)


def seen(story: Story) -> dict[str, list[str]]:
    """The sentences by rule."""
    found: dict[str, list[str]] = {}
    for violation in violations(story):
        found.setdefault(violation.rule, []).append(violation.seen)
    return found


@pytest.mark.parametrize("story", GOOD)
def test_what_kept_every_rule_breaks_none(story: Callable[..., Story]) -> None:
    assert violations(story()) == []


def test_every_rule_has_a_name_of_its_own_and_a_sentence() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.sentence for rule in RULES)


def fulfilled(**changes: Any) -> Story:
    return stories.fulfilled(**changes)


ROW = stories.fulfilled().row
CANCELLED = stories.cancelled().row
STOCK = "stock is conserved"
SPOILT: list[tuple[Story, str, str]] = [
    (
        fulfilled(payments=[paid("capture"), paid("capture")]),
        "captured once",
        "it was captured 2 times",
    ),
    (
        changed(fulfilled(), OrderTotal=1999),
        "captured once",
        "2000 was captured for an order of 1999",
    ),
    (
        fulfilled(reservation=None),
        "captured with stock",
        "it was captured, and nothing was ever reserved",
    ),
    (
        fulfilled(reservation={"Status": "RELEASED", "Items": [{"itemId": "x", "quantity": 1}]}),
        "captured with stock",
        "the money is kept, and the stock was released",
    ),
    (
        fulfilled(ledger={"Status": "REFUNDED"}),
        "money and row agree",
        "the order is FULFILLED, and its payment is REFUNDED",
    ),
    (
        changed(fulfilled(), PaymentStatus="Pending"),
        "money and row agree",
        "the order is FULFILLED, and its PaymentStatus is Pending",
    ),
    (
        fulfilled(session=None),
        "money and row agree",
        "the order is FULFILLED, and its session is None",
    ),
    (
        stories.refused(ledger={"Status": "AUTHORIZED"}),
        "money and row agree",
        "the order is FAILED and closed, and its payment is AUTHORIZED",
    ),
    (
        stories.refused(ledger=None),
        "money and row agree",
        "the order is FAILED and closed, and nothing refuses a later payment",
    ),
    (
        changed(stories.cancelled(), PaymentStatus="Successful"),
        "money and row agree",
        "the payment is REFUNDED, and the row's PaymentStatus is Successful",
    ),
    (
        stories.cancelled(session={"PaymentStatus": "Success"}),
        "money and row agree",
        "the order is CANCELLED, and its session is still paid",
    ),
    (
        fulfilled(stock={"laptop": {"onHand": 9, "reserved": 0}}),
        STOCK,
        "the stock of laptop stands at {'onHand': 9, 'reserved': 0},"
        " and should at {'onHand': 8, 'reserved': 0}",
    ),
    (
        stories.refused(stock={"laptop": {"onHand": 8, "reserved": 2}}),
        STOCK,
        "the stock of laptop stands at {'onHand': 8, 'reserved': 2},"
        " and should at {'onHand': 10, 'reserved': 0}",
    ),
    (
        stories.refused(reservation={"Status": "RESERVED", "Items": []}),
        "stock and row agree",
        "the order is FAILED and closed, and its reservation is RESERVED",
    ),
    (
        fulfilled(reservation={"Status": "RESERVED", "Items": []}),
        "stock and row agree",
        "the order is FULFILLED, and its reservation is RESERVED",
    ),
    (
        fulfilled(ledger={"Status": "REFUNDED"}),
        "shipped or refunded",
        "the shipment from fc-1 is SENT, and the money is REFUNDED",
    ),
    (
        changed(fulfilled(), State="CANCELLED", ClosedAt="now"),
        "shipped or refunded",
        "the shipment from fc-1 is SENT, and the order is CANCELLED",
    ),
    (
        fulfilled(fulfillmentRequests=[stories.request(), stories.request()]),
        "shipped once",
        f"the shipment {ORDER}:fc-1:1 was requested 2 times",
    ),
    (
        fulfilled(shipments=[{**fulfilled().result.shipments[0], "SendStatus": "PLANNED"}]),
        "shipped once",
        "the order is FULFILLED, and the shipment from fc-1 is PLANNED",
    ),
    (changed(fulfilled(), State="PENDING"), "one final state", "the order is PENDING"),
    (
        changed(stories.refused(), ClosedAt=None),
        "one final state",
        "the order is FAILED, neither closed nor handed over with a review",
    ),
    (
        changed(fulfilled(), ClosedAt="now"),
        "one final state",
        "the order is FULFILLED, and closed",
    ),
    (
        changed(fulfilled(), State="PROCESSED"),
        "one final state",
        "the order is PROCESSED, neither fulfilled nor with a review of its fulfillment",
    ),
    (
        stories.refused(order=None, ledger={"Status": "CAPTURED"}),
        "one final state",
        "there is no order, and its payment is CAPTURED",
    ),
    (
        stories.refused(order=None, reservation={"Status": "RESERVED", "Items": []}),
        "one final state",
        "there is no order, and its stock is reserved",
    ),
    (
        stories.refused(order=None, shipments=fulfilled().result.shipments),
        "one final state",
        "there is no order, and it has shipments of which no review says anything",
    ),
    (
        stories.broken_down(manualReview=[]),
        "technical ends are reviewed",
        "order_processing ended ABORTED, and no review names that execution",
    ),
    (
        fulfilled(
            order={**ROW, "State": "PROCESSED"},
            followed=[run("fulfillment", FULFILLMENT, "TIMED_OUT")],
            manualReview=[review()],
        ),
        "technical ends are reviewed",
        "fulfillment ended TIMED_OUT, and no review names that execution",
    ),
    (
        fulfilled(followed=[run("fulfillment", FULFILLMENT, "RUNNING")]),
        "nothing is left running",
        "fulfillment still runs",
    ),
    (
        changed(stories.refused(), Waiting="yes"),
        "nothing is left running",
        "the order is FAILED, and still waits",
    ),
    (
        fulfilled(deadLetters={"mails-dead-letters": [{}]}),
        "nothing is given up",
        "1 messages are in mails-dead-letters: [{}]",
    ),
    (
        fulfilled(sweepErrors=["sweep_orders: broken"]),
        "nothing is given up",
        "a schedule failed: sweep_orders: broken",
    ),
    (
        fulfilled(events=[*fulfilled().result.events, event("OrderRejected", 1, "FAILED")]),
        "events are true",
        "OrderRejected was published, and the order is FULFILLED",
    ),
    (
        stories.refused(events=[event("OrderRejected", 1, "FAILED", "PriceMismatch")]),
        "events are true",
        "OrderRejected gives the reason PriceMismatch, the row OutOfStock",
    ),
    (
        stories.refused(
            events=[
                event("OrderRejected", 1, "FAILED", "OutOfStock"),
                event("OrderRejected", 1, "REFUSED", "OutOfStock"),
            ]
        ),
        "events are true",
        "OrderRejected was published under 2 ids",
    ),
    (
        stories.refused(events=[event("OrderRejected", 2, "FAILED", "OutOfStock")]),
        "events are true",
        "OrderRejected has the sequence 2; it should have 1",
    ),
    (
        fulfilled(events=[*fulfilled().result.events, review_event(review())]),
        "events are true",
        f"a review {ORDER}:Reconcile {EXECUTION} was published, and there is none",
    ),
    (
        stories.refused(events=[]),
        "all is published",
        "the order is FAILED, and OrderRejected was never published",
    ),
    (
        stories.broken_down(events=[event("OrderRejected", 1, "FAILED", "ProcessingError")]),
        "all is published",
        f"the review Reconcile {EXECUTION} was never published",
    ),
    (
        stories.refused(topics=stories.topics("OrderProcessed")),
        "all is published",
        "OrderRejected was published, and never came to the topic OrderNotifications",
    ),
    (
        stories.cancelled(
            emails=[mailed("OrderCancelled", CANCELLED), mailed("OrderProcessed", CANCELLED)]
        ),
        "mails are true",
        "a mail says OrderCancelled, and a later one OrderProcessed",
    ),
    (
        fulfilled(emails=[mailed("OrderRejected", ROW), mailed("OrderFulfilled", ROW)]),
        "mails are true",
        "a mail says OrderRejected, and the order is FULFILLED",
    ),
    (
        stories.refused(emails=2 * [mailed("OrderRejected", stories.refused().row)]),
        "mails are true",
        "2 mails say OrderRejected",
    ),
    (
        stories.refused(emails=[]),
        "mails are true",
        "the order is FAILED, and no mail says OrderRejected",
    ),
    (
        fulfilled(topics=[{"topic": "OrderNotifications", "message": CARD.replace(" ", "")}]),
        "no card data",
        "the card ending in 4242 stands in topics",
    ),
]


@pytest.mark.parametrize(("story", "rule", "sentence"), SPOILT, ids=[each[2] for each in SPOILT])
def test_what_breaks_a_rule_is_said(story: Story, rule: str, sentence: str) -> None:
    assert sentence in seen(story).get(rule, [])


def test_every_rule_can_be_broken() -> None:
    assert {rule for _, rule, _ in SPOILT} == {rule.name for rule in RULES}


def test_an_order_that_cannot_be_undone_is_handed_over_with_a_review() -> None:
    open_row = changed(
        stories.broken_down(), ClosedAt=None, ClosedBy=None, HandedOverAt="now", Waiting="yes"
    )
    settled = [{**review(), "SettledAt": "now"}]

    assert violations(open_row) == []
    assert "one final state" in seen(
        Story(open_row.scenario, replace(open_row.result, manualReview=settled))
    )


def test_an_order_whose_fulfillment_failed_stays_paid_while_a_review_says_so() -> None:
    note = review(FULFILLMENT, "UpdateInventory")
    shipment = {**fulfilled().result.shipments[0], "SendStatus": "CANCELLED"}
    taken = {"onHand": 8, "reserved": 0}
    story = changed(
        fulfilled(
            followed=[run("fulfillment", FULFILLMENT, "FAILED")],
            manualReview=[note],
            shipments=[shipment],
            stock={"laptop": taken},
            events=[event("OrderProcessed", 1, "PROCESSED"), review_event(note)],
            emails=[mailed("OrderProcessed", ROW)],
            topics=stories.topics("OrderProcessed", "ManualReviewRequired"),
        ),
        State="PROCESSED",
    )

    assert violations(story) == []


def test_a_repeated_event_is_known_by_its_id() -> None:
    again = fulfilled().result.events

    assert violations(fulfilled(events=[*again, again[0]])) == []


def test_dead_letters_have_a_reason_where_a_function_fails_for_good() -> None:
    lost = fulfilled(deadLetters={"mails-dead-letters": [{}]})
    for_good = (FunctionFault("notify_user", "E", times=0),)
    thrice = (FunctionFault("notify_user", "E", times=3),)

    assert violations(disturbed(lost, faults=for_good)) == []
    assert "nothing is given up" in seen(disturbed(lost, faults=thrice))


def test_a_schedule_that_a_fault_strikes_may_fail() -> None:
    failed = fulfilled(sweepErrors=["sweep_orders: struck"])

    assert violations(disturbed(failed, faults=(FunctionFault("sweep_orders", "E"),))) == []
    once = (FunctionFault("sweep_orders", "E", times=1),)
    assert "nothing is given up" in seen(disturbed(failed, faults=once))


def test_a_cart_that_is_taken_twice_leaves_nothing_to_look_at() -> None:
    answer: dict[str, Any] = {"execution": "another", "status": "FAILED", "orderId": None}
    answer["error"] = "CartTaken"
    again = {"do": "again", "after": "CreateOrder", "done": True, "answer": answer}
    story = disturbed(
        fulfilled(actions=[again]), workflow="checkout", actions=(Action("again", "CreateOrder"),)
    )

    assert "technical ends are reviewed" not in seen(story)


def test_an_order_that_a_second_execution_makes_of_the_cart_is_looked_at_by_itself() -> None:
    def story(reason: str) -> Story:
        row = {"State": "FAILED", "Reason": reason, "ClosedBy": "another"}
        answer = {"execution": "another", "status": "FAILED", "error": reason, "orderId": "other"}
        rows: dict[str, Any] = {
            "order": row,
            "reservation": None,
            "shipments": [],
            "manualReview": [],
        }
        again = {"after": "FailCheckout", "done": True, "answer": {**answer, **rows}}
        return disturbed(stories.refused(actions=[again]), workflow="checkout")

    assert "technical ends are reviewed" not in seen(story("OutOfStock"))
    assert "technical ends are reviewed" in seen(story("ProcessingError"))


def test_stock_counts_what_a_second_execution_of_the_cart_bought() -> None:
    answer: dict[str, Any] = {
        "execution": "another",
        "status": "SUCCEEDED",
        "error": None,
        "orderId": "another order",
        "reservation": {"Status": "COMMITTED", "Items": [{"itemId": "laptop", "quantity": 3}]},
        "shipments": [],
    }
    again = {"do": "again", "after": "FailCheckout", "done": True, "answer": answer}
    bought = {"laptop": {"onHand": 7, "reserved": 3}}
    story = stories.refused(actions=[again], stock=bought)

    assert STOCK not in seen(story)


def test_a_scenario_that_comes_to_no_end_breaks_a_rule() -> None:
    result = broken("an order", "order_processing", RuntimeError("it got stuck"))

    assert judge(fulfilled().scenario, result) == [
        Violation("comes to an end", "RuntimeError: it got stuck")
    ]


def test_what_has_another_shape_cannot_be_judged_and_is_said() -> None:
    story = fulfilled(shipments=[{"FulfillmentCenterId": "fc-1"}])

    assert "cannot be judged: KeyError: 'SendStatus'" in seen(story)["shipped once"]
