"""The project's own stack, deployed once a test process to an embedded cloud."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.cloud import Cloud
from local.following import follow_nothing
from local.runner import Runner
from local.scenario import Fault, Scenario
from local.stack import Stack, deploy
from tests.embedded.grants import grants, record

CLOCK_SCALE = 20


@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config) -> Iterator[Stack]:
    """A stack, no workflow of which starts another until a scenario follows it.

    What its roles needed is noted when the tests are done with it.
    """
    with Cloud.start(CLOCK_SCALE) as cloud:
        made = deploy(record(cloud), "dev")
        follow_nothing(made)
        yield made
        plugin: Any = pytestconfig.pluginmanager.get_plugin("unneeded")
        plugin.add(grants(made))


@pytest.fixture
def unhurried(stack: Stack) -> Iterator[Stack]:
    """The same stack while a second lasts a second, so that retries hold an execution open."""
    stack.cloud.pace(1)
    yield stack
    stack.cloud.pace(CLOCK_SCALE)


@pytest.fixture(scope="session")
def runner(stack: Stack) -> Runner:
    return Runner(stack)


class Orders:
    """Makes scenarios that differ from a good order for one item in one thing."""

    def scenario(self, *faults: Fault, **changes: Any) -> Scenario:
        items = changes.pop("items", [{"itemId": "item-1", "price": 10, "quantity": 2}])
        order = {
            "customerId": "c-1",
            "email": "jane.roe@example.com",
            "address": "7 Secret Road, Singapore",
            "orderContents": {"items": items},
            "orderTotal": sum(item["price"] * item.get("quantity", 1) for item in items),
            "paymentDetails": changes.pop("payment", {"token": "tok_visa"}),
        }
        return Scenario(
            name="an order",
            workflow="order_processing",
            input={**order, **changes.pop("input", {})},
            faults=faults,
            **changes,
        )


@pytest.fixture
def orders() -> Orders:
    return Orders()
