"""Names of resources: Pulumi's URNs and the physical names the AWS provider makes up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NameRule:
    """Which property holds a type's physical name, and AWS's limit on its length.

    A name made up for a type with `lower` has no capitals; where the property `fifo` is true, it
    ends in `.fifo`, as AWS demands.
    """

    property: str
    limit: int
    lower: bool = False
    fifo: str | None = None


# Limits: the service's API reference. Absent types have no name, or must be given one.
NAME_RULES: dict[str, NameRule] = {
    "aws:apigatewayv2/api:Api": NameRule("name", 128),
    "aws:apigatewayv2/stage:Stage": NameRule("name", 128),
    "aws:cloudwatch/eventArchive:EventArchive": NameRule("name", 48),
    "aws:cloudwatch/eventBus:EventBus": NameRule("name", 256),
    "aws:cloudwatch/eventRule:EventRule": NameRule("name", 64),
    "aws:cloudwatch/eventTarget:EventTarget": NameRule("targetId", 64),
    "aws:cloudwatch/logGroup:LogGroup": NameRule("name", 512),
    "aws:cloudwatch/metricAlarm:MetricAlarm": NameRule("name", 255),
    "aws:dynamodb/table:Table": NameRule("name", 255),
    "aws:iam/role:Role": NameRule("name", 64),
    "aws:iam/rolePolicy:RolePolicy": NameRule("name", 128),
    "aws:kms/alias:Alias": NameRule("name", 256),
    "aws:lambda/alias:Alias": NameRule("name", 128),
    "aws:lambda/function:Function": NameRule("name", 64),
    "aws:lambda/permission:Permission": NameRule("statementId", 100),
    "aws:s3/bucket:Bucket": NameRule("bucket", 63, lower=True),
    "aws:scheduler/schedule:Schedule": NameRule("name", 64),
    "aws:scheduler/scheduleGroup:ScheduleGroup": NameRule("name", 64),
    "aws:secretsmanager/secret:Secret": NameRule("name", 512),
    "aws:sfn/alias:Alias": NameRule("name", 80),
    "aws:sfn/stateMachine:StateMachine": NameRule("name", 80),
    "aws:sns/topic:Topic": NameRule("name", 256, fifo="fifoTopic"),
    "aws:sqs/queue:Queue": NameRule("name", 80, fifo="fifoQueue"),
}
_PREFIXES = {"aws:kms/alias:Alias": "alias/"}

STACK = "pulumi:pulumi:Stack"


def urn(project: str, stack: str, parent: str, type_: str, name: str) -> str:
    """Builds the URN of a resource; `parent` is the parent's URN, or "" for none.

    See https://www.pulumi.com/docs/iac/concepts/resources/names/#urns.
    """
    parents = types_of(parent) if parent else STACK
    types = type_ if parents == STACK else f"{parents}${type_}"
    return f"urn:pulumi:{stack}::{project}::{types}::{name}"


def types_of(urn: str) -> str:
    """The part of a URN that names the types of the resource and its ancestors."""
    return urn.split("::")[2]


def physical_name(
    urn: str, type_: str, name: str, inputs: Mapping[str, Any], seed: bytes = b""
) -> dict[str, str]:
    """The name a resource gets in the cloud: the given one, else `<name>-<7 hex digits>`.

    The digits come from the URN, so that every run makes up the same name; or from a seed, so
    that what replaces a resource has another.

    Returns:
        The name under its property; empty for a type that has none, and for a given name that
        is not known yet.

    Raises:
        ValueError: the name is longer than AWS allows.
    """
    rule = NAME_RULES.get(type_)
    if rule is None:
        return {}
    digits = hashlib.sha256(seed or urn.encode()).hexdigest()[:7]
    own = name.lower() if rule.lower else name
    suffix = ".fifo" if rule.fifo and inputs.get(rule.fifo) is True else ""
    made = inputs.get(rule.property, f"{_PREFIXES.get(type_, '')}{own}-{digits}{suffix}")
    if not isinstance(made, str):
        return {}
    if len(made) > rule.limit:
        raise ValueError(f"its {rule.property} {made!r} is longer than {rule.limit} characters")
    return {rule.property: made}
