"""Whether a rule's target lets EventBridge in, and where an event goes that it keeps out."""

import json
import logging
from typing import Any

from ministack.services import eventbridge, sqs

from local.emulator import service_policies
from local.emulator.service_policies import Sender

_SERVICE = "events.amazonaws.com"
_log = logging.getLogger(__name__)


def refusal(target_arn: str, rule_arn: str) -> str:
    """Why a queue, topic or function, or its key, keeps the rule out; empty if it does not."""
    sender = Sender(_SERVICE, rule_arn, rule_arn.split(":")[4])
    return service_policies.refusal(sender, target_arn)


def keep(target: dict[str, Any], event: Any, rule: dict[str, Any], reason: str) -> None:
    """Send an event to the target's dead-letter queue, if it has one that takes it."""
    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue_arn and not refusal(queue_arn, rule["Arn"]):
        send(queue_arn, event, reason, RULE_ARN=rule["Arn"], TARGET_ARN=target["Arn"])
        _log.warning("An event of %s went to %s: %s.", rule["Arn"], queue_arn, reason)
    else:
        _log.warning("An event of %s was lost: %s.", rule["Arn"], reason)


def send(queue_arn: str, event: Any, reason: str, **attributes: str) -> None:
    """Put an event, whole, into a dead-letter queue, with why it could not be delivered.

    The attributes are those of AWS's "Using dead-letter queues to process undelivered events".
    """
    why = {"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": reason, **attributes}
    request = {
        "QueueUrl": sqs._queue_by_arn(queue_arn)["url"],
        "MessageBody": json.dumps(eventbridge._pattern_event_view(event).event_with_detail()),
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in why.items()
        },
    }
    sqs._act_send_message(request, request["QueueUrl"])
