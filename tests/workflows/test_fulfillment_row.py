"""The row of a fulfilled order, whatever its groups and products."""

import re
from typing import Any

import pytest

from tests.workflows.groups import STATES, group, recorded
from tests.workflows.machines import fill, perform
from tests.workflows.rows import ORDERS, put, read

RECORD = STATES["RecordFulfillment"]


def row_of(known: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = fill(RECORD["Arguments"]["ExpressionAttributeValues"], known)
    return values


@pytest.mark.parametrize(("count", "products"), [(1, 1), (1, 2), (2, 1), (3, 2)])
def test_the_row_holds_every_shipment_with_its_products(count: int, products: int) -> None:
    groups = [group(number, products) for number in range(count)]

    row = row_of(recorded(groups, orderTotal=500))

    shipments = row[":Shipments"]["L"]
    assert [one["M"]["fulfillmentCenterId"]["S"] for one in shipments] == [
        one["fulfillmentCenterId"] for one in groups
    ]
    assert [len(one["M"]["products"]["L"]) for one in shipments] == [products] * count
    assert shipments[0]["M"]["products"]["L"][0]["M"] == {
        "id": {"S": "p-0-0"},
        "name": {"S": "a thing"},
        "quantity": {"N": "1"},
    }
    assert len(row[":Items"]["L"]) == count * products
    assert row[":Items"]["L"][0]["M"] == {
        "itemId": {"S": "p-0-0"},
        "itemDescription": {"S": "a thing"},
        "price": {"N": "500"},
        "quantity": {"N": "1"},
    }
    assert row[":OrderTotal"] == {"N": "500"}
    assert (row[":Email"], row[":Address"]) == ({"S": "a@example.com"}, {"NULL": True})


def test_a_price_with_a_fraction_stays_exact() -> None:
    one = {**group(0), "products": [{"id": "p", "quantity": 2, "price": "12.345"}]}

    assert row_of(recorded([one]))[":Items"]["L"][0]["M"]["price"] == {"N": "12.345"}


@pytest.mark.parametrize("missing", [{}, {"name": None, "price": None}])
def test_a_product_without_name_and_price_has_none_in_the_row(missing: dict[str, Any]) -> None:
    one = {**group(0), "products": [{"id": "p", "quantity": 2, **missing}]}

    row = row_of(recorded([one]))

    assert row[":Items"]["L"][0]["M"]["price"] == {"NULL": True}
    assert row[":Items"]["L"][0]["M"]["itemDescription"] == {"NULL": True}
    (shipment,) = row[":Shipments"]["L"]
    assert [*shipment["M"]["products"]["L"][0]["M"]] == ["id", "quantity"]
    assert row[":OrderTotal"] == {"NULL": True}


def test_an_update_gives_every_name_and_value_that_its_expressions_use_and_no_other() -> None:
    request = RECORD["Arguments"]
    used = f"{request['UpdateExpression']} {request['ConditionExpression']}"

    given = [*request["ExpressionAttributeNames"], *request["ExpressionAttributeValues"]]
    assert sorted(given) == sorted(set(re.findall(r"[#:]\w+", used)))


def fulfilled(client: Any, before: str) -> dict[str, Any]:
    put(client, "CustomerOrders", ORDERS[before])
    perform(client, RECORD, {**recorded([group(0)]), "order": {**ORDER}})
    return read(client, "CustomerOrders", "o-1")


ORDER = {"orderId": "o-1", "customerId": "c-session", "currency": "EUR", "orderTotal": 500}


def test_a_fulfilled_order_keeps_what_order_processing_wrote(dynamodb: Any) -> None:
    before = dict(ORDERS["processed"] or {})

    row = fulfilled(dynamodb, "processed")

    assert row["State"] == "FULFILLED"
    for name in ("CustomerId", "ChargeId", "CreatedAt", "ExecutionArn"):
        assert row[name] == before[name], name
    assert row["ArrivalDate"] == "2026-01-09"


def test_an_order_that_was_refused_as_not_paid_is_refused_no_more(dynamodb: Any) -> None:
    row = fulfilled(dynamodb, "not paid")

    assert (row["State"], row["PaymentStatus"]) == ("FULFILLED", "Successful")
    assert not {"Reason", "Cause", "ClosedAt", "ClosedBy"} & set(row)


def test_a_session_without_an_order_gets_one_that_says_what_the_session_says(
    dynamodb: Any,
) -> None:
    row = fulfilled(dynamodb, "absent")

    assert (row["CustomerId"], row["Currency"], row["OrderTotal"]) == ("c-session", "EUR", 500)
    assert [item["itemId"] for item in row["Items"]] == ["p-0-0"]
    assert row["Email"] == "a@example.com"
