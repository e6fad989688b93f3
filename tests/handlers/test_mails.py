"""What customers read."""

from typing import Any

import pytest

from handlers.domain.mails import is_told_by_mail, mail
from handlers.domain.outcomes import OUTCOMES

ROW: dict[str, Any] = {"OrderId": "o-1", "OrderTotal": 127, "Currency": "USD", "Email": "a@b.de"}
WITHOUT_TOTAL = ("OrderFulfilled", "PaymentNotReceived")  # a session need not tell it
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
    assert is_told_by_mail(detail_type)
    written = mail(detail_type, ROW)
    for text in (written.text, written.html):
        assert "o-1" in text
        assert ("1.27 USD" in text) == (detail_type not in WITHOUT_TOTAL)
    assert "$" not in written.subject + written.text + written.html


def test_what_is_no_outcome_is_not_told_by_mail() -> None:
    assert not is_told_by_mail("ManualReviewRequired")


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
