"""What of an order systems write into PurchaseQueue in another way than the API's callers."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.intake.rules.payment_details import parse_payment_details
from handlers.orders.rules.items import Item, parse_lines
from handlers.payments.rules.cards import Card
from handlers.shared.rules.field_errors import FieldErrors
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.money import LARGEST

PAYMENT = "payment"

_KIND = "an integer of minor units"
_OF_PAYMENT = ("token", "cardType", "last4")


@dataclass(frozen=True)
class QueuedParts:
    """The parts of a message's order (`order.Parts`), its amounts in minor units."""

    order: Reader

    def items(self, _currency: Callable[[], str]) -> tuple[Item, ...]:
        """The lines of `itemList`."""
        lines = self.order.required("itemList")
        return parse_lines(lines, "itemList", lambda line: line.whole("price", LARGEST, _KIND))

    def total(self, _currency: Callable[[], str]) -> int:
        """The total."""
        return self.order.whole("orderTotal", LARGEST, _KIND)

    def means(self) -> Card | str:
        """The token to pay with; brand and last digits are asked of the gateway."""
        payment, wrong = self.order.nested(PAYMENT), FieldErrors()
        wrong.read(lambda: payment.require_known(_OF_PAYMENT))
        token = wrong.read(lambda: parse_payment_details(_token(payment), payment.path))
        wrong.raise_any()
        return token()


def _token(payment: Reader) -> dict[str, str]:
    return {"token": payment.required("token")}
