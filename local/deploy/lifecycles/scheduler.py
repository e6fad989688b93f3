"""EventBridge Scheduler."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call


def _schedule(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    existing.client("scheduler").update_schedule(**order.params)
    return {}


LIFECYCLES: Lifecycles = {
    "aws:scheduler/schedule:Schedule": Lifecycle(
        answers(call("scheduler", "get_schedule", "GroupName", "Name")),
        call("scheduler", "delete_schedule", "GroupName", "Name"),
        _schedule,
        frozenset({"groupName"}),
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Lifecycle(
        answers(call("scheduler", "get_schedule_group", by="Name")),
        call("scheduler", "delete_schedule_group", by="Name"),
    ),
}
