"""DynamoDB transactions: what a request names, and what is declared for one built at run time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from asl import jsonata

TransactOperation = Literal["transactWriteItems", "transactGetItems"]
TransactionAction = Literal["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "GetItem"]
Declaration = Mapping[str, tuple[TransactionAction, ...]]

ACTIONS: Final[Mapping[TransactOperation, Mapping[str, TransactionAction]]] = {
    "transactWriteItems": {
        "Put": "PutItem",
        "Update": "UpdateItem",
        "Delete": "DeleteItem",
        "ConditionCheck": "ConditionCheckItem",
    },
    "transactGetItems": {"Get": "GetItem"},
}
"""By operation: a request's member, and the IAM action it needs on its table."""


class Transaction(dict[str, Any]):
    """A transaction's Task state, equal to the plain dict, that carries its declaration."""

    def __init__(self, state: Mapping[str, Any], declares: Declaration) -> None:
        super().__init__(state)
        self.declares = declares


class TransactRequest(NamedTuple):
    """One member of a transaction: its action, and its table where that is a literal."""

    action: TransactionAction
    table: str | None


def requests(operation: TransactOperation, arguments: Any) -> Iterator[TransactRequest]:
    """The members that can be seen in a transaction's arguments, within JSONata too.

    Raises:
        ValueError: if an expression does not parse.
    """
    actions = ACTIONS[operation]
    for key, value in _members(arguments):
        if key in actions:
            yield TransactRequest(actions[key], _table(value))


def verify_declaration(operation: TransactOperation, arguments: Any, declares: Declaration) -> None:
    """Hold a declaration against the request that it describes.

    Raises:
        ValueError: if the request names a table or an action that is not declared, or a table
            is declared that the request nowhere names.
    """
    _refuse_foreign_actions(operation, declares)
    try:
        made, named = list(requests(operation, arguments)), set(_strings(arguments))
    except jsonata.ExpressionError as error:
        raise ValueError(f"The transaction's arguments are not JSONata: {error}") from error
    anywhere = {action for actions in declares.values() for action in actions}
    for action, table in made:
        if action not in (anywhere if table is None else declares.get(table, ())):
            target = "a table chosen at run time" if table is None else repr(table)
            raise ValueError(
                f"The transaction makes a {action} request to {target}, which is not declared: "
                "add it to `declares`."
            )
    for table in declares:
        if table not in named:
            raise ValueError(
                f"The transaction declares the table {table!r}, which its arguments nowhere name: "
                "remove it from `declares`, or correct the name."
            )


def _refuse_foreign_actions(operation: TransactOperation, declares: Declaration) -> None:
    known = set(ACTIONS[operation].values())
    for table, actions in declares.items():
        foreign = sorted(set(actions) - known)
        if foreign or not actions:
            raise ValueError(
                f"The declaration for {table!r} must list actions of {operation}, "
                f"which are {', '.join(sorted(known))}; it lists {', '.join(foreign) or 'none'}."
            )


def _table(value: Any) -> str | None:
    members = _object(value)
    name = members.get("TableName")
    plain = name if isinstance(name, str) and not jsonata.is_expression(name) else None
    return plain or jsonata.literal(name)


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {pair.key: pair.value for pair in jsonata.members(value)}


def _members(value: Any) -> Iterator[jsonata.Pair]:
    """Key and value of every object, in the JSON and in the expressions it holds."""
    for leaf in _leaves(value):
        if isinstance(leaf, jsonata.Pair):
            yield leaf
        elif jsonata.is_expression(leaf):
            yield from jsonata.pairs(jsonata.parse(jsonata.source(leaf)))


def _strings(value: Any) -> Iterator[str]:
    for leaf in _leaves(value):
        if jsonata.is_expression(leaf):
            yield from jsonata.strings(jsonata.parse(jsonata.source(leaf)))
        elif isinstance(leaf, str):
            yield leaf


def _leaves(value: Any) -> Iterator[Any]:
    """Every pair of every object, and every value that is no container, at any depth."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield jsonata.Pair(key, member)
            yield from _leaves(member)
    elif isinstance(value, list):
        for member in value:
            yield from _leaves(member)
    else:
        yield value
