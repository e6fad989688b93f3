"""The order that a request is about, if its caller may see it."""

from http import HTTPStatus

from handlers.orders import wiring
from handlers.orders.rules.errors import UnknownOrder
from handlers.orders.rules.order_ids import parse_order_id
from handlers.orders.rules.ports import Row
from handlers.shared.callers import Caller
from handlers.shared.http import HttpRequest
from handlers.shared.http_endpoint import Refusals
from handlers.shared.observability import about
from handlers.shared.rules.errors import BadInput

REFUSALS: Refusals = {UnknownOrder: HTTPStatus.NOT_FOUND}
"""The answer to a request about an order that its caller may not see."""


def visible_order(request: HttpRequest, caller: Caller) -> Row:
    """The row of the order in the path.

    Raises:
        UnknownOrder: there is none, or it is another customer's, which nobody need know.
    """
    try:
        order_id = parse_order_id(request.path.get("orderId"))
    except BadInput:
        raise UnknownOrder from None
    about(order_id)
    row = wiring.order_rows().read(order_id)
    if row is None or not caller.acts_for(row.get("CustomerId")):
        raise UnknownOrder
    return row
