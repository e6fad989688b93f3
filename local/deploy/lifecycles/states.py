"""Step Functions state machines and their aliases."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call

_SERVICE = "stepfunctions"


def _machine(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    params = dict(order.params)
    for fixed in ("name", "tags", "type"):
        params.pop(fixed, None)
    made = existing.client(_SERVICE).update_state_machine(stateMachineArn=existing.id, **params)
    return {"stateMachineVersionArn": made.get("stateMachineVersionArn", existing.id)}


def _alias(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    params = {key: value for key, value in order.params.items() if key != "name"}
    existing.client(_SERVICE).update_state_machine_alias(stateMachineAliasArn=existing.id, **params)
    return {}


LIFECYCLES: Lifecycles = {
    "aws:sfn/alias:Alias": Lifecycle(
        answers(call(_SERVICE, "describe_state_machine_alias", by="stateMachineAliasArn")),
        call(_SERVICE, "delete_state_machine_alias", by="stateMachineAliasArn"),
        _alias,
    ),
    "aws:sfn/stateMachine:StateMachine": Lifecycle(
        answers(call(_SERVICE, "describe_state_machine", by="stateMachineArn")),
        call(_SERVICE, "delete_state_machine", by="stateMachineArn"),
        _machine,
        frozenset({"type"}),
        overwrites=False,
    ),
}
