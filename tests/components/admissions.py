"""The statements of a stack's policies that admit an AWS service, held against the known requests.

A statement is judged by `REQUESTS`: the service must make such a request of that kind of resource,
and send every condition key that the statement asks for.
"""

import fnmatch
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pulumi.runtime import MockResourceArgs

from local.emulator.service_request import ACCOUNT, ARN, ServiceRequest, Target
from local.emulator.service_request_table import find
from tests.components.conftest import Registered

_TARGETS = {
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": Target.BUS,
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Target.LOG_GROUP,
    "aws:iam/role:Role": Target.ROLE,
    "aws:sns/topicPolicy:TopicPolicy": Target.TOPIC,
    "aws:sqs/queuePolicy:QueuePolicy": Target.QUEUE,
}
_ENCRYPTED = {
    "aws:cloudwatch/eventBus:EventBus": ("kmsKeyIdentifier", Target.BUS_KEY),
    "aws:cloudwatch/logGroup:LogGroup": ("kmsKeyId", Target.LOG_GROUP_KEY),
    "aws:sns/topic:Topic": ("kmsMasterKeyId", Target.TOPIC_KEY),
    "aws:sqs/queue:Queue": ("kmsMasterKeyId", Target.QUEUE_KEY),
}


@dataclass(frozen=True)
class Admission:
    """One service that one statement admits to a resource of these kinds."""

    resource: str
    targets: frozenset[Target]
    service: str
    actions: tuple[str, ...]
    keys: tuple[str, ...]

    def problems(self) -> Iterator[str]:
        """A sentence for each thing that the service does not do or send."""
        rows = [row for target in self.targets if (row := find(self.service, target))]
        if not rows:
            kinds = " or ".join(sorted(self.targets)) or "resource of an unknown kind"
            yield f"{self.resource}: no known request of {self.service} concerns a {kinds}"
        for row in rows:
            yield from self._against(row)

    def _against(self, row: ServiceRequest) -> Iterator[str]:
        for key in row.unsent(self.keys):
            yield f"{self.resource}: {self.service} sends no {key} to a {row.target}"
        for action in row.actions:
            if not any(fnmatch.fnmatchcase(action, allowed) for allowed in self.actions):
                yield f"{self.resource}: {self.service} also needs {action}"


def admissions(made: Registered) -> list[Admission]:
    """Every service that a policy of these resources admits."""
    return [
        *(found for resource in made.made for found in _by_policy(resource, made)),
        *(_by_permission(each) for each in made.made if each.typ.endswith(":Permission")),
    ]


def _by_policy(resource: MockResourceArgs, made: Registered) -> Iterator[Admission]:
    texts = [value for value in resource.inputs.values() if isinstance(value, str)]
    for text in (text for text in texts if text.startswith("{") and '"Statement"' in text):
        for statement in json.loads(text)["Statement"]:
            principal = statement.get("Principal")
            services = principal.get("Service", []) if isinstance(principal, dict) else []
            for service in _listed(services):
                yield Admission(
                    f"{resource.typ} {resource.name}",
                    _targets(resource, made),
                    service,
                    tuple(_listed(statement["Action"])),
                    tuple(_keys(statement)),
                )


def _by_permission(permission: MockResourceArgs) -> Admission:
    inputs = permission.inputs
    keys = {"sourceArn": ARN, "sourceAccount": ACCOUNT, "principalOrgId": "aws:PrincipalOrgID"}
    return Admission(
        f"{permission.typ} {permission.name}",
        frozenset({Target.FUNCTION}),
        inputs["principal"],
        (inputs["action"],),
        tuple(key for field, key in keys.items() if field in inputs),
    )


def _targets(resource: MockResourceArgs, made: Registered) -> frozenset[Target]:
    """The kind of resource that a policy is of; of a key, the kinds that it encrypts."""
    if resource.typ != "aws:kms/key:Key":
        return frozenset({_TARGETS[resource.typ]} if resource.typ in _TARGETS else ())
    uses = ((each, *_ENCRYPTED[each.typ]) for each in made.made if each.typ in _ENCRYPTED)
    ends = f":{resource.name}"
    return frozenset(
        target for each, field, target in uses if str(each.inputs.get(field, "")).endswith(ends)
    )


def _keys(statement: dict[str, Any]) -> Iterator[str]:
    for conditions in statement.get("Condition", {}).values():
        yield from conditions


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
