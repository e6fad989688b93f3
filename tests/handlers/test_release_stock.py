"""ReleaseStock: conserved stock, tombstones, and other writers in the way."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from handlers.shared.adapters.dynamodb import Row, plain, read, typed
from handlers.shared.rules.errors import TableContended
from handlers.stock.adapters.reservations import Stock
from handlers.stock.release_stock import handler as release
from handlers.stock.rules.errors import StockCommitted, StockInconsistent

ORDER = {"orderId": "order-1"}


def put(dynamodb: Any, table: str, **row: Any) -> None:
    dynamodb.put_item(TableName=table, Item=typed(row))


def reserve(dynamodb: Any, *quantities: int, status: str = "RESERVED") -> None:
    """Stands for the machine: `quantities` of item-0, item-1, ... out of ten each."""
    items = [{"itemId": f"item-{i}", "quantity": each} for i, each in enumerate(quantities)]
    running = {"Expiring": "yes", "ExpiresAt": 1} if status == "RESERVED" else {}
    put(dynamodb, "Reservations", OrderId="order-1", Status=status, Items=items, **running)
    for item in items:
        reserved = item["quantity"]
        product = {"ProductId": item["itemId"], "OnHand": 10 - reserved, "Reserved": reserved}  # type: ignore[operator]
        put(dynamodb, "Inventory", **product)


def inventory(dynamodb: Any) -> dict[str, tuple[int, int]]:
    rows = [plain(item) for item in dynamodb.scan(TableName="Inventory")["Items"]]
    return {row["ProductId"]: (row["OnHand"], row["Reserved"]) for row in rows}


def reservation(dynamodb: Any) -> Row:
    row = read(dynamodb, "Reservations", OrderId="order-1")
    assert row is not None
    return row


class Interrupted:
    """A DynamoDB client whose next writes fail, or whose reads are followed by another writer."""

    def __init__(self, client: Any, failures: list[list[str]]) -> None:
        self._client = client
        self._failures = failures
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        self.calls += 1
        if self._failures:
            raise cancelled(self._failures.pop(0))
        return self._client.transact_write_items(**request)


def cancelled(reasons: list[str]) -> ClientError:
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "TransactWriteItems")


def stock(client: Any) -> Stock:
    return Stock(client, "Reservations", "Inventory", sleep=lambda _: None)


@pytest.mark.parametrize("quantities", [(1,), (2, 3), tuple([1] * 99)])
def test_a_release_returns_every_quantity_once(
    quantities: tuple[int, ...], dynamodb: Any, context: LambdaContext
) -> None:
    reserve(dynamodb, *quantities)
    assert release(ORDER, context) == {"released": True}
    assert release(ORDER, context) == {"released": True}
    assert set(inventory(dynamodb).values()) == {(10, 0)}


def test_a_released_reservation_leaves_the_index_of_the_expiring(
    dynamodb: Any, context: LambdaContext
) -> None:
    reserve(dynamodb, 1)
    release(ORDER, context)
    row = reservation(dynamodb)
    assert row["Status"] == "RELEASED"
    assert not {"Expiring", "ExpiresAt"} & set(row)


def test_a_release_before_the_reservation_leaves_a_tombstone(
    dynamodb: Any, context: LambdaContext
) -> None:
    assert release(ORDER, context) == {"released": False}
    assert release(ORDER, context) == {"released": False}
    assert reservation(dynamodb) == {"OrderId": "order-1", "Status": "RELEASED"}


def test_the_stock_of_a_recorded_order_is_released_only_of_a_cancelled_one(
    dynamodb: Any, context: LambdaContext
) -> None:
    reserve(dynamodb, 4, status="COMMITTED")
    with pytest.raises(StockCommitted, match="order-1"):
        release(ORDER, context)
    assert inventory(dynamodb) == {"item-0": (6, 4)}
    assert stock(dynamodb).release("order-1", committed=True)
    assert inventory(dynamodb) == {"item-0": (10, 0)}


@pytest.mark.parametrize(
    "reasons",
    [
        ["None", "TransactionConflict"],
        ["TransactionConflict", "ConditionalCheckFailed"],
        ["ThrottlingError", "None"],
        ["None", "ProvisionedThroughputExceeded"],
    ],
)
def test_other_writers_in_the_way_are_waited_for(reasons: list[str], dynamodb: Any) -> None:
    reserve(dynamodb, 4)
    busy = Interrupted(dynamodb, [reasons, reasons])
    assert stock(busy).release("order-1")
    assert busy.calls == 3
    assert inventory(dynamodb) == {"item-0": (10, 0)}


def test_writers_that_never_leave_are_contention(dynamodb: Any) -> None:
    reserve(dynamodb, 4)
    busy = Interrupted(dynamodb, [["TransactionConflict", "None"]] * 99)
    with pytest.raises(TableContended):
        stock(busy).release("order-1")
    assert inventory(dynamodb) == {"item-0": (6, 4)}


def test_a_reservation_committed_meanwhile_is_read_again_and_kept(dynamodb: Any) -> None:
    class Committing(Interrupted):
        def transact_write_items(self, **request: Any) -> Any:
            reserve(dynamodb, 4, status="COMMITTED")
            return super().transact_write_items(**request)

    reserve(dynamodb, 4)
    with pytest.raises(StockCommitted):
        stock(Committing(dynamodb, [])).release("order-1")
    assert inventory(dynamodb) == {"item-0": (6, 4)}


def test_a_reservation_made_before_the_tombstone_could_be_is_released(dynamodb: Any) -> None:
    class Reserving(Interrupted):
        def put_item(self, **request: Any) -> Any:
            reserve(dynamodb, 4)
            return dynamodb.put_item(**request)

    assert stock(Reserving(dynamodb, [])).release("order-1")
    assert inventory(dynamodb) == {"item-0": (10, 0)}


def test_an_inventory_without_the_reserved_quantity_is_named_and_nothing_moves(
    dynamodb: Any,
) -> None:
    reserve(dynamodb, 4, 5)
    put(dynamodb, "Inventory", ProductId="item-1", OnHand=10, Reserved=0)
    with pytest.raises(StockInconsistent, match="item-1"):
        stock(dynamodb).release("order-1")
    assert inventory(dynamodb) == {"item-0": (6, 4), "item-1": (10, 0)}
    assert reservation(dynamodb)["Status"] == "RESERVED"
