"""FailCheckout: fails a checkout's order, gives everything back, and closes it."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout import wiring
from handlers.checkout.rules.checkout_request import Checkout, parse_checkout
from handlers.checkout.rules.failure import CheckoutFailure, stands
from handlers.checkout.rules.refusals import Refusal, Stage, refusal
from handlers.orders import wiring as orders_wiring
from handlers.orders.rules.errors import InvalidOrder
from handlers.orders.rules.ports import Row
from handlers.shared.observability import about, entry_point, logger
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.fields import field, text
from handlers.shared.rules.json_text import exact


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{checkout, order, executionArn, stage, error, cause}`, no `order` at stage create.

    Returns:
        `{stands, orderId, state, reason, cause}`; `stands` where nothing was undone.

    Raises:
        StockInconsistent: something could not be undone, for good.
        ServiceUnavailable, TableContended, PaymentGatewayUnavailable: the same call again is safe.
    """
    execution = text(event, "executionArn")
    why = refusal(Stage(text(event, "stage")), text(event, "error"), text(event, "cause"))
    try:
        order_id = _order_id(event, why, execution)
    except (BadInput, InvalidOrder) as error:
        logger.info("checkout refused")
        return _without_order(str(error))
    about(order_id)
    row = failure().fail(order_id, why, execution)
    logger.info("checkout failed", extra={"state": row["State"], "stage": str(why.stage)})
    return _answer(row, execution)


def _order_id(event: dict[str, Any], why: Refusal, execution: str) -> str:
    """The order to fail.

    Raises:
        BadInput, InvalidOrder: the checkout was refused before it could have an order.
    """
    if event.get("order") is not None:
        return text(event["order"], "orderId")
    checkout = parse_checkout(exact(field(event, "checkout")))
    try:
        return _find_or_fail(checkout, why, execution)
    except InvalidOrder:
        wiring.attempts().refuse(checkout.cart_id, execution)
        raise


def _find_or_fail(checkout: Checkout, why: Refusal, execution: str) -> str:
    """The execution's order; one that was never created is written as FAILED.

    Raises:
        InvalidOrder: another execution has the cart, as CreateOrder said or as it stands.
    """
    if why.reason == InvalidOrder.__name__:
        raise InvalidOrder(why.cause)
    row = wiring.attempts().find_or_fail(checkout, execution, why.columns)
    return str(row["OrderId"])


def _answer(row: Row, execution: str) -> dict[str, Any]:
    return {
        "stands": stands(row, execution),
        "orderId": row["OrderId"],
        "state": row["State"],
        "reason": row.get("Reason", ""),
        "cause": row.get("Cause", ""),
    }


def _without_order(cause: str) -> dict[str, Any]:
    """The answer about a checkout that has no order."""
    reason = InvalidOrder.__name__
    return {"stands": False, "orderId": "", "state": "", "reason": reason, "cause": cause}


@cache
def failure() -> CheckoutFailure:
    """Build what fails a checkout."""
    orders, reviews = orders_wiring.order_rows(), orders_wiring.reviews()
    return CheckoutFailure(orders, reviews, wiring.compensator())
