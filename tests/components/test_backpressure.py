"""How many calls of the payment gateway are made at once, by configuration."""

import pytest

from tests.components.conftest import Register, Registered, whole

PAYERS = {"authorize-payment", "capture-payment", "void-payment"}


def reserved(stack: Registered) -> dict[str, int]:
    return {
        made.name: made.inputs["reservedConcurrentExecutions"]
        for made in stack.made
        if made.typ == "aws:lambda/function:Function"
        and "reservedConcurrentExecutions" in made.inputs
    }


def test_by_default_no_function_reserves_any_of_the_accounts_concurrency(
    stack: Registered,
) -> None:
    assert reserved(stack) == {}


@pytest.mark.parametrize("most", [1, 25])
def test_each_function_that_calls_the_gateway_makes_so_many_calls_at_once(
    register: Register, config: dict[str, str], most: int
) -> None:
    stack = whole(register, {**config, "orders:gatewayConcurrency": str(most)})

    assert reserved(stack) == dict.fromkeys(PAYERS, most)
