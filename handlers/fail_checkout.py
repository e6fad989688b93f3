"""FailCheckout: fails a checkout's order, gives everything back, and says what to tell."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import checkout_wiring
from handlers.domain.checkout import parse_checkout
from handlers.domain.checkout_failure import Failed
from handlers.domain.checkout_refusals import Refusal, Stage, refusal
from handlers.domain.errors import BadInput, InvalidOrder
from handlers.domain.json_text import exact
from handlers.domain.outcomes import outcome
from handlers.observability import about, entry_point, logger
from handlers.requests import field, text


@entry_point
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Takes `{checkout, order, executionArn, stage, error, cause}`, no `order` at stage create.

    Returns:
        `{stands, recorded, orderId, customerId, orderTotal, currency, reason, cause, review,
        refunded, uncompensated, detailType}`; `detailType` is the event that tells the outcome.

    Raises:
        TableContended: other writers were in the way for too long; the same call again is safe.
    """
    why = refusal(Stage(text(event, "stage")), text(event, "error"), text(event, "cause"))
    try:
        order_id = _order_id(event, why)
    except (BadInput, InvalidOrder) as error:
        logger.info("checkout refused")
        return _unrecorded(str(error))
    about(order_id)
    failed = checkout_wiring.failure().fail({"orderId": order_id}, why)
    for part, lost in zip(failed.uncompensated, failed.errors, strict=True):
        logger.error("part not undone", extra={"part": part, "error": type(lost).__name__})
    return _report(failed, why)


def _order_id(event: dict[str, Any], why: Refusal) -> str:
    """The order to fail.

    Raises:
        BadInput, InvalidOrder: the checkout was refused before it could have an order.
    """
    if event.get("order") is not None:
        return text(event["order"], "orderId")
    if why.reason == InvalidOrder.__name__:
        raise InvalidOrder(why.cause)
    checkout = parse_checkout(exact(field(event, "checkout")))
    attempts = checkout_wiring.attempts()
    row = attempts.find_or_bury(checkout, text(event, "executionArn"), why.columns)
    return str(row["OrderId"])


def _report(failed: Failed, why: Refusal) -> dict[str, Any]:
    row = failed.row
    logger.info("checkout failed", extra={"stands": failed.stands, "stage": str(why.stage)})
    return {
        "stands": failed.stands,
        "recorded": True,
        "orderId": row["OrderId"],
        "customerId": row["CustomerId"],
        "orderTotal": row["OrderTotal"],
        "currency": row["Currency"],
        "reason": row.get("Reason", ""),
        "cause": row.get("Cause", ""),
        "review": not failed.stands and (why.review or bool(failed.uncompensated)),
        "refunded": row["PaymentStatus"] == "Refunded",
        "uncompensated": list(failed.uncompensated),
        "detailType": outcome(row),
    }


def _unrecorded(cause: str) -> dict[str, Any]:
    """The report about a checkout that has no order."""
    return {
        "stands": False,
        "recorded": False,
        "orderId": "",
        "customerId": "",
        "orderTotal": 0,
        "currency": "",
        "reason": InvalidOrder.__name__,
        "cause": cause,
        "review": False,
        "refunded": False,
        "uncompensated": [],
        "detailType": "",
    }
