"""Errors of a payment, named as state machines see them."""

from handlers.shared.rules.errors import ServiceUnavailable


class PaymentNotVerified(Exception):
    """The payment details are wrong: a refusal, never worth a retry."""


class PaymentDeclined(Exception):
    """The card's issuer said no: a refusal, never worth a retry.

    Attributes:
        code: the gateway's decline code, such as `insufficient_funds`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"the payment was declined: {code}")
        self.code = code


class PaymentGatewayUnavailable(ServiceUnavailable):
    """The gateway did not answer, or not in time: transient, and the effect is unsure."""


class PaymentVoided(Exception):
    """The order's payment was voided or refunded; it takes no further hold or capture."""


class PaymentNotAuthorized(Exception):
    """A capture of an order that has no hold."""


class PaymentMismatch(Exception):
    """An operation repeated with another amount or currency than the first time."""
