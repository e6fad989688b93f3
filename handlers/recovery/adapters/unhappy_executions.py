"""The queue of executions that ended without success, which the reconciler reads."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from handlers.shared.rules.errors import ServiceUnavailable

_MOST = 10  # messages of a SendMessageBatch


@dataclass(frozen=True)
class UnhappyExecutions:
    """The queue; `client` is an SQS client."""

    client: Any
    url: str

    def send(self, executions: Iterable[str]) -> int:
        """Sends a message for each execution, by its ARN; returns how many.

        A message has the form of the status event that Step Functions sends.

        Raises:
            ServiceUnavailable: the queue did not take all of them.
        """
        count = 0
        for some in _batches(executions):
            entries = [
                {"Id": str(place), "MessageBody": _message(arn)} for place, arn in enumerate(some)
            ]
            answer = self.client.send_message_batch(QueueUrl=self.url, Entries=entries)
            if answer.get("Failed"):
                raise ServiceUnavailable("the queue of executions did not take every message")
            count += len(some)
        return count


def _batches(executions: Iterable[str]) -> Iterator[list[str]]:
    left = iter(executions)
    while some := list(islice(left, _MOST)):
        yield some


def _message(arn: str) -> str:
    return json.dumps(
        {
            "id": arn,
            "detail-type": "Step Functions Execution Status Change",
            "time": "",
            "detail": {"executionArn": arn},
        }
    )
