"""What an order's row says of it, whatever the input of its machine was."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.orders.rules.description import described
from handlers.shared.adapters.dynamodb import typed
from tests.handlers.ended import DESCRIBED, INPUT


def test_an_input_describes_its_order() -> None:
    assert described(INPUT) == DESCRIBED


NO_TEXT: tuple[Any, ...] = (None, 7, ["c-1"], {"S": "c-1"}, "", True, "x" * 5000, "\ud800")
NO_NUMBER: tuple[Any, ...] = (None, "700", 7.5, True, [700], 0, -1, 10**12, 10**50)
ITEM: dict[str, Any] = INPUT["items"][1]


def items(name: str, values: tuple[Any, ...]) -> list[Any]:
    """Lists of one item, each with another value of a field."""
    return [[{**ITEM, name: value}] for value in values]


NO_ITEMS: tuple[Any, ...] = (
    None,
    "a",
    {"itemId": "a"},
    [],
    [ITEM] * 100,
    [ITEM, "a"],
    *items("itemId", NO_TEXT),
    *items("price", NO_NUMBER),
    *items("quantity", NO_NUMBER),
    *items("itemDescription", (7, [], "", "x" * 5000)),
)


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("customerId", "CustomerId", NO_TEXT),
        ("email", "Email", NO_TEXT),
        ("address", "Address", NO_TEXT),
        ("currency", "Currency", NO_TEXT),
        ("requestedAt", "CreatedAt", NO_TEXT),
        ("orderTotal", "OrderTotal", NO_NUMBER),
        ("items", "Items", NO_ITEMS),
    ],
)
def test_what_has_not_its_form_describes_nothing_and_the_rest_does(
    name: str, column: str, values: tuple[Any, ...]
) -> None:
    rest = {other: value for other, value in DESCRIBED.items() if other != column}
    for value in values:
        assert described({**INPUT, name: value}) == rest


def test_a_number_without_a_fraction_is_an_integer_however_the_input_wrote_it() -> None:
    given = json.loads(re.sub(r"(\d+)([,}\]])", r"\1.0\2", json.dumps(INPUT)))
    assert type(given["orderTotal"]) is float
    assert json.dumps(described(given), sort_keys=True) == json.dumps(DESCRIBED, sort_keys=True)


@pytest.mark.parametrize("given", [None, 7, "text", [], [INPUT], {}])
def test_an_input_that_is_no_order_describes_nothing(given: Any) -> None:
    assert described(given) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(INPUT)), JSON | st.sampled_from(list(INPUT.values()))))
def test_whatever_an_input_says_the_description_can_be_written(order: dict[str, Any]) -> None:
    found = described(order)
    assert found.keys() <= DESCRIBED.keys() | {"Address"}
    assert json.dumps(typed(found), ensure_ascii=False).encode()
