"""Groups of a fulfillment's plan, and what their halves report."""

from typing import Any

from tests.workflows.machines import State, fill
from workflows import DEFINITIONS

STATES: dict[str, State] = DEFINITIONS["fulfillment"]()["States"]


def group(number: int, products: int = 1) -> dict[str, Any]:
    """A group of so many products."""
    return {
        "orderId": "s-1",
        "fulfillmentCenterId": f"fc-{number}",
        "arrivalDate": f"2026-01-{number % 28 + 1:02}",
        "products": [
            {"id": f"p-{number}-{each}", "name": "a thing", "price": 500, "quantity": each + 1}
            for each in range(products)
        ],
    }


def part(step: str, done: bool = True) -> dict[str, Any]:
    """The report of a half."""
    if done:
        label = {"labelKey": "labels/x.zpl"} if step == "SendToFulfillmentCenter" else {}
        return {"step": step, "done": True, **label}
    return {"step": step, "done": False, "error": "OutOfStock", "cause": "not enough"}


def judged(groups: list[dict[str, Any]], failed: set[int]) -> dict[str, Any]:
    """The variables once every group is done, or one half of it failed."""
    results = [
        {
            "fulfillmentCenterId": one["fulfillmentCenterId"],
            "parts": [
                part("UpdateInventory", number not in failed),
                part("SendToFulfillmentCenter"),
            ],
        }
        for number, one in enumerate(groups)
    ]
    plan = {"groups": groups, "arrivalDate": "2026-01-09"}
    return dict(fill(STATES["FulfillGroups"]["Assign"], input=plan, result=results))


def recorded(groups: list[dict[str, Any]], **order: Any) -> dict[str, Any]:
    """The variables of a fulfillment that is recorded."""
    known = {"orderId": "s-1", "customerId": "c-1", "currency": "USD", **order}
    return {**judged(groups, set()), "order": known, "session": {"Email": {"S": "a@example.com"}}}
