"""Stock is moved, never made or lost, and what was given back is not shipped."""

from collections.abc import Iterator

from local.faults.rules.rule import Rule
from local.faults.story import HOLDING, STANDING, UNDONE, Story

_GIVEN_BACK = ("VOIDED", "REFUNDED")


def conserved(story: Story) -> Iterator[str]:
    """Stock that is not where the reservation and the shipments say."""
    holds, taken = story.holds, story.taken
    for item, stands in story.result.stock.items():
        from_hold = min(taken[item], holds[item])
        wanted = {
            "onHand": story.given(item) - holds[item] - (taken[item] - from_hold),
            "reserved": holds[item] - from_hold,
        }
        if stands != wanted:
            yield f"{_shown(item)} stands at {stands}, and should at {wanted}"


def agrees_with_the_row(story: Story) -> Iterator[str]:
    """A reservation that is kept for an order that is undone, or not for one that stands."""
    status = (story.result.reservation or {}).get("Status")
    if story.state in UNDONE and story.is_closed and status in HOLDING:
        yield f"the order is {story.state} and closed, and its reservation is {status}"
    if story.state in STANDING and story.is_ours and status != "COMMITTED":
        yield f"the order is {story.state}, and its reservation is {status}"


def shipped_or_refunded(story: Story) -> Iterator[str]:
    """A shipment of an order whose money went back, or that does not stand."""
    for shipment in story.result.shipments:
        status, center = shipment["SendStatus"], shipment["FulfillmentCenterId"]
        if status not in ("SENT", "REQUESTED"):
            continue
        if story.money in _GIVEN_BACK:
            yield f"the shipment from {center} is {status}, and the money is {story.money}"
        if story.state in UNDONE:
            yield f"the shipment from {center} is {status}, and the order is {story.state}"


def shipped_once(story: Story) -> Iterator[str]:
    """A centre that was asked to ship twice, or a fulfilled order that one never heard of."""
    asked = [
        request["idempotencyKey"]
        for request in story.result.fulfillmentRequests
        if request["messageType"] == "ShipmentRequested"
    ]
    for key in sorted({key for key in asked if asked.count(key) > 1}):
        yield f"the shipment {key} was requested {asked.count(key)} times"
    if story.state == "FULFILLED":
        for shipment in story.result.shipments:
            done = shipment["SendStatus"] == "SENT" and "InventoryUpdatedAt" in shipment
            if not done:
                center, status = shipment["FulfillmentCenterId"], shipment["SendStatus"]
                yield f"the order is FULFILLED, and the shipment from {center} is {status}"


def _shown(item: str) -> str:
    return f"the stock of {item}"


RULES = (
    Rule("stock is conserved", "stock changes only by what was ordered", conserved),
    Rule("stock and row agree", "the row says whose the stock is", agrees_with_the_row),
    Rule("shipped or refunded", "nothing is shipped and refunded", shipped_or_refunded),
    Rule("shipped once", "a centre is asked once, and a fulfilled order is shipped", shipped_once),
)
