"""The executions of state machines."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from botocore.exceptions import ClientError

from handlers.recovery.rules.ended_execution import GONE, LONGEST, UNHAPPY, Execution
from handlers.shared.adapters.dynamodb import code


@dataclass(frozen=True)
class Executions:
    """Executions by ARN; `client` is a Step Functions client."""

    client: Any

    def describe(self, arn: str) -> Execution:
        """How an execution stands now; fractions in its input are Decimals, as DynamoDB has them.

        Raises:
            ValueError: its input is no JSON.
        """
        try:
            found = self.client.describe_execution(executionArn=arn)
        except ClientError as error:
            if code(error) != "ExecutionDoesNotExist":
                raise
            return Execution(arn, GONE, None)
        given = json.loads(found.get("input", "null"), parse_float=Decimal)
        return Execution(arn, found["status"], given, found.get("error"))

    def unhappy(self, machine: str, since: datetime) -> Iterator[str]:
        """The ARNs of a machine's executions that ended without success after a time.

        Step Functions lists the latest started first (AWS, "ListExecutions"); what started longer
        before than any machine may run has ended before.
        """
        pages = self.client.get_paginator("list_executions")
        for status in UNHAPPY:
            listed = pages.paginate(stateMachineArn=machine, statusFilter=status)
            for execution in takewhile(_started_after(since - LONGEST), _each(listed)):
                if execution["stopDate"] >= since:
                    yield str(execution["executionArn"])


def _each(pages: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for page in pages:
        yield from page["executions"]


def _started_after(time: datetime) -> Callable[[dict[str, Any]], bool]:
    return lambda execution: bool(execution["startDate"] >= time)
