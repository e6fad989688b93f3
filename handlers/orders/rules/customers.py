"""Customers' ids, which callers choose."""

from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_object import Reader

LONGEST_ID = 128

_ENDS_A_SEGMENT = frozenset("/?#%")
_DOTS = (".", "..")


def customer_id(reader: Reader, name: str = "customerId") -> str:
    """The customer's id in a field, which must be given and fit into a URL's path.

    An HTTP API decodes a path before it looks for the route: `a%2Fb` is two segments then, and
    what follows `%3F` is lost; `%25` stays as it is, and dots are taken out by clients. Nobody
    could ask for the orders of a customer with such an id.

    Raises:
        BadInput: there is none, it is not of this form, or it holds a card number.
    """
    value = reader.safe_text(name, LONGEST_ID)
    if _ENDS_A_SEGMENT & set(value) or value in _DOTS:
        raise BadInput(reader.at(name), 'must not have "/", "?", "#" or "%", nor be "." or ".."')
    return value
