"""What the catalogue, the Inventory rows, says about a checkout."""

from collections.abc import Mapping
from typing import Any

from handlers.checkout.rules.checkout_request import CURRENCY, Checkout
from handlers.orders.rules.errors import OutOfStock, PriceMismatch
from handlers.shared.rules.money import major_units

Rows = Mapping[str, Mapping[str, Any]]
Prices = Mapping[str, int]


def prices(checkout: Checkout, rows: Rows) -> Prices:
    """The catalogue's prices by item, in minor units; not every item need have one.

    Args:
        checkout: the cart.
        rows: the Inventory rows by item, as far as there are any.

    Raises:
        PriceMismatch: every item is priced and the total is not their sum, or a price is in
            another currency. It is told before a short stock.
        OutOfStock: an item is unknown or there is too little of it.
    """
    items = [line.item_id for line in checkout.lines]
    priced = {item: rows[item] for item in items if _is_priced(rows.get(item, {}))}
    foreign = [item for item, row in priced.items() if row["Currency"] != CURRENCY]
    if foreign:
        raise PriceMismatch(f"the catalogue has no price in {CURRENCY} for {', '.join(foreign)}")
    found = {item: int(row["Price"]) for item, row in priced.items()}
    if is_priced(checkout, found):
        _require_total(checkout, found)
    _require_stock(checkout, rows)
    return found


def is_priced(checkout: Checkout, found: Prices) -> bool:
    """Whether the catalogue prices every item of the checkout."""
    return all(line.item_id in found for line in checkout.lines)


def _is_priced(row: Mapping[str, Any]) -> bool:
    return row.get("Price") is not None and row.get("Currency") is not None


def _require_total(checkout: Checkout, found: Prices) -> None:
    added = sum(found[line.item_id] * line.quantity for line in checkout.lines)
    if checkout.total != added:
        said, right = (major_units(units, CURRENCY) for units in (checkout.total, added))
        raise PriceMismatch(f"total_cost is {said}, but the catalogue's prices add up to {right}")


def _require_stock(checkout: Checkout, rows: Rows) -> None:
    short = [
        line.item_id
        for line in checkout.lines
        if rows.get(line.item_id, {}).get("OnHand", 0) < line.quantity
    ]
    if short:
        raise OutOfStock(f"not enough stock of {', '.join(short)}")
