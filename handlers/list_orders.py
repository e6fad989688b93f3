"""GET /customers/{customerId}/orders: a customer's orders, the newest first."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import intake_wiring
from handlers.callers import Caller
from handlers.domain.customers import customer_id
from handlers.domain.order_pages import parse_limit
from handlers.domain.order_view import summary
from handlers.domain.reader import Reader
from handlers.http_events import HttpRequest, Refused, respond
from handlers.http_functions import answered
from handlers.observability import entry_point

MAX_BYTES = 1024


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers 200 with `{orders, nextToken}`, without the token on the last page."""
    return answered(event, MAX_BYTES, _list)


def _list(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    customer = customer_id(Reader(request.path))
    if not caller.acts_for(customer):
        raise Refused(HTTPStatus.FORBIDDEN, "customerId must be the caller's own")
    limit = parse_limit(request.query.get("limit"))
    page = intake_wiring.order_pages().page(customer, limit, request.query.get("nextToken"))
    more = {} if page.token is None else {"nextToken": page.token}
    return respond(HTTPStatus.OK, {"orders": [summary(row) for row in page.rows], **more})
