"""Whatever crashes, repeats or runs at once: stock taken once, one shipment a centre.

An execution is what the machine does between claiming the session and recording the order. Every
write of one is once the last thing it does, and once the moment at which another one runs.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from handlers.fulfillment.rules.shipment_canceller import Failure
from tests.handlers.fakes import Crash, Cut, Fuse
from tests.handlers.warehouses import ORDER, Centers, Warehouse, product


class Detour(Fuse):
    """A fuse that runs something once instead of crashing."""

    def __init__(self, left: int, then: Callable[[], object]) -> None:
        super().__init__(left)
        self.then = then

    def step(self) -> None:
        try:
            super().step()
        except Crash:
            self.then()


@pytest.fixture
def fresh(dynamodb: Any) -> Callable[[], Warehouse]:
    """Makes a warehouse in which nothing happened yet."""

    def make() -> Warehouse:
        warehouse = Warehouse(dynamodb).stocked(p1=5)
        warehouse.forget()
        return warehouse

    return make


def assert_done_once(warehouse: Warehouse, heard: Centers, attempts: int) -> None:
    """The stock was taken once, and of all attempts the centre ships the last."""
    assert warehouse.held() == (3, 0)
    row = warehouse.row()
    assert (row["SendStatus"], "InventoryUpdatedAt" in row) == ("SENT", True)
    assert heard.shipping == {f"{ORDER}/fc-1/{row['Attempt']}"}
    assert row["Attempt"] <= attempts


def test_after_a_crash_anywhere_the_same_execution_ships_once(
    fresh: Callable[[], Warehouse],
) -> None:
    for step in count():
        warehouse = fresh()
        crashing = Warehouse(warehouse.plain_client, Cut(step), warehouse.centers)
        try:
            crashing.execute()
        except Crash:
            again = Warehouse(warehouse.plain_client, None, crashing.centers)
            assert again.execute()
            assert_done_once(warehouse, crashing.centers, attempts=1)
            continue
        break
    assert step == 6
    assert_done_once(warehouse, crashing.centers, attempts=1)


@pytest.mark.parametrize("pieces", [5, 1], ids=["the queue fails", "the stock is short"])
def test_after_a_crash_anywhere_in_a_failing_execution_the_next_ships_once(
    pieces: int, fresh: Callable[[], Warehouse]
) -> None:
    for step in count():
        warehouse = fresh().stocked(p1=pieces)
        failing = Warehouse(warehouse.plain_client, Cut(step), warehouse.centers)
        failing.centers.down = pieces == 5
        crashed = False
        try:
            assert not failing.execute()
        except Crash:
            crashed = True
        warehouse.stocked(p1=5 if warehouse.held() == (1, 0) else warehouse.held()[0])
        again = Warehouse(warehouse.plain_client, None, failing.centers)
        assert again.execute()
        assert_done_once(warehouse, failing.centers, attempts=2)
        if not crashed:
            break
    assert step > 7


@pytest.mark.parametrize(
    ("first_fails", "second_fails"),
    [(False, False), (True, False), (False, True)],
    ids=["both ship", "first fails", "second fails"],
)
def test_two_executions_at_once_ship_once(
    first_fails: bool, second_fails: bool, fresh: Callable[[], Warehouse]
) -> None:
    for step in count():
        warehouse = fresh()
        results: list[bool] = []
        second = Warehouse(warehouse.plain_client, None, warehouse.centers)
        second.centers.down = second_fails

        def overtake(second: Warehouse = second, results: list[bool] = results) -> None:
            results.append(second.execute())

        detour = Detour(step, overtake)
        first = Warehouse(warehouse.plain_client, detour, warehouse.centers)
        first.centers.down = first_fails
        results.append(first.execute())
        heard = warehouse.centers
        if any(results):
            assert_done_once(warehouse, heard, attempts=2)
        else:
            assert heard.shipping == set()
        assert Warehouse(warehouse.plain_client, None, heard).execute()
        assert_done_once(warehouse, heard, attempts=3)
        if len(results) == 1:
            break
    assert step > 10


def test_one_group_of_three_that_fails_is_all_that_the_next_execution_does(
    fresh: Callable[[], Warehouse],
) -> None:
    warehouse = fresh().stocked(p2=0)
    bought = [product(), product("p2", "fc-2"), product(center="fc-3", quantity=1)]
    assert not warehouse.execute(*bought)
    kept = {f"{ORDER}/fc-1/1", f"{ORDER}/fc-3/1"}
    assert warehouse.centers.shipping == kept
    assert [row["Step"] for row in warehouse.rows("ManualReview")] == ["Fulfill fc-2"]
    warehouse.stocked(p2=2)
    warehouse.centers.heard.clear()
    assert warehouse.execute(*bought)
    assert warehouse.centers.keys("ShipmentRequested") == [f"{ORDER}/fc-2/2"]
    assert (warehouse.held("p1"), warehouse.held("p2")) == ((2, 0), (0, 0))


def test_an_order_that_was_fulfilled_is_run_again_without_any_change(
    fresh: Callable[[], Warehouse],
) -> None:
    warehouse = fresh()
    assert warehouse.execute()
    before = (warehouse.rows("Shipments"), warehouse.rows("Inventory"))
    warehouse.centers.heard.clear()
    warehouse.labels.labels.clear()
    assert warehouse.execute()
    assert (warehouse.rows("Shipments"), warehouse.rows("Inventory")) == before
    assert (warehouse.centers.heard, warehouse.labels.labels) == ([], {})


def test_after_a_crash_anywhere_a_repeated_cancellation_reaches_the_centre_and_one_human(
    fresh: Callable[[], Warehouse],
) -> None:
    short = Failure("UpdateInventory", "OutOfStock", "not enough")
    for step in count():
        warehouse = fresh()
        shipment = warehouse.shipment()
        warehouse.sending.send(shipment)
        crashing = Warehouse(warehouse.plain_client, Cut(step), warehouse.centers)
        try:
            crashing.cancel(shipment, short)
        except Crash:
            again = Warehouse(warehouse.plain_client, None, crashing.centers)
            assert again.cancel(shipment, short)
            assert crashing.centers.shipping == set()
            (review,) = warehouse.rows("ManualReview")
            assert review["Done"] == "no stock taken; request cancelled"
            continue
        break
    assert step == 4
