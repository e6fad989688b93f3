"""An EventBridge rule, and delivery to its targets that gives nothing up."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

RETRY_SECONDS = 24 * 3600
RETRIES = 185


class EventRuleArgs(TypedDict):
    """`pattern` is an EventBridge event pattern; without `bus` the rule is on the default bus."""

    pattern: pulumi.Input[Mapping[str, Any]]
    bus: NotRequired[pulumi.Input[str]]


class EventRule(pulumi.ComponentResource):
    """A rule that matches events of a bus.

    A rule exists before its targets do, so that a queue's policy can name the rule; deliver to
    the queue once it is there.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: EventRuleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:EventRule", name, None, opts)
        self._name = name
        self._rule = aws.cloudwatch.EventRule(
            name,
            event_bus_name=args.get("bus"),
            event_pattern=pulumi.Output.json_dumps(args["pattern"], sort_keys=True),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = self._rule.name
        self.arn = self._rule.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def deliver(
        self, target: str, arn: pulumi.Input[str], dead_letter_arn: pulumi.Input[str]
    ) -> aws.cloudwatch.EventTarget:
        """Send matching events to `arn`; what cannot be delivered in a day is kept."""
        return aws.cloudwatch.EventTarget(
            f"{self._name}-{target}",
            rule=self._rule.name,
            event_bus_name=self._rule.event_bus_name,
            arn=arn,
            retry_policy={
                "maximum_event_age_in_seconds": RETRY_SECONDS,
                "maximum_retry_attempts": RETRIES,
            },
            dead_letter_config={"arn": dead_letter_arn},
            opts=pulumi.ResourceOptions(parent=self),
        )
