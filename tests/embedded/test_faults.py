"""A part of the generated faults, another one each day, and faults that are found."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from local.faults.bases import bases
from local.faults.cases import Base, Case
from local.faults.session import Judged, Session
from local.faults.work import Outcome, functions_beside_tasks, run
from local.runner import Runner
from local.stack import Stack
from workflows import DEFINITIONS

LIMIT = 8
_PASS = {"Type": "Pass", "Next": "NeedsReview"}
_REFUSED = "an order that is out of stock"


@dataclass(frozen=True)
class Here:
    """Runs cases on the stack of this process."""

    runner: Runner
    stack: Stack

    def functions(self) -> Sequence[str]:
        return functions_beside_tasks(self.stack)

    def run(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Outcome]]:
        for number, document in enumerate(documents):
            yield number, run(self.runner, self.stack, document)


def session(runner: Runner, stack: Stack, seen: list[Judged]) -> Session:
    return Session(Here(runner, stack), seen.append)


def test_orders_keep_every_rule_however_they_are_disturbed(stack: Stack, runner: Runner) -> None:
    seed = datetime.now(UTC).toordinal()
    workflow = list(DEFINITIONS)[seed % len(DEFINITIONS)]
    seen = list[Judged]()
    disturbed = session(runner, stack, seen)
    reached = disturbed.explore(disturbed.probes([workflow]), [workflow])
    for _ in disturbed.run(disturbed.cases(reached, seed, LIMIT)):
        pass

    broken = [
        f"{judged.case.name}: {violation.rule}: {violation.seen}"
        for judged in seen
        for violation in judged.violations
    ]
    again = f"orders faults {workflow} --seed {seed} --limit {LIMIT}"
    assert not broken, "\n".join([f"to see it again: {again}", *broken])


def base(name: str) -> Base:
    (found,) = (each for each in bases() if each.name == name)
    return found


def rules(runner: Runner, stack: Stack, case: Case, *, sweep: bool = True) -> set[str]:
    """The rules that a case breaks."""
    outcome = run(runner, stack, {**case.document(uuid4().hex), "sweep": sweep})
    return {violation.rule for violation in outcome.violations}


@contextmanager
def changed(stack: Stack, workflow: str, states: Mapping[str, Any]) -> Iterator[None]:
    """A machine of which some states are others meanwhile."""
    client, machine = stack.cloud.client("stepfunctions"), stack.outputs["stateMachines"][workflow]
    text = client.describe_state_machine(stateMachineArn=machine)["definition"]
    definition = json.loads(text)
    definition["States"] |= states
    client.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition))
    try:
        yield
    finally:
        client.update_state_machine(stateMachineArn=machine, definition=text)


def test_a_compensation_that_does_not_happen_is_found(stack: Stack, runner: Runner) -> None:
    case = Case("base", base(_REFUSED), "")
    assert rules(runner, stack, case) == set()

    void = {"Type": "Pass", "Assign": {"voided": "VOIDED"}, "Next": "ReleaseStock"}
    with changed(stack, "order_processing", {"VoidPayment": void}):
        assert rules(runner, stack, case) == {"money and row agree"}


def test_stock_that_is_not_released_is_found_before_the_schedules_release_it(
    stack: Stack, runner: Runner
) -> None:
    case = Case("base", base("an order that cannot be captured"), "")
    with changed(stack, "order_processing", {"ReleaseStock": _PASS}):
        assert rules(runner, stack, case, sweep=False) == {"stock and row agree"}
        assert rules(runner, stack, case) == set()


def test_a_review_that_is_not_opened_is_found(stack: Stack, runner: Runner) -> None:
    unreviewed = {"RecordManualReview": {"Type": "Pass", "Next": "CloseOrder"}}
    case = Case("base", base("an order that cannot be captured"), "")
    with changed(stack, "order_processing", unreviewed):
        assert rules(runner, stack, case) == {"technical ends are reviewed"}
