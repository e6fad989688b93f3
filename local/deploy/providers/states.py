"""Step Functions state machines and their aliases."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, Params, tag_list
from local.deploy.kinds import Kind, Kinds, Order


def _destination(arn: str) -> Params:
    return {"destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]}


_MACHINE: Fields = {
    "definition": "definition",
    "encryptionConfiguration": (
        "encryptionConfiguration",
        {
            "kmsDataKeyReusePeriodSeconds": "kmsDataKeyReusePeriodSeconds",
            "kmsKeyId": "kmsKeyId",
            "type": "type",
        },
    ),
    "loggingConfiguration": (
        "loggingConfiguration",
        {
            "includeExecutionData": "includeExecutionData",
            "level": "level",
            "logDestination": _destination,
        },
    ),
    "publish": "publish",
    "roleArn": "roleArn",
    "tags": tag_list("key", "value", "tags"),
    "tracingConfiguration": ("tracingConfiguration", {"enabled": "enabled"}),
    "type": "type",
}
_ALIAS: Fields = {
    "description": "description",
    "routingConfigurations": (
        "routingConfiguration",
        {"stateMachineVersionArn": "stateMachineVersionArn", "weight": "weight"},
    ),
}


def _machine(order: Order) -> Created:
    made = order.cloud.client("stepfunctions").create_state_machine(**order.params)
    arn = made["stateMachineArn"]
    outputs = {
        "arn": arn,
        "creationDate": made["creationDate"].isoformat(),
        "stateMachineVersionArn": made.get("stateMachineVersionArn", arn),
        "status": "ACTIVE",
    }
    return Created(arn, outputs)


def _alias(order: Order) -> Created:
    made = order.cloud.client("stepfunctions").create_state_machine_alias(**order.params)
    arn = made["stateMachineAliasArn"]
    return Created(arn, {"arn": arn, "creationDate": made["creationDate"].isoformat()})


KINDS: Kinds = {
    "aws:sfn/alias:Alias": Kind(_alias, _ALIAS, "name"),
    "aws:sfn/stateMachine:StateMachine": Kind(_machine, _MACHINE, "name"),
}
