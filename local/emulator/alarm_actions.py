"""Which topics an alarm reaches."""

import logging
from typing import Any

from local.emulator import service_policies
from local.emulator.service_policies import Sender

_SERVICE = "cloudwatch.amazonaws.com"
_ACTIONS = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}
_log = logging.getLogger(__name__)


def admitted(alarm: dict[str, Any], state: str) -> dict[str, Any]:
    """The alarm without the actions on a state that policies of topics, or of their keys, deny."""
    name, arn = _ACTIONS[state], str(alarm["AlarmArn"])
    return {**alarm, name: [action for action in alarm.get(name) or () if _reaches(arn, action)]}


def _reaches(alarm_arn: str, topic_arn: str) -> bool:
    sender = Sender(_SERVICE, alarm_arn, alarm_arn.split(":")[4])
    reason = service_policies.refusal(sender, topic_arn)
    if reason:
        _log.warning("The alarm %s was not published: %s.", alarm_arn, reason)
    return not reason
