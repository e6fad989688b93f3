"""Accepting an order: from what was posted to the state machine's input, without the card."""

from datetime import datetime
from typing import Any

from handlers.intake.rules.order_request import machine_input, parse_order
from handlers.payments.rules.gateway import PaymentGateway, exchanged
from handlers.shared.rules.json_text import require_small


def accept(document: Any, gateway: PaymentGateway, order_id: str, now: datetime) -> dict[str, Any]:
    """The state machine's input for an order request; a card is exchanged for a token.

    Args:
        document: what `json_text.loads` made of the request.
        gateway: where the card is kept from now on.
        order_id: the new order's id.
        now: the time of the request, with a time zone.

    Raises:
        BadInput: the request is refused, and nothing was written.
        PaymentGatewayUnavailable: the card could not be kept; the request may be made again.
    """
    order = parse_order(document)  # first, since it names the field
    require_small(document)
    return machine_input(order, exchanged(order.means, gateway), order_id, now)
