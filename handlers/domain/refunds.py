"""Money that came in after its order had failed."""

from dataclasses import dataclass

from handlers.domain.ports import Events, Orders, Reviews, Row
from handlers.domain.services import PaymentCancellation
from handlers.domain.telling import Telling

STEP = "LatePayment"
_TO_DO = "cancel the payment at the payment service by order id; the order has failed"
_CAUSE = "a payment came after the order had failed, and could not be given back"


@dataclass(frozen=True)
class Refunds:
    """Giving back what came too late; the order's row stays as it is."""

    payments: PaymentCancellation
    orders: Orders
    reviews: Reviews
    events: Events

    def ensure(self, order: Row) -> None:
        """Gives a failed order's money back.

        Raises:
            Exception: whatever the payment service raised; a human was called.
        """
        try:
            self.payments.cancel(order["OrderId"])
        except Exception:
            review = self.reviews.open(order["OrderId"], STEP, _CAUSE, _TO_DO)
            Telling(self.orders, self.reviews, self.events).review(order, STEP, review, _CAUSE)
            raise
