"""The order that a request is about, if its caller may see it."""

from handlers import intake_wiring
from handlers.callers import Caller
from handlers.shared.rules.errors import BadInput
from handlers.domain.errors import UnknownOrder
from handlers.domain.order_ids import parse_order_id
from handlers.domain.ports import Row
from handlers.http_events import HttpRequest
from handlers.observability import about


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
    row = intake_wiring.orders().read(order_id)
    if row is None or not caller.acts_for(row.get("CustomerId")):
        raise UnknownOrder
    return row
