"""Alarms on metrics that should read zero, or little."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.aws.topic import Topic


def alarm_above(
    name: str,
    metric: tuple[str, str],
    dimensions: Mapping[str, pulumi.Input[str]],
    topic: Topic,
    parent: pulumi.Resource,
    threshold: float = 0,
) -> aws.cloudwatch.MetricAlarm:
    """An alarm to `topic` when `metric`, (namespace, name), is above a threshold in a minute."""
    namespace, metric_name = metric
    return aws.cloudwatch.MetricAlarm(
        f"{name}-alarm",
        namespace=namespace,
        metric_name=metric_name,
        dimensions=dimensions,
        statistic="Maximum",
        comparison_operator="GreaterThanThreshold",
        threshold=threshold,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_actions=[topic.arn],
        opts=pulumi.ResourceOptions(parent=parent),
    )
