"""An update that leaves out what an order does not have, instead of writing a NULL.

SDK integrations of DynamoDB do not document how they take a NULL. A request must give every name
and value that its expressions use, and no other, so all three follow from what there is.
"""

import json
from collections.abc import Mapping
from typing import Any

from workflows.shared.expressions import jsonata

_REMOVE = " REMOVE "


def with_optional(request: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """An UpdateItem request that also sets text columns where the row lacks them.

    Args:
        request: the request without them.
        columns: by column, the JSONata of its text; where that yields nothing, it is left out.
    """
    sets, remove, removed = request["UpdateExpression"].partition(_REMOVE)
    clauses = [
        f"{json.dumps(sets)}",
        *(
            f"($exists({text}) ? ', #{name} = if_not_exists(#{name}, :{name})' : '')"
            for name, text in columns.items()
        ),
        json.dumps(remove + removed),
    ]
    names = {f"#{name}": f"'{name}'" for name in columns}
    values = {f":{name}": f"{{'S': {text}}}" for name, text in columns.items()}
    return {
        **request,
        "UpdateExpression": jsonata(" & ".join(clauses)),
        "ExpressionAttributeNames": _merged(request, "ExpressionAttributeNames", names, columns),
        "ExpressionAttributeValues": _merged(request, "ExpressionAttributeValues", values, columns),
    }


def _merged(
    request: Mapping[str, Any], field: str, added: Mapping[str, str], columns: Mapping[str, str]
) -> str:
    """A field's members, and each added one whose column has a text."""
    members = [
        f"$exists({text}) ? {{'{key}': {value}}} : {{}}"
        for (key, value), text in zip(added.items(), columns.values(), strict=True)
    ]
    return jsonata(f"$merge([{_constructor(request[field])}, {', '.join(members)}])")


def _constructor(template: Any) -> str:
    """JSON that may hold JSONata strings, as one expression that makes it."""
    if isinstance(template, dict):
        members = (f"{json.dumps(key)}: {_constructor(value)}" for key, value in template.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(template, str) and template.startswith("{%"):
        return f"({template.removeprefix('{%').removesuffix('%}').strip()})"
    return json.dumps(template)
