"""CloudWatch alarms and dashboards."""

from __future__ import annotations

from typing import Any

from local.deploy.backend import Created
from local.deploy.fields import Fields, Params, tag_list
from local.deploy.kinds import Kind, Kinds, Order


def _dimensions(values: dict[str, Any]) -> Params:
    return {"Dimensions": [{"Name": name, "Value": values[name]} for name in sorted(values)]}


_METRIC: Fields = {
    "metricName": "MetricName",
    "namespace": "Namespace",
    "dimensions": _dimensions,
}
_METRIC_STAT: Fields = {
    "metricName": lambda value: {"Metric": {"MetricName": value}},
    "namespace": lambda value: {"Metric": {"Namespace": value}},
    "dimensions": lambda value: {"Metric": _dimensions(value)},
    "period": "Period",
    "stat": "Stat",
    "unit": "Unit",
}
_QUERY: Fields = {
    "id": "Id",
    "accountId": "AccountId",
    "expression": "Expression",
    "label": "Label",
    "metric": ("MetricStat", _METRIC_STAT),
    "period": "Period",
    "returnData": "ReturnData",
}
_ALARM: Fields = {
    **_METRIC,
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricQueries": ("Metrics", _QUERY),
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
    "tags": tag_list(),
}
_DASHBOARD: Fields = {"dashboardName": "DashboardName", "dashboardBody": "DashboardBody"}


def _alarm(order: Order) -> Created:
    order.cloud.client("cloudwatch").put_metric_alarm(**order.params)
    return Created(order.name, {"arn": order.arn("cloudwatch", f"alarm:{order.name}")})


def _dashboard(order: Order) -> Created:
    order.cloud.client("cloudwatch").put_dashboard(**order.params)
    name = order.params["DashboardName"]
    # A dashboard's ARN has no region: dashboards are global.
    arn = f"arn:aws:cloudwatch::{order.cloud.account}:dashboard/{name}"
    return Created(name, {"dashboardArn": arn})


KINDS: Kinds = {
    "aws:cloudwatch/dashboard:Dashboard": Kind(_dashboard, _DASHBOARD),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Kind(_alarm, _ALARM, "AlarmName"),
}
