"""Acting during a scenario: stopping an execution, cancelling its order, starting another one.

The states after which somebody acts in one workflow are waited for in the order of the actions.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import count
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from botocore.credentials import Credentials

from local.cloud import FunctionNotStarted
from local.emulator.settings import ROOT_KEY
from local.entries import ENTRIES
from local.holding import Holds, Place
from local.http_api import HttpApi
from local.scenario import Action, Scenario
from local.stack import Stack
from local.waiting import await_end, find


@dataclass
class Actors:
    """They wait at the states after which they act, while this is entered.

    Attributes:
        stack: where the executions run.
        scenario: its actions.
        order_id: finds the order of the scenario's execution, once that was started.
        holds: what lets executions stand still.
    """

    stack: Stack
    scenario: Scenario
    order_id: Callable[[], str | None]
    holds: Holds
    records: list[dict[str, Any]] = field(init=False)
    """The outcome of each action: the action, whether it was `done`, and the `answer`."""
    _error: Exception | None = field(default=None, init=False)
    _leaving: threading.Event = field(default_factory=threading.Event, init=False)
    _waiting: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.records = [_record(action) for action in self.scenario.actions]
        self._waiting = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> Self:
        if self.records:
            for places in self._places.values():
                self.holds.place(places[0])
            self._waiting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._leaving.set()
        if self.records:
            self._waiting.join()
            for workflow in self._places:
                self.holds.lift(workflow)
        if self._error and kind is None:
            raise self._error

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        """Where somebody waits, in the order of the actions, by workflow."""
        named = [Place(*self.scenario.place(action.after)) for action in self.scenario.actions]
        found: dict[str, list[Place]] = {}
        for place in dict.fromkeys(named):
            found.setdefault(place.workflow, []).append(place)
        return found

    def _wait(self) -> None:
        try:
            self._act_in_turn()
        except FunctionNotStarted as error:  # is raised where the scenario runs
            self._error = error

    def _act_in_turn(self) -> None:
        waited = {workflow: list(places) for workflow, places in self._places.items()}
        while any(waited.values()) and not self._leaving.is_set():
            for workflow, places in waited.items():
                if places and (execution := self.holds.standing(workflow)):
                    self._act(places.pop(0), execution, places[:1])

    def _act(self, place: Place, execution: str, following: list[Place]) -> None:
        """Do everything that is to be done there, and let the execution go on whatever happens."""
        try:
            self.order_id()  # while its execution is still the last of its cart
            for action, record in self._due(place):
                record |= {"done": True, "answer": self._do(action, execution, place.workflow)}
            for each in following:
                self.holds.place(each)
        except Exception as error:  # is raised where the scenario runs
            self._error = error
        finally:
            self.holds.release(execution)

    def _due(self, place: Place) -> Iterator[tuple[Action, dict[str, Any]]]:
        for action, record in zip(self.scenario.actions, self.records, strict=True):
            if Place(*self.scenario.place(action.after)) == place:
                yield action, record

    def _do(self, action: Action, execution: str, workflow: str) -> Any:
        if action.do == "stop":
            return self._stop(execution, action.error)
        if action.do == "cancel":
            return self._cancel()
        return self._run_again(execution, workflow)

    def _stop(self, execution: str, error: str | None) -> None:
        named = {} if error is None else {"error": error}
        self.stack.cloud.client("stepfunctions").stop_execution(
            executionArn=execution, cause="Stopped by its scenario.", **named
        )

    def _cancel(self) -> int:
        """The HTTP status with which the API answers the customer."""
        url = str(self.stack.outputs["api"]).rstrip("/")
        api = HttpApi(url, Credentials(ROOT_KEY, ROOT_KEY), self.stack.cloud.region)
        return api.send("POST", f"/orders/{self.order_id()}/cancel", b"{}").status

    def _run_again(self, execution: str, workflow: str) -> Mapping[str, Any]:
        """The end of another execution with the same input."""
        states = self.stack.cloud.client("stepfunctions")
        document = json.loads(states.describe_execution(executionArn=execution)["input"])
        started = states.start_execution(
            stateMachineArn=self.stack.outputs["stateMachines"][workflow],
            name=_another_name(self.stack, workflow, self.order_id()),
            input=json.dumps(document),
        )
        ended = await_end(self.stack, started["executionArn"])
        return {
            "execution": ended["executionArn"],
            "status": ended["status"],
            "error": ended.get("error"),
            "orderId": ENTRIES[workflow].order_id(self.stack, document, ended["executionArn"]),
        }


def _record(action: Action) -> dict[str, Any]:
    return {**asdict(action), "done": False, "answer": None}


def _another_name(stack: Stack, workflow: str, order_id: str | None) -> str:
    """`<orderId>-2`, or the next number that is free; a checkout's executions have any name."""
    if workflow == "checkout":
        return str(uuid4())
    return next(
        name for number in count(2) if not find(stack, workflow, name := f"{order_id}-{number}")
    )
