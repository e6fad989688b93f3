"""An order request's prices against the catalogue, the Inventory rows.

The total is the sum of the prices, which the parser has made sure of, so right prices make a
right total.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.intake.rules.errors import CatalogueDiffers
from handlers.intake.rules.order_request import OrderRequest
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.money import major_units

Rows = Mapping[str, Mapping[str, Any]]


def require_catalogue_prices(order: OrderRequest, rows: Rows) -> None:
    """Accepts an order of items that there are, at the prices that they have.

    Args:
        order: the request.
        rows: the Inventory rows by item, as far as there are any.

    Raises:
        CatalogueDiffers: naming every field that is wrong.
    """
    errors = tuple(_differences(order, rows))
    if errors:
        raise CatalogueDiffers(errors)


def _differences(order: OrderRequest, rows: Rows) -> Iterator[BadInput]:
    for place, item in enumerate(order.items):
        line = f"orderContents.items[{place}]"
        row = rows.get(item.item_id)
        if row is None:
            yield BadInput(f"{line}.itemId", "must be an item of the catalogue")
        elif row.get("Price") is None or row.get("Currency") != order.currency:
            yield BadInput(f"{line}.price", f"has no counterpart in {order.currency}")
        elif row["Price"] != item.price:
            right = f"{major_units(int(row['Price']), order.currency)} {order.currency}"
            yield BadInput(f"{line}.price", f"must be the catalogue's price, {right}")
