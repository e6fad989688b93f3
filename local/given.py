"""Putting what a scenario gives into the stack's tables, anew for each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local.rows import typed
from local.scenario import Scenario
from local.stack import Stack
from local.tables import put

AMPLE = 1_000_000
CENTER = "fc-1"
"""Where an item is kept of which the scenario does not say."""


def put_stock(
    stack: Stack, scenario: Scenario, prices: Mapping[str, int | None], currency: str
) -> list[str]:
    """Put the given stock; unlisted items have ample of it.

    Args:
        stack: whose Inventory.
        scenario: what it gives wins.
        prices: what the workflow's own items cost, in minor units; None for not in the catalogue.
        currency: of every price.

    Returns:
        The items, whose stock the result tells.
    """
    asked = {**dict.fromkeys((*scenario.stock, *scenario.centers), None), **prices}
    wanted = {**asked, **scenario.prices}
    put(
        stack,
        "Inventory",
        [_item(scenario, item, price, currency) for item, price in wanted.items()],
    )
    return sorted(wanted)


def _item(scenario: Scenario, item: str, price: int | None, currency: str) -> dict[str, Any]:
    center = scenario.centers.get(item, CENTER)
    return {
        "ProductId": item,
        "OnHand": scenario.stock.get(item, AMPLE),
        "Reserved": 0,
        **({"FulfillmentCenterId": center} if center else {}),
        **({"Price": price, "Currency": currency} if price is not None else {}),
    }


def put_sessions(stack: Stack, sessions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Put rows of CustomerPaymentSession, each as a whole: a claim of it is gone.

    Returns:
        Their ids.
    """
    for session in sessions:
        put(stack, "CustomerPaymentSession", [session])  # one by one: two may have the same id
    return [str(session["SessionId"]) for session in sessions]


def remove_sessions(stack: Stack, ids: Iterable[str]) -> None:
    """Take away the sessions that an earlier scenario gave: to this one they are unknown."""
    for session_id in ids:
        stack.cloud.client("dynamodb").delete_item(
            TableName=stack.table("CustomerPaymentSession"), Key=typed({"SessionId": session_id})
        )
