"""An order whose function cannot start ends the run at once: it says nothing of the order."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.cloud import FunctionNotStarted
from local.following import abandon
from local.functions import names
from local.runner import Runner
from local.stack import Stack
from tests.embedded.conftest import Orders


@contextmanager
def _unable_to_start(stack: Stack, module: str) -> Iterator[str]:
    """The name of a function whose handler is in no module meanwhile."""
    functions, name = stack.cloud.client("lambda"), names(stack)[module]
    handler = functions.get_function_configuration(FunctionName=name)["Handler"]
    functions.update_function_configuration(FunctionName=name, Handler="handlers.nowhere.handler")
    try:
        yield name
    finally:
        stack.cloud.watch_functions(stack.functions)
        functions.update_function_configuration(FunctionName=name, Handler=handler)
        abandon(stack)


@pytest.mark.parametrize("module", ["authorize_payment", "publish_outcomes"])
def test_an_order_ends_the_run_if_a_task_or_another_function_does_not_start(
    stack: Stack, runner: Runner, orders: Orders, module: str
) -> None:
    with (
        _unable_to_start(stack, module) as name,
        pytest.raises(FunctionNotStarted, match=f"{name} did not start: .*nowhere"),
    ):
        runner.run(orders.scenario())

    result = runner.run(orders.scenario())
    assert result.status == "SUCCEEDED", result.cause
