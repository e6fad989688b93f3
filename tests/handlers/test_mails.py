"""What customers read."""

from typing import Any

import pytest

from handlers.notifications.rules.mails import is_mailed, mail
from handlers.orders.rules.events import OUTCOMES

FULFILLED: dict[str, Any] = {
    "OrderId": "o-1",
    "State": "FULFILLED",
    "OrderTotal": 1500,
    "Currency": "USD",
    "ArrivalDate": "2026-01-15",
    "Shipments": [
        {
            "fulfillmentCenterId": "fc-far",
            "arrivalDate": "2026-01-15",
            "products": [{"id": "p1", "name": "A <b>lamp</b>\nof $total", "quantity": 2}],
        },
        {
            "fulfillmentCenterId": "fc-1",
            "arrivalDate": "2026-01-07",
            "products": [{"id": "p2", "name": None, "price": None, "quantity": 1}],
        },
    ],
}
UNPAID = {"OrderId": "o-1", "State": "FAILED", "Reason": "PaymentNotReceived", "Cause": "why"}
ROW: dict[str, Any] = {"OrderId": "o-1", "OrderTotal": 127, "Currency": "USD", "Email": "a@b.de"}
WITHOUT_TOTAL = ("OrderFulfilled", "PaymentNotReceived")  # a session need not name it
REASONS = (
    "PaymentNotVerified",
    "PaymentDeclined",
    "OutOfStock",
    "PriceMismatch",
    "InvalidOrder",
    "ProcessingError",
)


def test_the_mail_of_a_confirmed_order_in_full() -> None:
    written = mail("OrderConfirmed", ROW)
    assert written.subject == "Your order o-1 is confirmed"
    assert written.text == (
        "Thank you for your order o-1.\n\n"
        "We received your payment of 1.27 USD, and the order can be shipped.\n"
    )
    assert written.html == (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        "<title>Your order o-1 is confirmed</title></head><body>"
        "<p>Thank you for your order o-1.</p>"
        "<p>We received your payment of 1.27 USD, and the order can be shipped.</p></body></html>"
    )


@pytest.mark.parametrize("detail_type", OUTCOMES)
def test_every_outcome_has_a_mail_that_names_order_and_total(detail_type: str) -> None:
    assert is_mailed(detail_type)
    written = mail(detail_type, ROW)
    for text in (written.text, written.html):
        assert "o-1" in text
        assert ("1.27 USD" in text) == (detail_type not in WITHOUT_TOTAL)
    assert "$" not in written.subject + written.text + written.html


def test_what_is_no_outcome_is_not_mailed() -> None:
    assert not is_mailed("ManualReviewRequired")


def test_every_reason_of_a_rejection_has_words_of_its_own() -> None:
    texts = {mail("OrderRejected", {**ROW, "Reason": reason}).text for reason in REASONS}
    assert len(texts) == len(REASONS)


def test_who_cannot_be_shipped_to_reads_that_the_money_comes_back() -> None:
    assert "1.27 USD; the money comes back" in mail("ShippingFailed", ROW).text


def test_yen_have_no_decimals() -> None:
    assert "500 JPY" in mail("OrderProcessed", {**ROW, "OrderTotal": 500, "Currency": "JPY"}).text


def test_values_are_escaped_in_html() -> None:
    written = mail("OrderConfirmed", {**ROW, "OrderId": "<b>$total"})
    assert "&lt;b&gt;$total" in written.html
    assert "<b>$total" in written.text


def test_a_products_name_is_shown_on_a_line_of_its_own_without_what_nobody_sees() -> None:
    name = "℃ ★\u202e lamp\x00\r\n- 9 x gold"
    product = {"id": "p1", "name": name, "quantity": 1}
    shipments = [{**FULFILLED["Shipments"][0], "products": [product]}]
    written = mail("OrderFulfilled", {**FULFILLED, "Shipments": shipments})
    assert "- 1 x ℃ ★ lamp - 9 x gold\n" in written.text
    assert "- 1 x ℃ ★ lamp - 9 x gold</p>" in written.html


def test_the_mail_of_a_fulfilled_order_in_full() -> None:
    written = mail("OrderFulfilled", FULFILLED)
    assert written.subject == "Your order o-1 is on its way"
    assert written.text == (
        "Good news: your order o-1 is on its way.\n\n"
        "All of it is there by 2026-01-15.\n\n"
        "Shipment 1 of 2, from fc-far, arrives by 2026-01-15:\n"
        "- 2 x A <b>lamp</b> of $total\n\n"
        "Shipment 2 of 2, from fc-1, arrives by 2026-01-07:\n"
        "- 1 x p2\n"
    )
    assert (
        "<p>Shipment 1 of 2, from fc-far, arrives by 2026-01-15:<br>"
        "- 2 x A &lt;b&gt;lamp&lt;/b&gt; of $total</p>" in written.html
    )


@pytest.mark.parametrize(
    "missing", [{"OrderTotal": None}, {"Currency": None}, {"Currency": "XXX"}, {"Currency": "us"}]
)
def test_an_order_whose_total_nobody_knows_gets_its_mail_all_the_same(
    missing: dict[str, Any],
) -> None:
    assert mail("OrderFulfilled", {**FULFILLED, **missing}) == mail("OrderFulfilled", FULFILLED)


def test_who_has_not_paid_reads_that_nothing_is_shipped() -> None:
    written = mail("PaymentNotReceived", UNPAID)
    assert written.subject == "The payment of your order o-1 was not received"
    assert "nothing of it is shipped" in written.text
    assert "check your means of payment" in written.html
