"""EventBridge Scheduler."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_TARGET: Fields = {
    "arn": "Arn",
    "deadLetterConfig": ("DeadLetterConfig", {"arn": "Arn"}),
    "eventbridgeParameters": (
        "EventBridgeParameters",
        {"detailType": "DetailType", "source": "Source"},
    ),
    "input": "Input",
    "retryPolicy": (
        "RetryPolicy",
        {
            "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
            "maximumRetryAttempts": "MaximumRetryAttempts",
        },
    ),
    "roleArn": "RoleArn",
    "sqsParameters": ("SqsParameters", {"messageGroupId": "MessageGroupId"}),
}
_SCHEDULE: Fields = {
    "actionAfterCompletion": "ActionAfterCompletion",
    "description": "Description",
    "endDate": "EndDate",
    "flexibleTimeWindow": (
        "FlexibleTimeWindow",
        {"maximumWindowInMinutes": "MaximumWindowInMinutes", "mode": "Mode"},
    ),
    "groupName": "GroupName",
    "kmsKeyArn": "KmsKeyArn",
    "scheduleExpression": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startDate": "StartDate",
    "state": "State",
    "target": ("Target", _TARGET),
}
_GROUP: Fields = {"tags": tag_list()}


def _schedule(order: Order) -> Created:
    arn = order.cloud.client("scheduler").create_schedule(**order.params)["ScheduleArn"]
    group = order.params.get("GroupName", "default")
    return Created(f"{group}/{order.name}", {"arn": arn, "groupName": group})


def _group(order: Order) -> Created:
    arn = order.cloud.client("scheduler").create_schedule_group(**order.params)["ScheduleGroupArn"]
    return Created(order.name, {"arn": arn, "state": "ACTIVE"})


KINDS: Kinds = {
    "aws:scheduler/schedule:Schedule": Kind(_schedule, _SCHEDULE, "Name"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Kind(_group, _GROUP, "Name"),
}
