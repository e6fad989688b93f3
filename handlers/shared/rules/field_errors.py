"""Collecting what is wrong with a document's fields, so that all of it is listed at once."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from handlers.shared.rules.errors import BadInput, bad_fields

T = TypeVar("T")

MOST = 500
"""How many errors are listed; more than there are in any order but one of strange fields."""


def raise_any(errors: Iterable[BadInput]) -> None:
    """Accepts a document of which no field is wrong.

    Raises:
        BadInput: there are errors; it has each once, MOST at most.
    """
    distinct = {(each.field, each.why): each for error in errors for each in error.errors}
    found = tuple(islice(distinct.values(), MOST))
    if found:
        raise found[0] if len(found) == 1 else bad_fields(found)


class FieldErrors:
    """The errors of a document's fields, in the order in which they were read."""

    def __init__(self) -> None:
        self._found: list[BadInput] = []

    def read(self, parse: Callable[[], T]) -> Callable[[], T]:
        """Parses a field now, and keeps what is wrong with it.

        Returns:
            What answers the field's value. It raises the field's BadInput again, so that a field
            that depends on a wrong one adds nothing to the list.
        """
        try:
            value = parse()
        except BadInput as error:
            wrong = error
        else:
            return lambda: value
        self._found.append(wrong)

        def fail() -> T:
            raise wrong

        return fail

    def raise_any(self) -> None:
        """Accepts a document of which every field could be read.

        Raises:
            BadInput: naming every field that is wrong.
        """
        raise_any(self._found)
