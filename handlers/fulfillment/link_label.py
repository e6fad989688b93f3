"""LinkLabel: a short-lived link to a shipping label, for support to open."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment import wiring
from handlers.fulfillment.rules.encoded_names import label_key
from handlers.fulfillment.rules.products import identity
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.json_object import Reader
from handlers.shared.rules.task_input import order_id

EXPIRES_IN_SECONDS = 900


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{orderId, fulfillmentCenterId}`; returns `{url, expiresInSeconds}`.

    The link is as good as the label: it leads to a 404 or 403 where there is none.

    Raises:
        BadInput: a field is missing or not of its form.
    """
    order = order_id(event)
    about(order)
    key = label_key(order, identity(Reader(event), "fulfillmentCenterId"))
    url = wiring.labels().link(key, EXPIRES_IN_SECONDS)
    logger.info("label linked")
    return {"url": url, "expiresInSeconds": EXPIRES_IN_SECONDS}
