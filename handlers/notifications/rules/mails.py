"""The mails about an order's outcome, as plain text and as HTML."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from handlers.notifications.rules.shipment_paragraphs import shipment_paragraphs
from handlers.shared.rules.currencies import DIGITS
from handlers.shared.rules.money import major_units

_MONEY_BACK = "If money was taken for this order, it comes back to you in full."
_SHIPPING_REFUND = "You had paid $total; the money comes back to you in full."


@dataclass(frozen=True)
class Mail:
    """A mail's subject and its body in both forms."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Wording:
    """A mail's subject and paragraphs, as templates over $order, $total, $why and $arrival."""

    subject: str
    paragraphs: tuple[str, ...]


_TEMPLATES: Mapping[str, Wording] = {
    "OrderProcessed": Wording(
        "Your order $order is paid",
        ("Thank you for your order $order.", "We received your payment of $total."),
    ),
    "OrderConfirmed": Wording(
        "Your order $order is confirmed",
        (
            "Thank you for your order $order.",
            "We received your payment of $total, and the order can be shipped.",
        ),
    ),
    "PaymentFailed": Wording(
        "The payment of your order $order failed",
        (
            "Your order $order of $total was not paid, so we have cancelled it.",
            _MONEY_BACK,
            "You are welcome to order again.",
        ),
    ),
    "ShippingFailed": Wording(
        "Your order $order cannot be shipped",
        ("We are sorry: your order $order cannot be shipped.", _SHIPPING_REFUND),
    ),
    "OrderCancelled": Wording(
        "Your order $order is cancelled",
        ("Your order $order of $total is cancelled, as you asked.", _MONEY_BACK),
    ),
    "OrderRejected": Wording(
        "Your order $order could not be accepted",
        ("We could not accept your order $order of $total.", "$why", _MONEY_BACK),
    ),
    "OrderFulfilled": Wording(
        "Your order $order is on its way",
        ("Good news: your order $order is on its way.", "All of it is there by $arrival."),
    ),
    "PaymentNotReceived": Wording(
        "The payment of your order $order was not received",
        (
            "We could not find a payment for your order $order, so nothing of it is shipped.",
            "Please check your means of payment and try again; if you have paid, please tell us.",
        ),
    ),
}

_WHY: Mapping[str, str] = {
    "PaymentNotVerified": "The payment details could not be verified; please check them.",
    "PaymentDeclined": "The payment was declined; please use another means of payment.",
    "OutOfStock": "There is not enough of what you ordered in stock.",
    "PriceMismatch": "A price has changed since you ordered; please look at the new one.",
    "InvalidOrder": "The order was incomplete or contradicted itself.",
}
_TECHNICAL = "A technical problem kept us from finishing it, and we are looking into it."

_PAGE = Template(
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>$subject</title></head>'
    "<body>$paragraphs</body></html>"
)


def is_mailed(detail_type: str) -> bool:
    """Whether customers are notified of events of this type by mail."""
    return detail_type in _TEMPLATES


def mail(detail_type: str, row: Mapping[str, Any]) -> Mail:
    """The mail for an outcome.

    Args:
        detail_type: the event's type, for which `is_mailed` holds.
        row: the order's row.
    """
    wording = _TEMPLATES[detail_type]
    values = {
        "order": row["OrderId"],
        "total": _total(row),
        "why": _WHY.get(row.get("Reason", ""), _TECHNICAL),
        "arrival": row.get("ArrivalDate", ""),
    }
    subject = Template(wording.subject).substitute(values)
    paragraphs = [Template(text).substitute(values) for text in wording.paragraphs]
    if detail_type == "OrderFulfilled":
        paragraphs += shipment_paragraphs(row)
    return Mail(subject, "\n\n".join(paragraphs) + "\n", _html(subject, paragraphs))


def _total(row: Mapping[str, Any]) -> str:
    """The order's total; empty where it is not known, or in no currency that is."""
    total, currency = row.get("OrderTotal"), row.get("Currency")
    if total is None or currency not in DIGITS:
        return ""
    return f"{major_units(total, currency)} {currency}"


def _html(subject: str, paragraphs: list[str]) -> str:
    """Every value is escaped, also in what is only ever an id or an amount today."""
    lines = [html.escape(text).replace("\n", "<br>") for text in paragraphs]
    body = "".join(f"<p>{text}</p>" for text in lines)
    return _PAGE.substitute(subject=html.escape(subject), paragraphs=body)
