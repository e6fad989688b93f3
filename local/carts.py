"""How a cart enters checkout when it is started directly, by a caller who is trusted."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from handlers.checkout.rules.checkout_request import CURRENCY, parse_checkout
from local.accept_checkout import accept_checkout
from local.given import put_stock
from local.scenario import Scenario
from local.stack import Stack
from local.tables import row


def machine_input(_stack: Stack, scenario: Scenario) -> dict[str, Any]:
    """The cart as the machine gets it: as it was given, once it was found good.

    Raises:
        BadInput: one sentence that names the field; nothing was written then.
    """
    return accept_checkout(scenario.input)


def execution_name(_stack: Stack, _cart: Mapping[str, Any]) -> str:
    """A name of its own: a cart may be checked out again after a failure."""
    return str(uuid4())


def set_stock(stack: Stack, scenario: Scenario, cart: Mapping[str, Any]) -> list[str]:
    """Put stock; only the prices that are given are in the catalogue."""
    wanted = dict.fromkeys(line.item_id for line in parse_checkout(cart).lines)
    return put_stock(stack, scenario, wanted, CURRENCY)


def order_id(stack: Stack, cart: Mapping[str, Any], execution: str) -> str | None:
    """The order that this execution made of the cart; None if it was refused without a record."""
    lock = row(stack, "Carts", {"CartId": cart["CartId"]}) or {}
    return lock["OrderId"] if lock.get("ExecutionArn") == execution else None
