"""The project's own stack, deployed once a test process to an embedded cloud."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.cloud import Cloud
from local.following import follow_nothing
from local.runner import Runner
from local.scenario import Fault, Scenario
from local.stack import Stack, deploy


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Cloud.start() as cloud:
        yield _alone(deploy(cloud, "dev"))


@pytest.fixture(scope="module")
def unhurried() -> Iterator[Stack]:
    """The same stack where a second lasts a second, so that retries hold an execution open."""
    with Cloud.start(clock_scale=1) as cloud:
        yield _alone(deploy(cloud, "dev"))


def _alone(stack: Stack) -> Stack:
    """The stack, no workflow of which starts another until a scenario follows it."""
    follow_nothing(stack)
    return stack


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
