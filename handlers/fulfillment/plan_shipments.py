"""PlanShipments: which fulfillment centre ships what of a paid session, and when it arrives."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment import wiring
from handlers.fulfillment.adapters.typed_json import untyped
from handlers.fulfillment.rules.arrival import BusinessDays, parse_days
from handlers.fulfillment.rules.payment_session import FIELDS, parse_session
from handlers.fulfillment.rules.shipment_planner import Planning
from handlers.orders import wiring as orders_wiring
from handlers.shared.adapters.clients import client
from handlers.shared.environment import json_object, variable
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.clock import utc_now
from handlers.shared.rules.fields import field
from handlers.stock import wiring as stock_wiring
from handlers.stock.adapters.catalogue import Catalogue


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
    plan = shipment_planner().plan(session)
    logger.info("shipments planned", extra={"groups": len(plan.shipments)})
    return plan.document()


@cache
def shipment_planner() -> Planning:
    """Build what plans the shipments of a session."""
    return Planning(
        orders=orders_wiring.order_rows(),
        reservations=stock_wiring.reservations(),
        catalogue=Catalogue(client("dynamodb"), variable("INVENTORY_TABLE")),
        shipments=wiring.shipments(),
        arrivals=BusinessDays(parse_days(json_object("DELIVERY_DAYS"))),
        clock=utc_now,
    )
