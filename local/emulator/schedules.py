"""What a schedule may reach: EventBridge Scheduler acts with the role of the schedule's target.

AWS's "Setting up Amazon EventBridge Scheduler", execution role, and "Configuring a dead-letter
queue".
"""

import logging
from typing import Any

from local.emulator import event_targets
from local.emulator.iam import role_allows, role_trusts
from local.emulator.protected_resources import key_arn

_SERVICE = "scheduler.amazonaws.com"
_ACTIONS = {
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "states": "states:StartExecution",
}
_USE_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
_log = logging.getLogger(__name__)


def is_schedule(rule: dict[str, Any]) -> bool:
    """Tell a schedule from a rule of EventBridge."""
    return str(rule["Arn"]).split(":")[2] == "scheduler"


def refusal(role_arn: str, schedule: dict[str, Any], target_arn: str) -> str:
    """Why the role lets a schedule not reach its target; empty if it does."""
    group = f"{schedule['Arn'].split(':schedule/')[0]}:schedule-group/{schedule['GroupName']}"
    if not role_trusts(role_arn, _SERVICE, group):
        return f"{role_arn} does not trust {_SERVICE} for {group}"
    action = _ACTIONS.get(target_arn.split(":")[2], "*")
    key = key_arn(target_arn)
    needed = [(action, target_arn), *((use, key) for use in _USE_KEY if key)]
    denied = [f"{use} on {on}" for use, on in needed if not role_allows(role_arn, use, on)]
    return f"{role_arn} does not allow {', '.join(denied)}" if denied else ""


def keep(target: dict[str, Any], event: Any, schedule: dict[str, Any], reason: str) -> None:
    """Send what did not reach its target to the dead-letter queue, if the role may."""
    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue_arn and not refusal(target["RoleArn"], schedule, queue_arn):
        arns = {"SCHEDULE_ARN": schedule["Arn"], "TARGET_ARN": target["Arn"]}
        event_targets.send(queue_arn, event, reason, **arns)
        _log.warning("A run of %s went to %s: %s.", schedule["Arn"], queue_arn, reason)
    else:
        _log.warning("A run of %s was lost: %s.", schedule["Arn"], reason)
