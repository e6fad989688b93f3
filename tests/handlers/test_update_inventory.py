"""Stock that ships: taken once, from the reserved or from what is on hand, never below zero."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.fulfillment.rules.errors import ShipmentCancelled
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.update_inventory import handler
from handlers.orders.rules.errors import OutOfStock
from handlers.shared.rules.errors import TableContended
from handlers.stock.rules.errors import StockInconsistent
from tests.handlers.test_release_stock import Interrupted, cancelled
from tests.handlers.warehouses import Warehouse, product

DONE = {"step": "UpdateInventory", "done": True}


@pytest.fixture
def warehouse(dynamodb: Any) -> Warehouse:
    return Warehouse(dynamodb)


def many(count: int, quantity: int = 1) -> list[dict[str, Any]]:
    return [product(f"p{place}", quantity=quantity) for place in range(count)]


def retried(warehouse: Warehouse, shipment: Shipment, reasons: list[list[str]]) -> Interrupted:
    """Takes a shipment's stock while other writers are in the way."""
    busy = Interrupted(warehouse.plain_client, reasons)
    Warehouse(busy).stock.take(shipment)
    return busy


@pytest.mark.parametrize("count", [1, 2, 99])
def test_every_product_is_taken_once_however_often_it_is_asked(
    count: int, warehouse: Warehouse, context: LambdaContext
) -> None:
    warehouse.stocked(**{f"p{place}": 5 for place in range(count)})
    group = warehouse.shipment(*many(count, 2)).document()
    assert handler({"group": group}, context) == DONE
    assert handler({"group": group}, context) == DONE
    assert {warehouse.held(f"p{place}") for place in range(count)} == {(3, 0)}


def test_a_reserved_product_is_taken_from_the_reserved(warehouse: Warehouse) -> None:
    shipment = warehouse.reserved(p1=2).shipment()
    for _ in range(2):
        warehouse.stock.take(shipment)
    assert warehouse.held() == (8, 0)


def test_a_product_on_two_lines_is_taken_for_both(warehouse: Warehouse) -> None:
    bought = [product(), product("p2", quantity=1), product(quantity=3)]
    warehouse.stocked(p1=5, p2=1).stock.take(warehouse.shipment(*bought))
    assert (warehouse.held("p1"), warehouse.held("p2")) == ((0, 0), (0, 0))


def test_two_centres_take_the_same_product_each_for_itself(warehouse: Warehouse) -> None:
    warehouse.stocked(p1=3)
    for shipment in warehouse.plan(product(), product(center="fc-2", quantity=1)).shipments:
        warehouse.stock.take(shipment)
    assert warehouse.held() == (0, 0)


def test_short_stock_is_named_and_nothing_is_taken(warehouse: Warehouse) -> None:
    shipment = warehouse.stocked(p0=9, p1=1, p2=2).shipment(*many(4, 2))
    with pytest.raises(OutOfStock, match=r'^not enough stock of "p1", "p3"$'):
        warehouse.stock.take(shipment)
    assert [warehouse.held(f"p{place}") for place in range(3)] == [(9, 0), (1, 0), (2, 0)]
    assert "InventoryUpdatedAt" not in warehouse.row()
    warehouse.stocked(p1=2, p3=2).stock.take(shipment)
    assert [warehouse.held(f"p{place}")[0] for place in range(4)] == [7, 0, 0, 0]


def test_less_reserved_than_the_reservation_says_is_no_shortage(warehouse: Warehouse) -> None:
    shipment = warehouse.reserved(p1=2).shipment()
    warehouse.put("Inventory", ProductId="p1", OnHand=10, Reserved=1)
    with pytest.raises(StockInconsistent, match='less is reserved of "p1"'):
        warehouse.stock.take(shipment)
    assert warehouse.held() == (10, 1)


@pytest.mark.parametrize(
    "reasons",
    [
        ["TransactionConflict", "None"],
        ["None", "TransactionConflict"],
        ["None", "ThrottlingError"],
        ["ConditionalCheckFailed", "TransactionConflict"],
        ["TransactionConflict", "ConditionalCheckFailed"],
    ],
)
def test_other_writers_are_waited_for_before_anything_is_judged(
    reasons: list[str], warehouse: Warehouse
) -> None:
    shipment = warehouse.stocked(p1=5).shipment()
    assert retried(warehouse, shipment, [reasons, reasons]).calls == 3
    assert warehouse.held() == (3, 0)


def test_writers_that_never_leave_are_contention(warehouse: Warehouse) -> None:
    shipment = warehouse.stocked(p1=5).shipment()
    with pytest.raises(TableContended):
        retried(warehouse, shipment, [["None", "TransactionConflict"]] * 9)
    assert warehouse.held() == (5, 0)


def test_the_mark_of_an_earlier_effect_is_success_though_the_stock_is_gone(
    warehouse: Warehouse,
) -> None:
    shipment = warehouse.stocked(p1=2).shipment()
    for _ in range(2):
        warehouse.stock.take(shipment)
    assert warehouse.held() == (0, 0)


def test_any_other_cancellation_is_raised_as_it_is(warehouse: Warehouse) -> None:
    shipment = warehouse.stocked(p1=2).shipment()
    with pytest.raises(ClientError):
        retried(warehouse, shipment, [["None", "ValidationError"]])
    denied = cancelled([])
    assert denied.response["CancellationReasons"] == []
    with pytest.raises(ClientError):
        retried(warehouse, shipment, [[]])


def test_nothing_is_taken_for_an_attempt_that_was_cancelled(warehouse: Warehouse) -> None:
    former = warehouse.stocked(p1=5).shipment()
    warehouse.shipments.cancel(former)
    with pytest.raises(ShipmentCancelled):
        warehouse.stock.take(former)
    later = warehouse.shipment()
    with pytest.raises(ShipmentCancelled):
        warehouse.stock.take(former)
    assert warehouse.held() == (5, 0)
    warehouse.stock.take(later)
    assert warehouse.held() == (3, 0)


def test_stock_that_was_taken_before_a_cancellation_is_not_taken_again(
    warehouse: Warehouse,
) -> None:
    former = warehouse.stocked(p1=5).shipment()
    warehouse.stock.take(former)
    warehouse.shipments.cancel(former)
    warehouse.stock.take(warehouse.shipment())
    assert warehouse.held() == (3, 0)


def test_a_shipment_that_nobody_planned_takes_nothing(warehouse: Warehouse) -> None:
    shipment = warehouse.stocked(p1=5).shipment()
    warehouse.forget()
    with pytest.raises(ShipmentCancelled):
        warehouse.stock.take(shipment)
    assert (warehouse.held(), warehouse.rows("Shipments")) == ((5, 0), [])


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    bought=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), min_size=1, max_size=6),
    on_hand=st.integers(0, 8),
)
def test_what_is_on_hand_and_what_was_shipped_are_what_there_was(
    bought: list[tuple[str, int]], on_hand: int, dynamodb: Any
) -> None:
    warehouse = Warehouse(dynamodb)
    warehouse.forget()
    warehouse.stocked(a=on_hand, b=on_hand, c=on_hand)
    shipment = warehouse.shipment(*(product(item, quantity=count) for item, count in bought))
    wanted = {item: sum(count for other, count in bought if other == item) for item in "abc"}
    enough = all(count <= on_hand for count in wanted.values())
    try:
        warehouse.stock.take(shipment)
    except OutOfStock:
        assert not enough
    left = {item: warehouse.held(item)[0] for item in "abc"}
    assert left == {item: on_hand - (wanted[item] if enough else 0) for item in "abc"}
