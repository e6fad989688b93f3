"""Errors that any function may raise.

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


class TableContended(Exception):
    """A row was changed by others under every attempt to write it: transient."""


class ServiceUnavailable(Exception):
    """A service, AWS's or an outside one, did not answer or is overloaded: transient."""


class SweepIncomplete(Exception):
    """A sweep handled what it could, and some rows failed; the next sweep finds them again."""
