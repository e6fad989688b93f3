"""Running scenarios on a deployed stack, one after the other."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.shared.rules.errors import BadInput
from local import dead_letters
from local.acting import Actors
from local.cloud import FunctionNotStarted
from local.entries import Entry, entry_of
from local.expectations import unmet
from local.following import abandon, await_followed, follow_nothing, following
from local.given import put_sessions, remove_sessions
from local.holding import Holds
from local.injecting import fired, injecting
from local.observer import Observer
from local.ordered import Ordered
from local.result import Result, broken, refused
from local.scenario import Scenario
from local.settling import settle
from local.stack import Stack
from local.sweeping import pause, sweep
from local.telling import Run, tell
from local.waiting import await_end


class Runner:
    """Runs scenarios and reports everything that each caused."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._observer = Observer(stack.cloud, stack.outputs["eventBus"], stack.outputs["topics"])
        self._sessions: list[str] = []
        follow_nothing(stack)
        pause(stack)

    def run_apart(self, scenario: Scenario) -> Result:
        """Run one scenario to which the sessions that earlier ones gave are unknown."""
        try:
            remove_sessions(self._stack, self._sessions)
        except (ClientError, BotoCoreError) as error:
            return broken(scenario.name, scenario.workflow, error)
        self._sessions = []
        return self.run(scenario)

    def run(self, scenario: Scenario) -> Result:
        """Run one scenario to its end and hold it against what it expects.

        Whatever goes wrong is told in the result, so that it stops no other scenario; but for a
        function that does not start, which would stop all of them.

        Raises:
            FunctionNotStarted: one of the stack did not.
        """
        try:
            return _judge(scenario, self._run(scenario, entry_of(scenario)))
        except BadInput as error:
            return _judge(scenario, refused(scenario.name, scenario.workflow, str(error)))
        except FunctionNotStarted:
            raise
        except Exception as error:  # of the cloud, of a service that is played, or of this program
            abandon(self._stack)
            return broken(scenario.name, scenario.workflow, error)

    def _run(self, scenario: Scenario, entry: Entry) -> Result:
        document = entry.accept(self._stack, scenario)
        self._sessions += put_sessions(self._stack, scenario.sessions)
        items = entry.set_stock(self._stack, scenario, document)
        self._observer.forget()
        dead_letters.take_all(self._stack)
        mails = len(self._stack.cloud.mails())
        with injecting(self._stack, scenario), following(self._stack, scenario.follow):
            run = self._execute(scenario, entry, document)
            if scenario.sweep:
                errors = sweep(self._stack, run.order_id, lambda: await_followed(self._stack))
                run = replace(run, sweep_errors=errors)
            run = replace(run, faults_fired=fired(self._stack, scenario))
        others = scenario.follow or scenario.sweep or bool(scenario.actions)
        run = replace(run, items=items, mails=mails, may_have_others=others)
        return tell(self._stack, self._observer, scenario, run)

    def _execute(self, scenario: Scenario, entry: Entry, document: dict[str, Any]) -> Run:
        """Start the scenario's execution, and wait for its end and what that causes."""
        order = Ordered(self._stack, entry, document)
        with Actors(self._stack, scenario, order.id, Holds(self._stack)) as actors:
            with entry.surroundings(self._stack, scenario), order.starting():
                start = time.monotonic()
                order.started(entry.start(self._stack, scenario, document))
                ended = await_end(self._stack, order.execution())
                seconds = time.monotonic() - start
            self._settle(scenario)
        if scenario.actions:
            self._settle(scenario)  # what somebody did last may have begun more
        return Run(ended, seconds, order.id(), actors.records)

    def _settle(self, scenario: Scenario) -> None:
        if scenario.follow or scenario.actions:
            await_followed(self._stack)
        else:
            settle(self._stack.cloud, self._stack.queues)


def _judge(scenario: Scenario, result: Result) -> Result:
    """Without an expectation, a scenario must end SUCCEEDED."""
    expected = {"status": "SUCCEEDED"} if scenario.expect is None else scenario.expect
    differences = unmet(expected, json.loads(result.line()))
    return replace(result, met=not differences, unmet=differences)


def exit_code(results: Sequence[Result]) -> int:
    """0 if every scenario met its expectation, 2 if any had bad input, 3 otherwise."""
    if any(result.status == "REFUSED" for result in results):
        return 2
    return 0 if all(result.met for result in results) else 3
