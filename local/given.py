"""Putting what a scenario gives into the stack's tables, anew for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.rows import typed
from local.scenario import Scenario
from local.stack import Stack

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
    for item, price in wanted.items():
        row: dict[str, Any] = {
            "ProductId": item,
            "OnHand": scenario.stock.get(item, AMPLE),
            "Reserved": 0,
        }
        if center := scenario.centers.get(item, CENTER):
            row |= {"FulfillmentCenterId": center}
        if price is not None:
            row |= {"Price": price, "Currency": currency}
        _put(stack, "Inventory", row)
    return sorted(wanted)


def put_sessions(stack: Stack, sessions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Put rows of CustomerPaymentSession, each as a whole: a claim of it is gone.

    Returns:
        Their ids.
    """
    ids = []
    for session in sessions:
        _put(stack, "CustomerPaymentSession", session)
        ids.append(str(session["SessionId"]))
    return ids


def remove_sessions(stack: Stack, ids: Iterable[str]) -> None:
    """Take away the sessions that an earlier scenario gave: to this one they are unknown."""
    for session_id in ids:
        stack.cloud.client("dynamodb").delete_item(
            TableName=stack.table("CustomerPaymentSession"), Key=typed({"SessionId": session_id})
        )


def _put(stack: Stack, table: str, row: Mapping[str, Any]) -> None:
    stack.cloud.client("dynamodb").put_item(TableName=stack.table(table), Item=typed(dict(row)))
