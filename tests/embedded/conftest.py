"""The project's own stack, deployed once a test process to an embedded cloud."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from local.cloud import Cloud
from local.following import follow_nothing
from local.result import Result
from local.result_fields import require_known
from local.runner import Runner
from local.scenario import Fault, FunctionFault, Scenario
from local.stack import Stack, deploy
from local.sweeping import pause
from tests.embedded.grants import grants, record
from tests.embedded.seen import violations

CLOCK_SCALE = 20


@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config) -> Iterator[Stack]:
    """A stack, no workflow of which starts another, by rule or schedule, until a scenario says so.

    What its roles needed is noted when the tests are done with it.
    """
    with Cloud.start(CLOCK_SCALE) as cloud:
        made = deploy(record(cloud), "dev")
        follow_nothing(made)
        pause(made)
        yield made
        plugin: Any = pytestconfig.pluginmanager.get_plugin("unneeded")
        plugin.add(grants(made))


class Judge(Runner):
    """Runs scenarios, none of which may break a rule of an order, whatever a test looks at."""

    def run(self, scenario: Scenario, *, judged: bool = True) -> Result:
        """Run one scenario.

        Args:
            scenario: what is run.
            judged: False where it finds what an earlier one left, so that its stock was put anew.
        """
        result = super().run(scenario)
        require_known(asdict(result))  # or a scenario could not expect what is there
        if judged and result.status not in ("REFUSED", "BROKEN"):
            assert violations(scenario, result) == []
        return result


@pytest.fixture(scope="session")
def runner(stack: Stack) -> Runner:
    return Runner(stack)


@pytest.fixture(scope="session")
def judge(stack: Stack) -> Judge:
    return Judge(stack)


class Orders:
    """Makes scenarios that differ from a good order for one item in one thing."""

    def scenario(self, *faults: Fault | FunctionFault, **changes: Any) -> Scenario:
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
