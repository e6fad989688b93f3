"""JSONata expressions as the Amazon States Language embeds them: found and looked into."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Any, Final, NamedTuple

from jsonata import Jsonata
from jsonata.parser import Parser

from asl.jsonata_parser import ExpressionError, parse

__all__ = ["ExpressionError", "parse"]

FUNCTIONS: Final = frozenset(Jsonata.static_frame.bindings)
"""The functions that JSONata itself has, without their `$`."""

_OPEN: Final = "{%"
_CLOSE: Final = "%}"
_PARSER: Final = "_outer_instance"  # a node's attribute that is no part of the tree


class Pair(NamedTuple):
    """A literal key of an object constructor, and the expression it is given."""

    key: str
    value: Any


class FunctionCall(NamedTuple):
    """One call of a function that has a name, such as `$hash($x, 'MD5')`."""

    function: str
    arguments: tuple[Any, ...]
    given: int
    """How many arguments it gets, with the one that `~>` hands it."""
    partial: bool
    """Whether a `?` leaves arguments open."""


def is_expression(value: Any) -> bool:
    """Whether a JSON value is a JSONata string: `{% ... %}`, with nothing around it."""
    return (
        isinstance(value, str)
        and value.startswith(_OPEN)
        and value.endswith(_CLOSE)
        and len(value) >= len(_OPEN + _CLOSE)
    )


def source(expression: str) -> str:
    """What stands between the delimiters of a JSONata string."""
    return expression[len(_OPEN) : -len(_CLOSE)]


@lru_cache(maxsize=1024)  # every question to a tree begins with this walk
def nodes(tree: Any) -> tuple[Any, ...]:
    """Every node of a syntax tree once, parents first."""
    pending, found = [tree], dict[int, Any]()
    while pending:
        node = pending.pop()
        if isinstance(node, Parser.Symbol) and id(node) not in found:
            found[id(node)] = node
            pending.extend(value for name, value in vars(node).items() if name != _PARSER)
        elif isinstance(node, list | tuple):
            pending.extend(reversed(node))
    return tuple(found.values())


def strings(tree: Any) -> Iterator[str]:
    """The string literals of a syntax tree, keys of objects included."""
    return (node.value for node in nodes(tree) if node.type == "string")


def pairs(tree: Any) -> Iterator[Pair]:
    """The members of every object constructor in a syntax tree whose key is a literal."""
    for node in nodes(tree):
        yield from members(node)


def members(node: Any) -> Iterator[Pair]:
    """The members of one object constructor whose key is a literal; none for any other node."""
    for key, value in getattr(node, "lhs_object", None) or ():
        if getattr(key, "type", None) == "string":
            yield Pair(key.value, value)


def is_object(node: Any) -> bool:
    """Whether a node is an object constructor."""
    return bool(node.type == "unary" and node.value == "{")


def literal(node: Any) -> str | None:
    """The text of a string literal; None for any other node."""
    return node.value if getattr(node, "type", None) == "string" else None


def called(tree: Any) -> set[str]:
    """The names of the functions that a syntax tree calls, without their `$`."""
    callees = [getattr(node, "procedure", None) for node in nodes(tree)]
    return {str(callee.value) for callee in callees if callee and callee.type == "variable"}


def calls(tree: Any) -> Iterator[FunctionCall]:
    """Every call of a function by its name."""
    chained = {id(node.rhs) for node in nodes(tree) if node.type == "apply"}
    for node in nodes(tree):
        callee = getattr(node, "procedure", None)
        if callee and callee.type == "variable":
            arguments = tuple(node.arguments)
            handed = id(node) in chained and node.type == "function"
            given = len(arguments) + handed
            yield FunctionCall(str(callee.value), arguments, given, node.type == "partial")


def bound(tree: Any) -> set[str]:
    """The variables that an expression makes itself: with `:=`, as parameters, with `@` and `#`."""
    return {name for node in nodes(tree) for name in _made(node)}


def _made(node: Any) -> Iterator[str]:
    if node.type == "bind" or node.type == "lambda":
        made = [node.lhs] if node.type == "bind" else node.arguments or ()
        yield from (str(variable.value) for variable in made)
    if node.type == "index":  # the `#$i` behind a filter
        yield str(node.value)
    yield from (name for name in (node.focus, node.index) if isinstance(name, str))


def paths(tree: Any) -> Iterator[tuple[str, ...]]:
    """The steps of every path that starts with a variable: `$a.b.c` is `("a", "b", "c")`.

    A path ends at its first step that is no plain name; a variable alone is a path of one.
    """
    heads: set[int] = set()  # variables already told as the start of a longer path
    for node in nodes(tree):
        steps = node.steps if node.type == "path" else [node]
        if id(node) in heads or steps[0].type != "variable":
            continue
        heads.add(id(steps[0]))
        names = takewhile(lambda step: step.type == "name", steps[1:])
        yield (str(steps[0].value), *(str(step.value) for step in names))
