"""Money that came in after its order had failed."""

from dataclasses import dataclass

from handlers.orders.rules.ports import Row
from handlers.orders.rules.reviews import Review, Reviews
from handlers.payments.rules.gateway import PaymentCancellation

STEP = "LatePayment"
_RECEIVER = "receive_callback"
_TO_DO = "cancel the payment at the payment service by order id; the order has failed"
_CAUSE = "a payment came after the order had failed, and could not be given back"


@dataclass(frozen=True)
class Refunds:
    """Giving back what came too late; the order's row stays as it is."""

    payments: PaymentCancellation
    reviews: Reviews

    def ensure(self, order: Row) -> None:
        """Gives a failed order's money back.

        Raises:
            Exception: whatever the payment service raised; a review is open then.
        """
        try:
            self.payments.cancel(order["OrderId"])
        except Exception as error:
            self.reviews.open(_review(order, type(error).__name__))
            raise


def _review(order: Row, reason: str) -> Review:
    return Review(
        order_id=order["OrderId"],
        step=STEP,
        execution=_RECEIVER,
        reason=reason,
        cause=_CAUSE,
        to_do=_TO_DO,
        customer_id=order.get("CustomerId"),
    )
