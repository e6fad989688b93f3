"""A function that runs at a fixed rate."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.function import PythonFunction
from components.aws.grants import role_policy, service_role


class ScheduleArgs(TypedDict):
    """`rate` is a rate expression of EventBridge Scheduler, such as `rate(5 minutes)`."""

    rate: str
    function: PythonFunction


class Schedule(pulumi.ComponentResource):
    """An EventBridge Scheduler schedule with a role that may invoke its one function."""

    def __init__(
        self, name: str, args: ScheduleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Schedule", name, None, opts)
        role = service_role(name, "scheduler.amazonaws.com", self)
        policy = role_policy(name, role, [args["function"].allow_invoke()])
        aws.scheduler.Schedule(
            name,
            schedule_expression=args["rate"],
            flexible_time_window={"mode": "OFF"},
            target={"arn": args["function"].arn, "role_arn": role.arn},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})
