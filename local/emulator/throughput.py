"""Corrections of what slows many orders at once down to a standstill, one function each.

Nothing here changes what AWS would answer. A docstring has its reason, measured with `orders load`.
"""

import bisect
import functools
from typing import Any

from ministack.services import cloudwatch_logs, lambda_svc
from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.backend import execution as engine

from local.emulator import crowds
from local.emulator.patches import Mends, Patches

MENDS = Mends()


@MENDS.mend
def late_log_events(patches: Patches) -> None:
    """A log event that comes late is put in its place, near the end of its stream.

    ministack merges the whole stream anew for it. Executions side by side write to one stream, so
    that many come late by milliseconds: with 600 running, 29 % of the server's time.
    """

    def append(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        history = stream["events"]
        with cloudwatch_logs._log_events_lock:
            for event in events:
                bisect.insort_right(history, event, key=cloudwatch_logs._event_timestamp)
            if events:
                _note(stream, events)

    patches.set(cloudwatch_logs, "_append_log_events", append)


def _note(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """The stream's own times, as DescribeLogStreams shows them."""
    stream["firstEventTimestamp"] = stream["events"][0]["timestamp"]
    stream["lastEventTimestamp"] = stream["events"][-1]["timestamp"]
    stream["lastIngestionTime"] = events[-1]["ingestionTime"]


@MENDS.mend
def result_paths(patches: Patches) -> None:
    """A state's ResultPath is parsed once; the engine builds a parser for it whenever a task ends.

    JSONata states have one too, `$`: 16 % of the server's time.
    """
    patches.set(result_path, "parse", functools.cache(result_path.parse))


@MENDS.mend
def full_engine(patches: Patches) -> None:
    """While many executions run, no queue's function is given anything, since it may start more.

    2,000 orders would be as many executions of up to eight threads each. With 600 running, the
    server needed seconds for an answer, and one order a second was processed instead of six.
    """

    def start(self: Any) -> None:
        crowds.began(self.exec_arn)
        before_start(self)

    def terminated(self: Any) -> None:
        before_terminated(self)
        crowds.ended(self.execution.exec_arn)

    def poll() -> bool:
        return not crowds.engine_is_full() and bool(before_poll())

    before_start = patches.set(engine.Execution, "start", start)
    ending = engine.BaseExecutionWorkerCommunication
    before_terminated = patches.set(ending, "terminated", terminated)
    before_poll = patches.set(lambda_svc, "_poll_sqs", poll)
