"""PlanShipments: which fulfillment centre ships what of a paid session, and when it arrives."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import fulfillment_wiring
from handlers.adapters.typed_json import untyped
from handlers.domain.sessions import FIELDS, parse_session
from handlers.observability import about, entry_point, logger
from handlers.shared.rules.fields import field


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{session}`, a CustomerPaymentSession item in DynamoDB's typed JSON.

    Returns:
        `{order: {orderId, customerId, orderTotal, currency}, reserved, arrivalDate, groups}`, each
        group as `Shipment.document` writes it; `orderTotal` only where it is known.

    Raises:
        NoProducts, MissingFulfillmentCenter: the session has nothing, or not from where, to ship.
        InvalidOrder: the order must not, or cannot, be shipped as its session says.
        TableContended: other writers were in the way for too long; the same call again is safe.
    """
    session = parse_session(untyped(field(event, "session"), FIELDS))
    about(session.order_id)
    plan = fulfillment_wiring.planning().plan(session)
    logger.info("shipments planned", extra={"groups": len(plan.shipments)})
    return plan.document()
