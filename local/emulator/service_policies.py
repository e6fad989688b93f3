"""Why the policy of a resource, or of the key that encrypts it, keeps an AWS service out.

Policies are evaluated with exactly the condition keys that the service sends, by
`service_request_table.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ministack.services import kms, lambda_svc, sns, sqs

from local.emulator.iam import service_allowed
from local.emulator.service_request import ServiceRequest, Target
from local.emulator.service_request_table import find


@dataclass(frozen=True)
class Sender:
    """A service, `events.amazonaws.com`, that acts for a resource of an account."""

    service: str
    source_arn: str
    account: str


@dataclass(frozen=True)
class _Protected:
    """A resource with a policy, encrypted with a key or with none."""

    target: Target
    policy: Any
    key: str = ""
    key_target: Target = Target.TOPIC_KEY


def refusal(sender: Sender, resource_arn: str) -> str:
    """Why a service may not reach a queue, topic or function; empty if it may.

    A resource of another kind has no policy to ask; one that does not exist admits nobody.
    """
    found = _protected(resource_arn)
    if found is None:
        return ""
    denied = _denied(sender, found.policy, found.target, resource_arn, resource_arn)
    return denied or _key_denied(sender, found, resource_arn)


def key_arn(resource_arn: str) -> str:
    """The ARN of the customer managed key that encrypts a queue or topic; empty if none does."""
    protected = _protected(resource_arn)
    record = kms._resolve_key(protected.key) if protected and protected.key else None
    return str(record["Arn"]) if record else ""


def _key_denied(sender: Sender, found: _Protected, resource_arn: str) -> str:
    if not found.key:
        return ""
    if "alias/aws/" in found.key:
        return f"{found.key}, which encrypts {resource_arn}, is AWS's own and admits no service"
    record = kms._resolve_key(found.key)
    if record is None:
        return f"the key {found.key}, which encrypts {resource_arn}, does not exist"
    return _denied(sender, record["Policy"], found.key_target, record["Arn"], resource_arn)


def _denied(sender: Sender, policy: Any, target: Target, owner: str, resource: str) -> str:
    """Why the policy of `owner` does not let a service reach or encrypt `resource`."""
    row = find(sender.service, target)
    if row is None:
        return f"no request of {sender.service} to a {target} is known, such as {owner}"
    context = row.values(sender.source_arn, sender.account, resource)
    if all(service_allowed(policy, each, owner, sender.service, context) for each in row.actions):
        return ""
    return f"the policy of {owner} does not admit {sender.service}{_why(policy, row, sender)}"


def _why(policy: Any, row: ServiceRequest, sender: Sender) -> str:
    keys = ", ".join(row.unsent(_asked(policy, sender.service)))
    return f": it asks for {keys}, not sent to a {row.target} ({row.page})" if keys else ""


def _asked(policy: Any, service: str) -> Iterable[str]:
    """The condition keys of the statements that name a service."""
    document = json.loads(policy) if isinstance(policy, str) else policy
    for statement in (document or {}).get("Statement", []):
        principal = statement.get("Principal")
        named = principal.get("Service", []) if isinstance(principal, dict) else []
        if service in ([named] if isinstance(named, str) else named):
            for conditions in statement.get("Condition", {}).values():
                yield from conditions


def _protected(arn: str) -> _Protected | None:
    read = _READERS.get(arn.split(":")[2]) if arn.count(":") > 4 else None
    return read(arn) if read else None


def _queue(arn: str) -> _Protected:
    queue = sqs._queue_by_arn(arn)
    attributes = queue["attributes"] if queue else {}
    key = attributes.get("KmsMasterKeyId", "")
    return _Protected(Target.QUEUE, attributes.get("Policy"), key, Target.QUEUE_KEY)


def _topic(arn: str) -> _Protected:
    topic = sns._topic_by_arn_any_scope(arn)
    attributes = topic["attributes"] if topic else {}
    return _Protected(Target.TOPIC, attributes.get("Policy"), attributes.get("KmsMasterKeyId", ""))


def _function(arn: str) -> _Protected:
    found = lambda_svc.function_policy_for_arn(arn)
    return _Protected(Target.FUNCTION, found[0] if found else None)


_READERS: dict[str, Callable[[str], _Protected]] = {
    "lambda": _function,
    "sns": _topic,
    "sqs": _queue,
}
