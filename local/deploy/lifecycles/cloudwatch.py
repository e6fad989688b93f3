"""CloudWatch alarms and dashboards."""

from __future__ import annotations

from typing import Any

from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.cloudwatch import KINDS

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"


def _alarms(existing: Existing) -> Any:
    return existing.client("cloudwatch").describe_alarms(AlarmNames=[existing.id])["MetricAlarms"]


def _delete_alarm(existing: Existing) -> None:
    existing.client("cloudwatch").delete_alarms(AlarmNames=[existing.id])


def _delete_dashboard(existing: Existing) -> None:
    existing.client("cloudwatch").delete_dashboards(DashboardNames=[existing.id])


LIFECYCLES: Lifecycles = {
    _ALARM: Lifecycle(answers(_alarms), _delete_alarm, again(KINDS[_ALARM])),
    _DASHBOARD: Lifecycle(
        answers(call("cloudwatch", "get_dashboard", by="DashboardName")),
        _delete_dashboard,
        again(KINDS[_DASHBOARD]),
        frozenset({"dashboardName"}),
    ),
}
