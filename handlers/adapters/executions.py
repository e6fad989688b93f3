"""The executions of state machines."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

from handlers.adapters.dynamodb import code

TELLING = "Publish"
"""How the names of the states begin that tell an order's outcome."""

_ENDS = ("ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")


@dataclass(frozen=True)
class Execution:
    """How an execution stands.

    Attributes:
        status: one of Step Functions' own words, such as RUNNING, or GONE when the service no
            longer knows the execution (it forgets one 90 days after its end).
        input: what it was started with; empty when GONE, or when that was no JSON object.
        error: the error it ended with, if it has one.
        cause: the sentence to that error, if it has one.
    """

    status: str
    input: dict[str, Any]
    error: str | None = None
    cause: str | None = None

    @property
    def may_still_act(self) -> bool:
        """Whether the execution runs, or is about to run again."""
        return self.status in ("RUNNING", "PENDING_REDRIVE")


@dataclass(frozen=True)
class Executions:
    """Executions by ARN; `client` is a Step Functions client."""

    client: Any

    def describe(self, arn: str) -> Execution:
        """How an execution stands now."""
        try:
            found = self.client.describe_execution(executionArn=arn)
        except ClientError as error:
            if code(error) != "ExecutionDoesNotExist":
                raise
            return Execution("GONE", {})
        given = document(found.get("input", "{}"))
        return Execution(found["status"], given, found.get("error"), found.get("cause"))

    def may_have_told(self, arn: str) -> bool:
        """Whether an execution that ended came to a state that tells its order's outcome.

        Those are the last but one. A history that does not show the end yet proves nothing.
        """
        try:
            events = self.client.get_execution_history(
                executionArn=arn, reverseOrder=True, includeExecutionData=False
            )["events"]
        except ClientError as error:
            if code(error) != "ExecutionDoesNotExist":
                raise
            return True
        return events[0]["type"] not in _ENDS or any(map(_tells, events))


def _tells(event: dict[str, Any]) -> bool:
    entered = event.get("stateEnteredEventDetails", {}).get("name", "")
    return str(entered).startswith(TELLING)


def document(text: str) -> dict[str, Any]:
    """An execution's input; fractions are Decimals, as DynamoDB takes them.

    Anybody who may start an execution may start it with a list or a number: that is empty.

    Raises:
        ValueError: it is no JSON.
    """
    found = json.loads(text, parse_float=Decimal)
    return found if isinstance(found, dict) else {}
