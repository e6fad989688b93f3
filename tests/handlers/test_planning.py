"""Plans: which centre ships what, once and for all, and which orders are not shipped."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment.plan_shipments import handler
from handlers.fulfillment.rules.errors import MissingFulfillmentCenter
from handlers.orders.rules.errors import InvalidOrder
from handlers.shared.adapters.dynamodb import typed
from handlers.shared.rules.errors import TableContended
from tests.handlers.test_release_stock import Interrupted
from tests.handlers.warehouses import ORDER, Warehouse, product, session

TWO = (product("p1", "fc-far"), product("p2", "fc-1"), product("p1", "fc-far", quantity=1))


@pytest.fixture
def warehouse(dynamodb: Any) -> Warehouse:
    return Warehouse(dynamodb)


def test_a_plan_in_full(warehouse: Warehouse) -> None:
    plan = warehouse.plan(*TWO, Address="1 George Street", Currency="EUR").document()
    bought = {"name": "Product p1", "price": 500}
    common = {"orderId": ORDER, "attempt": 1, "reserved": False, "customerId": "c-1"}
    common["address"] = "1 George Street"
    assert plan == {
        "order": {"orderId": ORDER, "customerId": "c-1", "orderTotal": 2500, "currency": "EUR"},
        "reserved": False,
        "arrivalDate": "2026-01-15",
        "groups": [
            {
                **common,
                "fulfillmentCenterId": "fc-far",
                "products": [
                    {"id": "p1", **bought, "quantity": 2},
                    {"id": "p1", **bought, "quantity": 1},
                ],
                "arrivalDate": "2026-01-15",
            },
            {
                **common,
                "fulfillmentCenterId": "fc-1",
                "products": [{"id": "p2", "name": "Product p2", "price": 500, "quantity": 2}],
                "arrivalDate": "2026-01-07",
            },
        ],
    }


@pytest.mark.parametrize("groups", [1, 2, 101])
def test_every_group_gets_a_row_of_its_own(groups: int, warehouse: Warehouse) -> None:
    plan = warehouse.plan(*(product(center=f"fc-{place}") for place in range(groups)))
    assert [each.center for each in plan.shipments] == [f"fc-{place}" for place in range(groups)]
    rows = warehouse.rows("Shipments")
    assert len(rows) == groups
    assert {(row["Attempt"], row["SendStatus"]) for row in rows} == {(1, "PLANNED")}


def test_what_was_planned_stands_with_its_arrival_date(warehouse: Warehouse) -> None:
    first = warehouse.plan(*TWO)
    warehouse.now = datetime(2026, 3, 2, tzinfo=UTC)
    assert warehouse.plan(*TWO) == first


def test_a_cancelled_attempt_is_followed_by_the_next_with_its_own_date(
    warehouse: Warehouse,
) -> None:
    former = warehouse.shipment()
    warehouse.stocked(p1=9).stock.take(former)
    taken = warehouse.row()["InventoryUpdatedAt"]
    warehouse.shipments.cancel(former)
    warehouse.now = datetime(2026, 3, 2, tzinfo=UTC)
    again = warehouse.shipment()
    assert (again.attempt, again.arrival_date) == (2, "2026-03-05")
    assert warehouse.shipment() == again
    row = warehouse.row()
    assert (row["SendStatus"], row["InventoryUpdatedAt"]) == ("PLANNED", taken)
    assert "CancelledAt" not in row


def test_the_catalogue_names_the_centre_that_the_session_does_not(warehouse: Warehouse) -> None:
    for place in range(101):
        warehouse.put("Inventory", ProductId=f"p{place}", FulfillmentCenterId=f"fc-{place % 2}")
    plan = warehouse.plan(*(product(f"p{place}", None) for place in range(101)), product("x", "y"))
    assert [each.center for each in plan.shipments] == ["fc-0", "fc-1", "y"]
    assert sum(len(each.products) for each in plan.shipments) == 102


def test_a_product_that_nobody_can_place_is_named(warehouse: Warehouse) -> None:
    warehouse.stocked(p2=5)
    with pytest.raises(MissingFulfillmentCenter, match='known for "p1", "p2"; name one'):
        warehouse.plan(product("p1", None), product("p3"), product("p2", None), product("p1", None))
    assert warehouse.rows("Shipments") == []


def test_the_orders_row_says_what_the_session_does_not(warehouse: Warehouse) -> None:
    known = {"CustomerId": "c-2", "Address": "2 Row Street", "OrderTotal": 7, "Currency": "JPY"}
    warehouse.put("CustomerOrders", OrderId=ORDER, State="PROCESSED", **known)
    plan = warehouse.plan(product())
    known_order = {"orderId": ORDER, "customerId": "c-2", "orderTotal": 7, "currency": "JPY"}
    assert plan.order == known_order
    assert plan.shipments[0].address == "2 Row Street"
    assert warehouse.plan(product(), Address="1 George Street").shipments[0].address == (
        "1 George Street"
    )


def test_a_total_of_prices_with_fractions_is_not_made_up(warehouse: Warehouse) -> None:
    assert "orderTotal" not in warehouse.plan(product(), product("p2", price="19.99")).order
    assert "orderTotal" not in warehouse.plan(product(), product("p2", price=None)).order


@pytest.mark.parametrize(
    "row",
    [{"State": "PROCESSED"}, {"State": "FAILED", "Reason": "PaymentNotReceived"}],
)
def test_a_paid_order_and_one_that_was_paid_late_are_shipped(
    row: dict[str, Any], warehouse: Warehouse
) -> None:
    warehouse.put("CustomerOrders", OrderId=ORDER, **row)
    assert len(warehouse.plan(product()).shipments) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"State": "PENDING"},
        {"State": "CANCELLED"},
        {"State": "REFUNDED"},
        {"State": "FAILED", "Reason": "OutOfStock"},
    ],
)
def test_no_other_order_is_shipped(row: dict[str, Any], warehouse: Warehouse) -> None:
    warehouse.put("CustomerOrders", OrderId=ORDER, **row)
    with pytest.raises(InvalidOrder, match=f"the order is {row['State']}"):
        warehouse.plan(product())
    assert warehouse.rows("Shipments") == []


def test_a_fulfilled_order_is_planned_as_it_was_and_ships_nothing_more(
    warehouse: Warehouse,
) -> None:
    first = warehouse.plan(*TWO)
    warehouse.put("CustomerOrders", OrderId=ORDER, State="FULFILLED")
    assert [each.attempt for each in warehouse.plan(*TWO).shipments] == [1, 1]
    assert warehouse.plan(*TWO).shipments == first.shipments
    with pytest.raises(InvalidOrder, match="fulfilled before"):
        warehouse.plan(*TWO, product("p3", "fc-2"))


def test_a_committed_reservation_is_what_the_products_come_from(warehouse: Warehouse) -> None:
    warehouse.reserved(p1=3, p2=2)
    assert warehouse.plan(*TWO).document()["reserved"] is True


def test_a_reservation_that_was_given_back_is_none(warehouse: Warehouse) -> None:
    warehouse.reserved("RELEASED", p1=3, p2=2)
    assert warehouse.plan(*TWO).document()["reserved"] is False


def test_a_reservation_of_an_order_in_the_making_is_not_shipped(warehouse: Warehouse) -> None:
    with pytest.raises(InvalidOrder, match="still being processed"):
        warehouse.reserved("RESERVED", p1=3, p2=2).plan(*TWO)


@pytest.mark.parametrize("held", [{"p1": 2, "p2": 2}, {"p1": 3}, {"p1": 3, "p2": 2, "p3": 1}])
def test_another_orders_reserved_stock_is_not_taken(
    held: dict[str, int], warehouse: Warehouse
) -> None:
    with pytest.raises(InvalidOrder, match=r'another quantity of "p[123]" than'):
        warehouse.reserved("COMMITTED", **held).plan(*TWO)


def test_what_was_begun_is_not_shipped_again_from_elsewhere(warehouse: Warehouse) -> None:
    warehouse.plan(product())
    for changed in (product(quantity=3), product(center="fc-2")):
        with pytest.raises(InvalidOrder, match='centre "fc-1" are not those'):
            warehouse.plan(changed)
    warehouse.shipments.cancel(warehouse.shipment())
    assert warehouse.shipment(product(quantity=3)).attempt == 2


def test_stock_that_was_taken_binds_the_products_even_when_cancelled(warehouse: Warehouse) -> None:
    former = warehouse.stocked(p1=9).shipment()
    warehouse.stock.take(former)
    warehouse.shipments.cancel(former)
    with pytest.raises(InvalidOrder, match='centre "fc-1" are not those'):
        warehouse.plan(product(quantity=3))


@pytest.mark.parametrize(
    "products",
    [
        [product(center=f"fc-{place}") for place in range(301)],
        [product(f"p{place:0127}", name="x" * 256) for place in range(99)] * 4,
        [product(f"p{place}", center=f"fc-{place % 20}") for place in range(1500)],
    ],
    ids=["groups", "bytes", "record"],
)
def test_a_session_that_no_execution_can_carry_is_refused(
    products: list[dict[str, Any]], warehouse: Warehouse
) -> None:
    with pytest.raises(InvalidOrder, match="at most 300 fulfillment centres and 131072 bytes"):
        warehouse.plan(*products)
    assert warehouse.rows("Shipments") == []


def test_two_plans_at_once_are_one(dynamodb: Any) -> None:
    class Overtaken(Interrupted):
        def transact_write_items(self, **request: Any) -> Any:
            if not self.calls:
                self.calls += 1
                found.append(Warehouse(dynamodb).plan(*TWO))
            return super().transact_write_items(**request)

    found: list[Any] = []
    assert Warehouse(Overtaken(dynamodb, [])).plan(*TWO) == found[0]


def test_plans_that_are_always_overtaken_give_up(dynamodb: Any) -> None:
    busy = Interrupted(dynamodb, [["ConditionalCheckFailed"]] * 9)
    with pytest.raises(TableContended, match="kept changing"):
        Warehouse(busy).plan(product())


def test_the_function_plans_what_the_machine_has_read(
    dynamodb: Any, context: LambdaContext
) -> None:
    item = typed(session(product())) | {"Address": {"Nul": True}}
    answer = handler({"session": item}, context)
    assert answer["order"]["orderId"] == ORDER
    assert [group["fulfillmentCenterId"] for group in answer["groups"]] == ["fc-1"]
    assert handler({"session": item}, context) == answer
