"""Tells EventBridge and CloudWatch when an execution starts and ends, as Step Functions does.

The event is "Step Functions Execution Status Change" of AWS's "Automating Step Functions event
delivery with EventBridge", on the default bus; Express machines send none. The metrics are those
of AWS's "Monitoring Step Functions metrics using Amazon CloudWatch", in `AWS/States`.
"""

import json
import threading
from datetime import datetime
from typing import Any

import ministack.app as ministack
from ministack.services import cloudwatch, eventbridge
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend import execution as engine

from local.emulator import redrives
from local.emulator.endings import has_ended

_STARTED, _REDRIVEN = "ExecutionsStarted", "ExecutionsRedriven"
_METRICS = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
    "TIMED_OUT": "ExecutionsTimedOut",
}
_LARGEST_DATA = 248 * 1024  # bytes of input and output together; left out of an event above it
_ending = threading.Lock()


def install() -> None:
    """Make moto's executions tell their status."""
    started, terminated = engine.Execution.start, engine.BaseExecutionWorkerCommunication.terminated

    def start(self: Any) -> None:
        _tell(self, "RUNNING", _STARTED)  # first, or a short execution's end would come before
        started(self)

    def terminate(self: Any) -> None:
        with _ending:
            if has_ended(self.execution):
                return  # aborted before, by StopExecution
            terminated(self)
        status = self.execution.status
        _tell(self.execution, status, _METRICS[status])

    engine.Execution.start = start
    engine.BaseExecutionWorkerCommunication.terminated = terminate


def report_redriven(execution: Any) -> None:
    """Report that an execution runs once more."""
    _tell(execution, "RUNNING", _REDRIVEN)


def _tell(execution: Any, status: str, metric: str) -> None:
    _count(execution, metric)
    if execution.state_machine.type == "EXPRESS":
        return
    entry = {
        "Source": "aws.states",
        "DetailType": "Step Functions Execution Status Change",
        "Detail": json.dumps(_detail(execution, status)),
        "Resources": [execution.exec_arn],
    }
    # On the server's loop, where EventBridge's own requests run: its rules know no locks.
    ministack._MAIN_LOOP.call_soon_threadsafe(_put, entry)


def _count(execution: Any, metric: str) -> None:
    dimensions = {"StateMachineArn": execution.state_machine.arn}
    cloudwatch.record_metric("AWS/States", metric, 1, "Count", dimensions)
    if execution.stop_date is not None:
        lasted = _milliseconds(execution.stop_date) - _milliseconds(execution.start_date)
        cloudwatch.record_metric("AWS/States", "ExecutionTime", lasted, "Milliseconds", dimensions)


def _put(entry: dict[str, Any]) -> None:
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _detail(execution: Any, status: str) -> dict[str, Any]:
    ended = status != "RUNNING"
    given = to_json_str(execution.input_data)
    output = to_json_str(execution.output) if status == "SUCCEEDED" else None
    included = len(json.dumps([given, output]).encode()) <= _LARGEST_DATA
    return {
        "executionArn": execution.exec_arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": status,
        "startDate": _milliseconds(execution.start_date),
        "stopDate": _milliseconds(execution.stop_date) if ended else None,
        "input": given if included else None,
        "output": output if included else None,
        "inputDetails": {"included": included},
        "outputDetails": {"included": included} if output is not None else None,
        "error": execution.error if ended else None,
        "cause": execution.cause if ended else None,
        **_redrives(execution),
    }


def _redrives(execution: Any) -> dict[str, Any]:
    found = {"redriveDate": None, "redriveStatusReason": None, **redrives.status(execution)}
    date = found["redriveDate"]
    return {**found, "redriveDate": _milliseconds(date) if date else None}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
