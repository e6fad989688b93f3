"""What an order lacks is left out of the request that records it."""

import re
from typing import Any

import pytest

from tests.workflows.machines import fill
from tests.workflows.orders import order, without
from workflows.order_processing.described_order import CONTACT, DESCRIPTION
from workflows.shared.optional_columns import with_optional
from workflows.shared.order_row import decided, update

REQUEST = update(
    "T",
    decided("PROCESSED", Note={"S": 'a "note", isn\'t it'}),
    once=DESCRIPTION,
    condition="#State = :pending",
    remove="#Waiting",
    pending={"S": "PENDING"},
)
COLUMNS = {"email": "Email", "address": "Address"}


def filled(*lacking: str) -> dict[str, Any]:
    asked = without(order(), *lacking)
    request: dict[str, Any] = fill(with_optional(REQUEST, CONTACT), {"order": asked})
    return request


@pytest.mark.parametrize("lacking", [(), ("email",), ("address",), ("email", "address")])
def test_only_a_text_that_an_order_has_is_set(lacking: tuple[str, ...]) -> None:
    request = filled(*lacking)

    for field, column in COLUMNS.items():
        clause = f"#{column} = if_not_exists(#{column}, :{column})"
        there = field not in lacking
        assert (clause in request["UpdateExpression"]) is there
        assert (f"#{column}" in request["ExpressionAttributeNames"]) is there
        value = request["ExpressionAttributeValues"].get(f":{column}")
        assert value == ({"S": order()[field]} if there else None)


@pytest.mark.parametrize("lacking", [(), ("email",), ("email", "address")])
def test_the_request_gives_every_name_and_value_that_it_uses_and_no_other(
    lacking: tuple[str, ...],
) -> None:
    request = filled(*lacking)

    used = re.findall(r"[#:]\w+", f"{request['UpdateExpression']} {request['ConditionExpression']}")
    given = [*request["ExpressionAttributeNames"], *request["ExpressionAttributeValues"]]
    assert sorted(given) == sorted(set(used))


def test_whatever_else_the_request_says_stays_as_it_is() -> None:
    plain, request = fill(REQUEST, {"order": order()}), filled("email", "address")

    assert set(request) == set(plain)
    for field in set(plain) - {"ExpressionAttributeValues"}:
        assert request[field] == plain[field], field
    values = request["ExpressionAttributeValues"]
    assert set(values) == set(plain["ExpressionAttributeValues"])
    assert values[":Note"] == {"S": 'a "note", isn\'t it'}
    assert request["UpdateExpression"].endswith(" REMOVE #Waiting")
