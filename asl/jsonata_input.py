"""What an expression reads of JSONata's input document, which Step Functions does not give it.

At the top level `$`, a name without a dollar sign and the wildcards read that document; below it,
in a filter or behind a dot, they read what stands there. `$$` reads the document everywhere. A
function's body has the context in which the function is written.
Source: https://states-language.net/spec.html#jsonata-restrictions
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from asl import jsonata

_CONTEXT: Final = ""  # the name of the variable `$`
_ROOT: Final = "$"  # and of `$$`
_WILDCARDS: Final = ("wildcard", "descendant")


def input_references(tree: Any) -> list[str]:
    """Each reference to the input document as it is written, once, such as `$` or `total`."""
    found = [text for node in _on_top(tree) for text in _reference(node)]
    if any(node.type == "variable" and node.value == _ROOT for node in jsonata.nodes(tree)):
        found.append("$$")
    return list(dict.fromkeys(found))


def called_without_dollar(tree: Any) -> list[str]:
    """The names that an expression calls as functions without their dollar sign, at any depth."""
    callees: list[Any] = [getattr(node, "procedure", None) for node in jsonata.nodes(tree)]
    paths = [callee.steps for callee in callees if getattr(callee, "type", None) == "path"]
    names = [str(steps[0].value) for steps in paths if len(steps) == 1 and steps[0].type == "name"]
    return list(dict.fromkeys(names))


def _reference(node: Any) -> Iterator[str]:
    if node.type == "name" or node.type in _WILDCARDS:
        yield str(node.value)
    elif node.type == "variable" and node.value == _CONTEXT:
        yield "$"


def _on_top(tree: Any) -> Iterator[Any]:
    """Every node that is evaluated in the context of the whole expression."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(_PARTS.get(node.type, _none)(node)))


def _none(_: Any) -> list[Any]:
    return []


def _pairs(node: Any) -> list[Any]:
    """The parts of an operator with one operand: of `-`, an array or an object."""
    members = [part for pair in node.lhs_object or () for part in pair]
    return [part for part in (node.expression, *(node.expressions or ()), *members) if part]


_PARTS: Final[Mapping[str, Callable[[Any], list[Any]]]] = {
    "path": lambda node: [node.steps[0]],
    "block": lambda node: list(node.expressions),
    "unary": _pairs,
    "binary": lambda node: [node.lhs, node.rhs],
    "apply": lambda node: [node.lhs, node.rhs],
    "bind": lambda node: [node.rhs],
    "condition": lambda node: [part for part in (node.condition, node.then, node._else) if part],
    "function": lambda node: [node.procedure, *node.arguments],
    "partial": lambda node: [node.procedure, *node.arguments],
    "lambda": lambda node: [node.body],
}
"""By a node's type, its parts that share its context; a filter, a group and a step do not."""
