"""What can go wrong with an order.

The class's name is the error name that a state machine sees and catches, so it is the field's
term and carries no suffix. No message holds card data, a token or personal data: messages reach
logs, execution histories and events.
"""


class InvalidOrder(Exception):
    """An order that cannot be taken as it was sent: a refusal that is not recorded."""


class OutOfStock(Exception):
    """Less on hand than is ordered: a refusal."""


class PriceMismatch(Exception):
    """Another price than the catalogue's: a refusal."""


class OrderCancelled(Exception):
    """The customer cancelled the order before it was paid: a refusal, with a State of its own."""


class EventNotAccepted(Exception):
    """The event bus did not take an event: transient or a missing permission."""


class EventRefused(Exception):
    """An event that the bus never takes, such as one that is too large."""


class UnknownOrder(Exception):
    """There is no such order, or it is none of the caller's."""

    def __init__(self) -> None:
        super().__init__("there is no such order")
