"""Every workflow of the project can be run by a scenario."""

from typing import Any

import pytest

from handlers.shared.rules.errors import BadInput
from local.carts import machine_input
from local.entries import ENTRIES
from local.scenario import Scenario
from local.stack import Stack
from workflows import DEFINITIONS

_CART = {
    "CartId": "835235",
    "Email": "jane.roe@example.com",
    "Address": "1 George Street, Singapore",
    "Orange": "1",
    "Lemon": "0",
    "total_cost": "1.27",
}


def test_every_workflow_has_an_entry() -> None:
    assert set(ENTRIES) == set(DEFINITIONS)


def _accepted(stack: Any, **changes: Any) -> dict[str, Any]:
    return machine_input(stack, Scenario("a cart", "checkout", {**_CART, **changes}))


def test_a_good_cart_goes_in_as_it_was_given(stack: Stack) -> None:
    assert _accepted(stack) == _CART


@pytest.mark.parametrize(
    ("field", "value"), [("total_cost", "1.275"), ("Orange", "-1"), ("Email", "nobody")]
)
def test_a_bad_cart_is_refused_by_its_field(stack: Stack, field: str, value: str) -> None:
    with pytest.raises(BadInput, match=field):
        _accepted(stack, **{field: value})


@pytest.fixture
def stack() -> Any:
    """A cart is judged without a look at any stack."""
    return None
