"""An address goes to the centre that ships there, and to nobody else."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.fulfillment import cancel_shipments, plan_shipments, send_to_center, update_inventory
from handlers.shared.adapters.dynamodb import typed
from tests.handlers.test_privacy import assert_private, logged
from tests.handlers.warehouses import EXECUTION, ORDER, Warehouse, product, session

PERSONAL = {"Address": "221B Baker Street", "Email": "ada@example.com"}


@pytest.fixture
def run(dynamodb: Any, context: LambdaContext, log: StringIO) -> Callable[..., str]:
    """What the log and the errors of an invocation say."""

    def one(function: Any, payload: dict[str, Any]) -> str:
        return logged(log, function.handler, payload, context)

    return one


@pytest.fixture
def group(dynamodb: Any) -> dict[str, Any]:
    plan = Warehouse(dynamodb).stocked(p1=5).plan(product(), **PERSONAL)
    return plan.shipments[0].document()


@pytest.mark.parametrize(
    "columns",
    [
        PERSONAL,
        {**PERSONAL, "Address": "221B Baker Street " * 40},
        {**PERSONAL, "Products": [{"name": "Ada Lovelace", "id": "p1", "quantity": "Baker"}]},
        {**PERSONAL, "Products": [{**product(center=None), "name": "Ada Lovelace"}]},
        {**PERSONAL, "CustomerId": ["ada@example.com"]},
    ],
    ids=["good", "overlong", "quantity", "no centre", "customer"],
)
def test_a_plan_is_logged_and_refused_without_what_is_personal(
    columns: dict[str, Any], run: Callable[..., str]
) -> None:
    text = run(plan_shipments, {"session": typed(session(product(), **columns))})
    assert text
    assert_private(text)


def test_no_part_of_a_shipment_logs_where_it_goes(
    group: dict[str, Any], run: Callable[..., str]
) -> None:
    failed = {"step": "UpdateInventory", "done": False, "error": "OutOfStock", "cause": "why"}
    payloads: list[tuple[Any, dict[str, Any]]] = [
        (update_inventory, {"group": group}),
        (send_to_center, {"group": group}),
        (send_to_center, {"group": {**group, "products": None}}),
        (cancel_shipments, {"groups": [{**group, "parts": [failed]}], "executionArn": EXECUTION}),
    ]
    for function, payload in payloads:
        text = run(function, payload)
        assert ORDER in text
        assert_private(text)


def test_only_the_request_and_the_label_hold_the_address(dynamodb: Any) -> None:
    warehouse = Warehouse(dynamodb)
    (shipment,) = warehouse.plan(product(), **PERSONAL).shipments
    warehouse.sending.send(shipment)
    warehouse.cancel(shipment)
    request, cancellation = warehouse.centers.heard
    assert request.body["address"] == PERSONAL["Address"]
    assert b"Baker" in next(iter(warehouse.labels.labels.values()))
    assert_private(str(cancellation))
    assert_private(str(warehouse.rows("Shipments")))
    assert_private(repr(shipment))
    (review,) = warehouse.rows("ManualReview")
    assert_private(str(review))
