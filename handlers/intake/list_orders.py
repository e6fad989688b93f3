"""GET /customers/{customerId}/orders: a customer's orders, the newest first."""

from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.intake import wiring
from handlers.intake.adapters.order_history import OrderHistory
from handlers.intake.rules.order_pages import OrderPages, parse_limit
from handlers.intake.rules.order_view import summary
from handlers.orders.rules.customers import customer_id
from handlers.shared.adapters.clients import client
from handlers.shared.callers import Caller
from handlers.shared.environment import variable
from handlers.shared.http import HttpRequest, Refused, respond
from handlers.shared.http_endpoint import answered
from handlers.shared.observability import entry_point
from handlers.shared.rules.json_object import Reader

MAX_BYTES = 1024


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers 200 with `{orders, nextToken}`, without the token on the last page."""
    return answered(event, MAX_BYTES, _list, {})


def _list(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    customer = customer_id(Reader(request.path))
    if not caller.acts_for(customer):
        raise Refused(HTTPStatus.FORBIDDEN, "customerId must be the caller's own")
    limit = parse_limit(request.query.get("limit"))
    page = order_pages().page(customer, limit, request.query.get("nextToken"))
    more = {} if page.token is None else {"nextToken": page.token}
    return respond(HTTPStatus.OK, {"orders": [summary(row) for row in page.rows], **more})


@cache
def order_pages() -> OrderPages:
    """Build the customers' orders, page by page."""
    history = OrderHistory(client("dynamodb"), variable("ORDERS_TABLE"))
    return OrderPages(wiring.pending_order_rows(), history)
