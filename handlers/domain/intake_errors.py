"""Why a request about an order is refused. Every message is meant for whoever sent it."""

from handlers.domain.errors import BadInput, sentence


class CatalogueDiffers(Exception):
    """An order of things, or at prices, that the catalogue does not have.

    Attributes:
        errors: each field that differs, and how.
    """

    def __init__(self, errors: tuple[BadInput, ...]) -> None:
        super().__init__(sentence(errors))
        self.errors = errors


class KeyReused(Exception):
    """An idempotency key that stands for another order than the one that was sent."""


class UnknownOrder(Exception):
    """There is no such order, or it is none of the caller's."""

    def __init__(self) -> None:
        super().__init__("there is no such order")


class NotCancellable(Exception):
    """An order for whose cancellation it is too late, or that has none."""
