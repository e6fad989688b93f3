"""Execution logs of state machines, in the log group the machine names."""

import time
from typing import Any

import ministack.app as ministack
from ministack.services import cloudwatch_logs
from moto.stepfunctions.parser.asl.eval.event.logging import (
    CloudWatchLoggingConfiguration,
    is_logging_enabled_for,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

_DATA = ("input", "output", "parameters", "assignedVariables", "result")


def session(execution: Any) -> "LogSession | None":
    """The session that logs an execution's events, if its machine logs any."""
    machine = execution.state_machine
    given = getattr(machine, "loggingConfiguration", None) or {}
    configuration = CloudWatchLoggingConfiguration.from_logging_configuration(machine.arn, given)
    return LogSession(execution.exec_arn, configuration) if configuration else None


class LogSession:
    """What the engine hands events to; delivery is the log service's, so no role is needed."""

    def __init__(self, execution_arn: str, configuration: Any) -> None:
        self.execution_arn = execution_arn
        self.configuration = configuration
        self._has_stream = False

    def log_level_filter(self, history_event_type: Any) -> bool:
        """Whether events of this type are logged at the machine's level."""
        level = self.configuration.log_level
        return bool(is_logging_enabled_for(level, history_event_type))

    def publish_history_log(self, history_log: dict[str, Any]) -> None:
        """Write one event; a log group that is gone loses it, as on AWS."""
        where = {
            "logGroupName": self.configuration.log_group_name,
            "logStreamName": self.configuration.log_stream_name,
        }
        event = {"timestamp": int(time.time() * 1000), "message": to_json_str(history_log)}
        # In this very process, on the server's loop where the log service's own requests run: a
        # signed request for every event of every execution took a seventh of the server's time.
        ministack._MAIN_LOOP.call_soon_threadsafe(self._put, where, event)

    def _put(self, where: dict[str, str], event: dict[str, Any]) -> None:
        if not self._has_stream:
            self._has_stream = True
            cloudwatch_logs._create_log_stream(where)  # which another execution may have made
        cloudwatch_logs._put_log_events({**where, "logEvents": [event]})


def without_data(details_body: dict[str, Any]) -> None:
    """Remove, in place, what includeExecutionData=false keeps out of a log: all data passed."""
    for name in list(details_body):
        if name.removesuffix("Details") in _DATA:
            del details_body[name]
