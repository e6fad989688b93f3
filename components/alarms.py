"""Alarms on metrics that should always read zero."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.topic import Topic


def alarm_when_positive(
    name: str,
    metric: tuple[str, str],
    dimensions: Mapping[str, pulumi.Input[str]],
    topic: Topic,
    parent: pulumi.Resource,
) -> aws.cloudwatch.MetricAlarm:
    """An alarm that tells `topic` when `metric`, (namespace, name), is above zero in a minute."""
    namespace, metric_name = metric
    return aws.cloudwatch.MetricAlarm(
        f"{name}-alarm",
        namespace=namespace,
        metric_name=metric_name,
        dimensions=dimensions,
        statistic="Maximum",
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_actions=[topic.arn],
        opts=pulumi.ResourceOptions(parent=parent),
    )
