"""Why the policy of a resource, or of the key that encrypts it, keeps an AWS service out.

Policies are evaluated with exactly the condition keys that the service sends, by
`service_request_table.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ministack.services import kms

from local.emulator.iam import service_allowed
from local.emulator.protected_resources import Protected, protected
from local.emulator.service_request import ServiceRequest, Target
from local.emulator.service_request_table import find


@dataclass(frozen=True)
class Sender:
    """A service, `events.amazonaws.com`, that acts for a resource of an account."""

    service: str
    source_arn: str
    account: str


def refusal(sender: Sender, resource_arn: str) -> str:
    """Why a service may not reach a queue, topic or function; empty if it may.

    A resource of another kind has no policy to ask; one that does not exist admits nobody.
    """
    found = protected(resource_arn)
    if found is None:
        return ""
    denied = _denied(sender, found.policy, found.target, resource_arn, resource_arn)
    return denied or _key_denied(sender, found, resource_arn)


def _key_denied(sender: Sender, found: Protected, resource_arn: str) -> str:
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


def _asked(policy: Any, service: str) -> Iterator[str]:
    """The condition keys of the statements that name a service."""
    document = (json.loads(policy) if policy and isinstance(policy, str) else policy) or {}
    for statement in _listed(document.get("Statement", [])):
        principal = statement.get("Principal")
        named = principal.get("Service", []) if isinstance(principal, dict) else []
        if service in _listed(named):
            for conditions in statement.get("Condition", {}).values():
                yield from conditions


def _listed(value: Any) -> list[Any]:
    """The elements of what a policy may give as one or as a list."""
    return list(value) if isinstance(value, list) else [value]
