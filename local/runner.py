"""Running scenarios on a deployed stack, one after the other."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from handlers.domain.errors import BadInput
from local.entries import Entry, entry_of
from local.expectations import unmet
from local.following import abandon, await_followed, follow_nothing, following
from local.given import put_sessions, remove_sessions
from local.observer import Observer
from local.result import Result, broken, refused
from local.scenario import Fault, Scenario
from local.settling import settle
from local.stack import Stack
from local.telling import Run, tell
from local.waiting import await_end


class Runner:
    """Runs scenarios and reports everything that each caused."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._observer = Observer(stack.cloud, stack.outputs["eventBus"], stack.outputs["topics"])
        self._sessions: list[str] = []
        follow_nothing(stack)

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

        Whatever goes wrong is told in the result, so that it stops no other scenario.
        """
        try:
            return _judge(scenario, self._run(scenario, entry_of(scenario)))
        except BadInput as error:
            return _judge(scenario, refused(scenario.name, scenario.workflow, str(error)))
        except Exception as error:  # of the cloud, of a service that is played, or of this program
            abandon(self._stack)
            return broken(scenario.name, scenario.workflow, error)

    def _run(self, scenario: Scenario, entry: Entry) -> Result:
        document = entry.accept(self._stack, scenario)
        self._sessions += put_sessions(self._stack, scenario.sessions)
        items = entry.set_stock(self._stack, scenario, document)
        self._observer.forget()
        mails = len(self._stack.cloud.mails())
        with self._faults(scenario.faults), following(self._stack, scenario.follow):
            with entry.surroundings(self._stack, scenario):
                start = time.monotonic()
                execution = entry.start(self._stack, scenario, document)
                ended = await_end(self._stack, execution)
                seconds = time.monotonic() - start
            settle(self._stack.cloud, self._stack.queues)
            if scenario.follow:
                await_followed(self._stack)
        order_id = entry.order_id(self._stack, document, execution)
        run = Run(ended, seconds, order_id, items, mails)
        return tell(self._stack, self._observer, scenario, run)

    @contextmanager
    def _faults(self, faults: Sequence[Fault]) -> Iterator[None]:
        """These faults are injected meanwhile, if there are any."""
        if not faults:
            yield
            return
        try:
            self._stack.cloud.inject([vars(fault) for fault in faults])
            yield
        finally:
            self._stack.cloud.inject([])


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
