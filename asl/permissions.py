"""The IAM statements that the role of a state machine needs, derived from its definition.

One statement an action, on exactly the resources that the definition names. What cannot be seen
is refused, never granted on `*`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypedDict

from asl.distributed import map_grants
from asl.grants import GRANTS, Grant
from asl.jsonata import ExpressionError
from asl.request import HiddenTarget, Request, is_pattern, request_of
from asl.resources import ACTIVITY, CALLBACK, FUNCTION, parse
from asl.scope import Scope
from asl.transactions import ACTIONS, Transaction, TransactOperation, TransactRequest, requests
from asl.walk import Visit, states

_TRANSACTIONS: Final[dict[str, TransactOperation]] = {
    f"aws-sdk:dynamodb:{operation}": operation for operation in ACTIONS
}


class Statement(TypedDict):
    """One statement of an IAM policy."""

    Sid: str
    Effect: str
    Action: list[str]
    Resource: list[str]


class UnknownIntegration(ValueError):
    """An integration whose permissions are not in the table, so that none can be derived."""


def permissions(definition: Any, scope: Scope) -> list[Statement]:
    """The statements for everything that the tasks of a definition do, sorted by action.

    Args:
        definition: a valid definition, bodies of Map and Parallel included.
        scope: where the machine runs; a name in a request is taken to be there.

    Raises:
        UnknownIntegration: if a state's integration is not in the table.
        HiddenTarget: if a state's target is made at run time and not declared.
    """
    resources: dict[str, set[str]] = {}
    for visit in states(definition):
        for grant in _grants(visit, scope):
            resources.setdefault(grant.action, set()).add(grant.resource)
    return [_statement(action, resources[action]) for action in sorted(resources)]


def _grants(visit: Visit, scope: Scope) -> Iterator[Grant]:
    if visit.state.get("Type") == "Map":
        yield from map_grants(visit, scope)
    if visit.state.get("Type") != "Task":
        return
    credentials = visit.state.get("Credentials")
    if credentials is None:
        yield from _task_grants(visit, scope)
    else:
        role = Request(visit.name, credentials, visit.language).required("RoleArn")
        yield Grant("sts:AssumeRole", role)


def _task_grants(visit: Visit, scope: Scope) -> Iterator[Grant]:
    resource = parse(str(visit.state.get("Resource")))
    if resource is None:
        raise _unknown(visit)
    if resource.api == ACTIVITY:
        return  # its worker asks for the work; the machine's role needs nothing
    if resource.api == FUNCTION:
        yield Grant("lambda:InvokeFunction", resource.arn)
        return
    if resource.api in _TRANSACTIONS:
        yield from _transaction_grants(visit, scope, _TRANSACTIONS[resource.api])
        return
    waiting = "" if resource.pattern == CALLBACK else resource.pattern
    rule = GRANTS.get(resource.api + waiting)
    if rule is None:
        raise _unknown(visit)
    yield from rule(request_of(visit), scope)


def _transaction_grants(
    visit: Visit, scope: Scope, operation: TransactOperation
) -> Iterator[Grant]:
    for action, table in _transaction_targets(visit, operation):
        if is_pattern(table):
            raise _undeclared(visit)
        yield Grant(f"dynamodb:{action}", scope.named("dynamodb", "table/", table))


def _transaction_targets(visit: Visit, operation: TransactOperation) -> Iterator[tuple[str, str]]:
    if isinstance(visit.state, Transaction):
        for table, actions in visit.state.declares.items():
            yield from ((action, table) for action in actions)
        return
    fields = request_of(visit).fields
    members = fields.get("TransactItems") if isinstance(fields, dict) else None
    found = _plain_requests(operation, members)
    tables = [(action, table) for action, table in found if table is not None]
    if not tables or len(tables) != len(members or ()):
        raise _undeclared(visit)
    yield from tables


def _plain_requests(operation: TransactOperation, members: Any) -> list[TransactRequest]:
    """The members of a transaction written out as a list; none of one that is not."""
    if not isinstance(members, list):
        return []
    try:
        return list(requests(operation, members))
    except ExpressionError:
        return []


def _statement(action: str, resources: Iterable[str]) -> Statement:
    service, _, operation = action.partition(":")
    return {
        "Sid": f"{service.capitalize()}{operation}",
        "Effect": "Allow",
        "Action": [action],
        "Resource": sorted(resources),
    }


def _unknown(visit: Visit) -> UnknownIntegration:
    return UnknownIntegration(
        f"State {visit.name!r} uses {visit.state.get('Resource')!r}, whose permissions are not "
        "known: add the integration to the table in asl/grants.py."
    )


def _undeclared(visit: Visit) -> HiddenTarget:
    return HiddenTarget(
        f"State {visit.name!r} builds its transaction at run time: make the state with "
        "asl.transact and declare its tables and actions there."
    )
