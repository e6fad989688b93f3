"""What an order's row says of it, whatever form the order has."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders.rules.description import described
from handlers.shared.adapters.dynamodb import plain
from tests.workflows.machines import fill
from tests.workflows.orders import order, without
from workflows.order_processing.described_order import DESCRIPTION, KNOWN
from workflows.shared.order_row import decided, statuses, update

NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
TEXTS = ("CustomerId", "Email", "Address", "Currency", "CreatedAt")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def known(asked: Any, valid: bool = True) -> dict[str, Any]:
    """The columns, typed."""
    found = fill(f"{{% {KNOWN} %}}", {"order": asked, "valid": valid})
    return dict(found)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_order_of_the_right_form_is_described_whole(count: int) -> None:
    found = known(order(count))

    contact = {"Email": {"S": "a@example.com"}, "Address": {"S": "1 George Street"}}
    assert found == {**fill(dict(DESCRIPTION), {"order": order(count)}), **contact}
    assert len(found["Items"]["L"]) == count
    assert found["Items"]["L"][0]["M"] == {
        "itemId": {"S": "item-0"},
        "price": {"N": "500"},
        "quantity": {"N": "1"},
    }


def test_what_an_order_lacks_is_left_out_where_it_is_refused() -> None:
    assert not {"Email", "Address"} & set(known(without(order(), "email", "address")))


def test_a_description_of_an_item_stands_beside_it() -> None:
    lines = [{**order()["items"][0], "itemDescription": "Macbook"}]

    (found,) = known(order(items=lines))["Items"]["L"]

    assert found["M"]["itemDescription"] == {"S": "Macbook"}


WRONG: list[Any] = [None, 5, 0.5, True, [], ["a"], {}, {"a": "b"}, "", "x" * 1001]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("name", ["customerId", "email", "address", "currency"])
def test_what_has_a_wrong_form_is_left_out_and_the_rest_is_said(name: str, value: Any) -> None:
    columns = dict(zip(("customerId", "email", "address", "currency"), TEXTS, strict=False))

    found = known({**order(), name: value}, valid=False)

    assert set(found) == set(TEXTS) - {columns[name]}


@pytest.mark.parametrize("value", [*WRONG, "yesterday", "2026-01-01T" + "0" * 60])
def test_a_time_of_a_wrong_form_is_replaced_by_the_present(value: Any) -> None:
    created = known({**order(), "requestedAt": value}, valid=False)["CreatedAt"]["S"]

    assert NOW.fullmatch(created)
    assert known(order())["CreatedAt"] == {"S": order()["requestedAt"]}


def test_amounts_and_items_are_said_only_of_an_order_that_is_right_as_a_whole() -> None:
    found = known({**order(), "orderTotal": None, "items": [None]}, valid=False)

    assert set(found) == set(TEXTS)


@pytest.mark.parametrize("asked", [None, 5, "o-1", [], {}, [order()]])
def test_of_an_input_that_is_no_order_only_the_time_is_said(asked: Any) -> None:
    assert set(known(asked, valid=False)) == {"CreatedAt"}


@given(st.sampled_from([*order()]), JSON)
def test_no_key_of_an_index_is_ever_null_empty_or_too_long(name: str, value: Any) -> None:
    found = known({**order(), name: value}, valid=False)

    for column in ("CustomerId", "CreatedAt"):
        assert [*found.get(column, {"S": "x"})] == ["S"]
        assert 1 <= len(found.get(column, {"S": "x"})["S"]) <= 128


@given(st.sampled_from([*order()]), JSON)
def test_the_reconciler_describes_an_order_by_the_same_columns(name: str, value: Any) -> None:
    asked = {**order(), name: value}

    here, there = plain(known(asked, valid=False)), described(asked)

    assert {column: here[column] for column in here if column in there} == {
        column: text for column, text in there.items() if column in TEXTS
    }
    assert set(here) - set(there) <= {"CreatedAt"}


@pytest.mark.parametrize("count", [1, 2])
def test_the_reconciler_describes_an_order_of_the_right_form_the_same(count: int) -> None:
    assert plain(known(order(count))) == described(order(count))


def test_an_update_gives_every_name_and_value_that_its_expressions_use_and_no_other() -> None:
    columns = decided("FAILED", **statuses("Failed", "Pending", "Pending"))
    condition = "attribute_not_exists(#OrderId) OR (#State = :pending AND #State <> :other)"

    request = update(
        "T",
        columns,
        once={"Email": {"S": "e"}},
        remove="#Waiting, #Reason",
        condition=condition,
        pending={"S": "PENDING"},
        other={"S": "X"},
    )

    used = re.findall(r"[#:]\w+", f"{request['UpdateExpression']} {condition}")
    given = [*request["ExpressionAttributeNames"], *request["ExpressionAttributeValues"]]
    assert sorted(given) == sorted(set(used))
    assert "#Email = if_not_exists(#Email, :Email)" in request["UpdateExpression"]
    assert request["UpdateExpression"].endswith("REMOVE #Waiting, #Reason")


def test_a_decision_says_by_which_execution_and_when() -> None:
    row = fill(decided("FAILED", Reason={"S": "OutOfStock"}))

    assert (row["State"], row["Reason"]) == ({"S": "FAILED"}, {"S": "OutOfStock"})
    assert row["ExecutionArn"]["S"].endswith(":o-1")
    assert NOW.fullmatch(row["UpdatedAt"]["S"])
