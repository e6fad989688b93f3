"""Running cases in this process: one deployed cloud, replaced before it gets slow."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from local.cloud import Cloud
from local.faults.judging import Violation, judge
from local.functions import names
from local.machines import task_states
from local.result import Result
from local.runner import Runner
from local.scenario import Scenario
from local.scenario_files import scenario_of
from local.stack import Stack, deploy

_MOST_RUN = 200  # mails and rows are kept, and read again, for as long as a cloud lives


@dataclass(frozen=True)
class Outcome:
    """The outcome of one case.

    Attributes:
        violations: the rules that it breaks.
        status: how its execution ended.
        calls: the Task states that were called, as faults name them, in their order.
        fired: how often each of its faults struck.
        acted: whether each of its actions was done.
        seconds: how long it took, with all that it caused.
    """

    violations: Sequence[Violation]
    status: str
    calls: Sequence[str]
    fired: Sequence[int]
    acted: Sequence[bool]
    seconds: float


class RunsScenarios(Protocol):
    """A runner of scenarios."""

    def run(self, scenario: Scenario) -> Result:
        """Run one scenario to its end."""
        ...


def run(runner: RunsScenarios, stack: Stack, document: Mapping[str, Any]) -> Outcome:
    """Run the scenario in a document, and judge its result."""
    scenario = scenario_of(document, "a case", task_states(), lambda: names(stack))
    stack.cloud.forget_ended()
    start = time.monotonic()
    result = runner.run(scenario)
    return _outcome(scenario, result, time.monotonic() - start)


def _outcome(scenario: Scenario, result: Result, seconds: float) -> Outcome:
    violations = judge(scenario, result)
    return Outcome(
        violations,
        result.status,
        list(result.attempts),
        result.faultsFired,
        [bool(action["done"]) for action in result.actions],
        round(seconds, 3),
    )


@dataclass
class Worker:
    """Runs cases on a cloud of its own.

    Attributes:
        stack_name: the stack that is deployed.
    """

    stack_name: str
    _open: ExitStack = field(default_factory=ExitStack, init=False)
    _ready: tuple[Runner, Stack] | None = field(default=None, init=False)
    _run: int = field(default=0, init=False)

    def run(self, document: Mapping[str, Any]) -> Outcome:
        """Run one case."""
        if self._run % _MOST_RUN == 0:
            self.close()
        self._run += 1
        runner, stack = self._deployed()
        outcome = run(runner, stack, document)
        if outcome.status == "BROKEN":
            self.close()  # what it left behind is in nobody's way
        return outcome

    def functions(self) -> Sequence[str]:
        """The functions of the stack that are no task of a machine, by module."""
        _runner, stack = self._deployed()
        return functions_beside_tasks(stack)

    def close(self) -> None:
        """End the cloud, if there is one."""
        self._ready = None
        self._open.close()

    def _deployed(self) -> tuple[Runner, Stack]:
        if self._ready is None:
            stack = deploy(self._open.enter_context(Cloud.start()), self.stack_name)
            self._ready = Runner(stack), stack
        return self._ready


def functions_beside_tasks(stack: Stack) -> Sequence[str]:
    """The functions of a deployed stack that no machine's definition names, by module."""
    made = stack.deployment.registrations
    machines = [each for each in made if each.type == "aws:sfn/stateMachine:StateMachine"]
    definitions = " ".join(str(each.inputs["definition"]) for each in machines)
    return [module for module, name in names(stack).items() if f":{name}" not in definitions]
