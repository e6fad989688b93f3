"""Whether a rule's target lets EventBridge in, and where an event goes that it keeps out."""

import json
import logging
from collections.abc import Callable
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import eventbridge, lambda_svc, sns, sqs

from local.emulator.iam import resource_allows

_SERVICE = "events.amazonaws.com"
_log = logging.getLogger(__name__)


def accepts(target_arn: str, rule_arn: str) -> bool:
    """Whether the policy of a queue, topic or function lets the rule reach it.

    Other kinds of target have no policy to ask.
    """
    service = target_arn.split(":")[2] if target_arn.count(":") > 4 else ""
    if service not in _POLICIES:
        return True
    action, policy_of = _POLICIES[service]
    policy = policy_of(target_arn)
    return bool(policy) and resource_allows(policy, action, target_arn, _SERVICE, rule_arn)


def bury(target: dict[str, Any], event: Any, rule: dict[str, Any]) -> None:
    """Send an event to the target's dead-letter queue, if it has one that takes it."""
    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue_arn and accepts(queue_arn, rule["Arn"]):
        whole = eventbridge._pattern_event_view(event).event_with_detail()
        eventbridge._dispatch_to_sqs(parse_arn(queue_arn), json.dumps(whole))
    else:
        _log.warning("The event of rule %s was lost: %s keeps it out.", rule["Arn"], target["Arn"])


def _queue_policy(arn: str) -> Any:
    queue = sqs._queue_by_arn(arn)
    return queue["attributes"].get("Policy") if queue else None


def _topic_policy(arn: str) -> Any:
    found = sns.topic_policy_for_arn(arn)
    return found[0] if found else None


def _function_policy(arn: str) -> Any:
    found = lambda_svc.function_policy_for_arn(arn)
    return found[0] if found else None


_POLICIES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "sqs": ("sqs:SendMessage", _queue_policy),
    "sns": ("sns:Publish", _topic_policy),
    "lambda": ("lambda:InvokeFunction", _function_policy),
}
