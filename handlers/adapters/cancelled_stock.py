"""The stock of orders that were cancelled after they had been recorded."""

from dataclasses import dataclass

from handlers.adapters.stock import Stock
from handlers.domain.errors import StockCommitted
from handlers.domain.outcomes import CANCELLED
from handlers.domain.ports import OrderRows


@dataclass(frozen=True)
class CancelledStock:
    """Gives committed stock back, of CANCELLED orders only."""

    orders: OrderRows
    stock: Stock

    def release(self, order_id: str) -> bool:
        """Gives an order's stock back, once; a CANCELLED order never becomes another.

        Returns:
            Whether there was stock to give back; a repetition answers the same.

        Raises:
            StockCommitted: the order is not CANCELLED.
            StockInconsistent: the inventory does not hold what is reserved.
            TableContended: other writers were in the way for too long.
        """
        row = self.orders.read(order_id)
        if row is None or row["State"] != CANCELLED:
            raise StockCommitted(f"order {order_id} is not cancelled; its stock stays reserved")
        return self.stock.release(order_id, force=True)
