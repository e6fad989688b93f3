"""Scenarios run one after the other on one stack, and none is in another's way."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.checkout.rules.answers import Step
from local import waiting
from local.behaviours import BEHAVIOURS, Scene
from local.runner import Runner
from local.stack import Stack
from tests.embedded import test_checkout, test_fulfillment


def _silent(_scene: Scene) -> None:
    """A service that neither answers nor lets its silence pass faster."""


def _broken(_scene: Scene) -> None:
    raise LookupError("the service\nlost its notes")


def _play(monkeypatch: pytest.MonkeyPatch, behaviour: Any) -> None:
    chosen = {**BEHAVIOURS[Step.PAYMENT], "none": behaviour}
    monkeypatch.setitem(BEHAVIOURS, Step.PAYMENT, chosen)


def test_a_scenario_that_gets_stuck_is_stopped_and_the_next_one_runs(
    stack: Stack, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = test_checkout.scenario(callbacks={"payment": "none"})
    with monkeypatch.context() as patched:
        _play(patched, _silent)
        patched.setattr(waiting, "PATIENCE_SECONDS", 1.0)
        result = runner.run(stuck)

    assert (result.status, result.met, result.name) == ("BROKEN", False, stuck.name)
    assert "still running after 1 s" in str(result.cause)
    machine = stack.outputs["stateMachines"]["checkout"]
    states = stack.cloud.client("stepfunctions")
    assert not states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
    after = runner.run(test_checkout.scenario())
    assert (after.status, after.cause) == ("SUCCEEDED", None)


def test_an_error_of_this_program_is_one_line_of_its_scenario(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _play(patched, _broken)
        patched.setattr(waiting, "PATIENCE_SECONDS", 1.0)
        result = runner.run(test_checkout.scenario(callbacks={"payment": "none"}))

    assert result.status == "BROKEN"
    assert result.cause == "LookupError: the service lost its notes"
    after = runner.run(test_checkout.scenario())
    assert (after.status, after.cause) == ("SUCCEEDED", None)


def test_a_session_that_was_fulfilled_is_published_once(runner: Runner) -> None:
    paid = test_fulfillment.scenario(centers=1)
    first = runner.run_apart(paid)
    second = runner.run_apart(paid)

    assert (first.status, second.status) == ("SUCCEEDED", "SUCCEEDED")
    assert len(first.emails) == len(first.fulfillmentRequests) == 1
    assert (second.events, second.emails, second.fulfillmentRequests) == ([], [], [])
    assert second.shipments == first.shipments
    assert second.stock == {"item-1": {"onHand": test_fulfillment.ON_HAND, "reserved": 0}}


def test_the_session_that_an_earlier_scenario_gave_is_unknown_to_the_next(runner: Runner) -> None:
    paid = test_fulfillment.scenario(centers=1, session={"PaymentStatus": "Pending"})
    runner.run_apart(paid)

    assert runner.run_apart(replace(paid, sessions=())).error == "SessionNotFound"
