"""What an order's row says of a payment that was given back."""

import pytest

from handlers.orders.rules.states import Voided
from handlers.orders.rules.statuses import payment_status


@pytest.mark.parametrize("before", ["Successful", "Refunded"])
@pytest.mark.parametrize("voided", ["VOIDED", "REFUNDED", "NOTHING"])
def test_an_order_that_was_paid_is_refunded_whatever_its_cancellation_found(
    before: str, voided: Voided
) -> None:
    assert payment_status({"PaymentStatus": before}, voided) == "Refunded"


@pytest.mark.parametrize(
    ("voided", "status"),
    [("VOIDED", "Unsuccessful"), ("NOTHING", "Unsuccessful"), ("REFUNDED", "Refunded")],
)
@pytest.mark.parametrize("before", ["Pending", "Unsuccessful", None])
def test_of_an_order_that_nobody_knew_to_be_paid_the_cancellation_decides(
    before: str | None, voided: Voided, status: str
) -> None:
    assert payment_status({"PaymentStatus": before}, voided) == status
