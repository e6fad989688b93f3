"""Lambda's event source mappings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call

_FIXED = frozenset({"eventSourceArn", "startingPosition"})


def _mapping(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    params = dict(order.params)
    for fixed in ("EventSourceArn", "StartingPosition", "Tags"):
        params.pop(fixed, None)
    made = existing.client("lambda").update_event_source_mapping(UUID=existing.id, **params)
    return {"functionArn": made["FunctionArn"]}


LIFECYCLES: Lifecycles = {
    "aws:lambda/eventSourceMapping:EventSourceMapping": Lifecycle(
        answers(call("lambda", "get_event_source_mapping", by="UUID")),
        call("lambda", "delete_event_source_mapping", by="UUID"),
        _mapping,
        _FIXED,
        overwrites=False,
    )
}
