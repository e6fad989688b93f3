"""EventBridge buses, rules, targets and archives (Pulumi keeps the old name, CloudWatch)."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_DEAD_LETTERS: Fields = {"arn": "Arn"}
_BUS: Fields = {
    "deadLetterConfig": ("DeadLetterConfig", _DEAD_LETTERS),
    "description": "Description",
    "kmsKeyIdentifier": "KmsKeyIdentifier",
    "tags": tag_list(),
}
_RULE: Fields = {
    "description": "Description",
    "eventBusName": "EventBusName",
    "eventPattern": "EventPattern",
    "roleArn": "RoleArn",
    "scheduleExpression": "ScheduleExpression",
    "state": "State",
    "tags": tag_list(),
}
_TARGET: Fields = {
    "rule": "Rule",
    "eventBusName": "EventBusName",
    "arn": "Arn",
    "deadLetterConfig": ("DeadLetterConfig", _DEAD_LETTERS),
    "input": "Input",
    "inputPath": "InputPath",
    "inputTransformer": (
        "InputTransformer",
        {"inputPaths": "InputPathsMap", "inputTemplate": "InputTemplate"},
    ),
    "retryPolicy": (
        "RetryPolicy",
        {
            "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
            "maximumRetryAttempts": "MaximumRetryAttempts",
        },
    ),
    "roleArn": "RoleArn",
    "sqsTarget": ("SqsParameters", {"messageGroupId": "MessageGroupId"}),
}
_ARCHIVE: Fields = {
    "description": "Description",
    "eventPattern": "EventPattern",
    "eventSourceArn": "EventSourceArn",
    "kmsKeyIdentifier": "KmsKeyIdentifier",
    "retentionDays": "RetentionDays",
}
_BUS_POLICY: Fields = {"eventBusName": "EventBusName", "policy": "Policy"}


def _bus(order: Order) -> Created:
    arn = order.cloud.client("events").create_event_bus(**order.params)["EventBusArn"]
    return Created(order.name, {"arn": arn})


def _rule(order: Order) -> Created:
    arn = order.cloud.client("events").put_rule(**order.params)["RuleArn"]
    bus = order.params.get("EventBusName", "default")
    id_ = order.name if bus == "default" else f"{bus}/{order.name}"
    return Created(id_, {"arn": arn, "eventBusName": bus})


def _target(order: Order) -> Created:
    target = dict(order.params)
    rule = {key: target.pop(key) for key in ("Rule", "EventBusName") if key in target}
    answer = order.cloud.client("events").put_targets(**rule, Targets=[target])
    for entry in answer.get("FailedEntries", []):
        raise RuntimeError(f"{entry['ErrorCode']}: {entry['ErrorMessage']}")
    return Created(f"{rule['Rule']}-{order.name}")


def _archive(order: Order) -> Created:
    arn = order.cloud.client("events").create_archive(**order.params)["ArchiveArn"]
    return Created(order.name, {"arn": arn})


def _bus_policy(order: Order) -> Created:
    order.cloud.client("events").put_permission(**order.params)
    return Created(order.params.get("EventBusName", "default"))


KINDS: Kinds = {
    "aws:cloudwatch/eventArchive:EventArchive": Kind(_archive, _ARCHIVE, "ArchiveName"),
    "aws:cloudwatch/eventBus:EventBus": Kind(_bus, _BUS, "Name"),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": Kind(_bus_policy, _BUS_POLICY),
    "aws:cloudwatch/eventRule:EventRule": Kind(_rule, _RULE, "Name"),
    "aws:cloudwatch/eventTarget:EventTarget": Kind(_target, _TARGET, "Id"),
}
