"""What can go wrong with an order.

The class's name is the error name that a state machine sees and catches, so it is the field's
term and carries no suffix. No message holds card data, a token or personal data: messages reach
logs, execution histories and events.
"""

from collections.abc import Sequence

_MOST_TOLD = 10


class BadInput(ValueError):
    """Input that is refused where it enters, before anything is written.

    Attributes:
        field: the path of the field, such as `orderContents.items[2].quantity`; the first of many.
        why: the rest of the sentence, such as `must be an integer from 1 to 9999`.
        errors: the error of each field that is wrong; of one field, this error itself.
    """

    def __init__(self, field: str, why: str, errors: Sequence["BadInput"] = ()) -> None:
        super().__init__(f"{field} {why}")
        self.field = field
        self.why = why
        self.errors = tuple(errors) or (self,)


def bad_fields(errors: Sequence[BadInput]) -> BadInput:
    """The error of a document in which these fields are wrong, at least one."""
    field = errors[0].field
    return BadInput(field, sentence(errors).removeprefix(f"{field} "), errors)


def sentence(errors: Sequence[BadInput]) -> str:
    """The first ten errors in a sentence, and how many more there are."""
    more = len(errors) - _MOST_TOLD
    told = [str(error) for error in errors[:_MOST_TOLD]]
    return "; ".join([*told, f"and {more} more"] if more > 0 else told)


class InvalidOrder(Exception):
    """An order that cannot be taken as it was sent: a refusal that is not recorded."""


class OutOfStock(Exception):
    """Less on hand than is ordered: a refusal."""


class PriceMismatch(Exception):
    """Another price than the catalogue's: a refusal."""


class CheckoutClosed(Exception):
    """What a checkout does after it was failed and compensated; it has no effect any more."""


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


class OrderCancelled(Exception):
    """The customer cancelled the order before it was paid: a refusal, with a State of its own."""


class PaymentGatewayUnavailable(Exception):
    """The gateway did not answer, or not in time: transient, and the effect is unsure."""


class PaymentVoided(Exception):
    """The order's payment was voided or refunded; it takes no further hold or capture."""


class PaymentNotAuthorized(Exception):
    """A capture of an order that has no hold."""


class PaymentMismatch(Exception):
    """An operation repeated with another amount or currency than the first time."""


class StockCommitted(Exception):
    """A release of stock that belongs to a recorded order."""


class StockInconsistent(Exception):
    """The inventory does not hold what a reservation says is reserved."""


class TableContended(Exception):
    """A row was changed by others under every attempt to write it: transient."""


class ServiceUnavailable(Exception):
    """A service, AWS's or an outside one, did not answer or is overloaded: transient."""


class BadSignature(Exception):
    """A callback that nobody with the shared secret has signed just now."""


class MailRefused(Exception):
    """The mail service did not take a mail, and surely will not send it."""


class MailUnsure(Exception):
    """Nobody knows whether the mail service will send a mail."""


class EventNotAccepted(Exception):
    """The event bus did not take an event: transient or a missing permission."""


class EventRefused(Exception):
    """An event that the bus never takes, such as one that is too large."""


class SweepIncomplete(Exception):
    """A sweep handled what it could, and some rows failed; the next sweep finds them again."""
