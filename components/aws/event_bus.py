"""A custom EventBridge bus."""

import pulumi
import pulumi_aws as aws

from components.aws.grants import Statement, allow


class EventBus(pulumi.ComponentResource):
    """A bus of this account's own events."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("aws-blocks:index:EventBus", name, None, opts)
        bus = aws.cloudwatch.EventBus(name, opts=pulumi.ResourceOptions(parent=self))
        self.name = bus.name
        self.arn = bus.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def allow_put(self) -> Statement:
        """The permission to put events on this bus."""
        return allow("events", ["PutEvents"], self.arn)
