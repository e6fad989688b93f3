"""The tasks of state machines that wait for an answer (`waitForTaskToken`)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.checkout.rules.answers import Answer
from handlers.shared.adapters.dynamodb import code

# A task that was answered, timed out or whose execution ended has no token any more.
_GONE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


@dataclass(frozen=True)
class Tasks:
    """Tasks by token; `client` is a Step Functions client."""

    client: Any

    def answer(self, token: str, answer: Answer) -> bool:
        """Ends a task; False when it does not wait any more."""
        if answer.succeeded:
            output = json.dumps({"status": answer.word})
            return _took(lambda: self.client.send_task_success(taskToken=token, output=output))
        error = answer.language.error
        return _took(
            lambda: self.client.send_task_failure(taskToken=token, error=error, cause=answer.cause)
        )

    def keep_alive(self, token: str) -> bool:
        """Tells a task that its service is at work; False when it does not wait any more."""
        return _took(lambda: self.client.send_task_heartbeat(taskToken=token))


def _took(send: Callable[[], object]) -> bool:
    try:
        send()
    except ClientError as error:
        if code(error) not in _GONE:
            raise
        return False
    return True
