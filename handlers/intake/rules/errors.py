"""Why a request about an order is refused. Every message is meant for whoever sent it."""

from handlers.shared.rules.errors import BadInput, sentence


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
