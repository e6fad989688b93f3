"""What an expression reads: the paths below each variable, and what is done with their values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from asl import jsonata

Path = tuple[str, ...]

_NUMBER, _TEXT, _LIST, _JSON = "number", "text", "list", "json"
_ARGUMENTS = {
    **dict.fromkeys(("contains", "substring", "length", "match", "split", "lowercase"), _TEXT),
    **dict.fromkeys(("map", "filter", "reduce", "count", "append", "join"), _LIST),
    **dict.fromkeys(("floor", "power", "sum"), _NUMBER),
    "parse": _JSON,
    "number": "digits",
}
"""What a function's first argument is, if the expression is to succeed."""

_ARITHMETIC = frozenset("+-*/%")
_COMPARISON = frozenset({"<", "<=", ">", ">="})
_HIGHER = frozenset({"map", "filter", "sift", "each", "reduce", "single"})


@dataclass
class Reads:
    """What one expression reads.

    Attributes:
        paths: every path, each with the uses that its value is put to; what it is compared with
            follows an equals sign.
        literals: the texts that the expression has in it.
    """

    paths: dict[Path, set[str]] = field(default_factory=dict)
    literals: list[str] = field(default_factory=list)


def reads(expression: str) -> Reads:
    """What an expression reads, as far as its tree says."""
    tree = jsonata.parse(expression)
    found = Reads(literals=sorted(set(jsonata.strings(tree))))
    _Walk(found).visit(tree, None, {})
    return found


class _Walk:
    def __init__(self, found: Reads) -> None:
        self._found = found

    def visit(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Path | None:
        """Note what a part of the tree reads; the path of its value, if it has one."""
        walk = getattr(self, f"_{node.type}", None) if node is not None else None
        if walk is not None:
            found: Path | None = walk(node, context, names)
            return found
        for child in _children(node):
            self.visit(child, context, names)
        return None

    def _note(self, path: Path | None, *uses: str) -> Path | None:
        if path:
            self._found.paths.setdefault(path, set()).update(uses)
        return path

    def _variable(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        name = str(node.value)
        path = context if not name else names.get(name, (name,)) if name in names else (name,)
        self._filtered(node, path, names)
        return self._note(path)

    def _name(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        path = self._note((*context, str(node.value)) if context else None)
        self._filtered(node, path, names)
        return path

    def _path(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        for step in node.steps:
            if step.type not in ("variable", "name") and context:
                self._note(context, _LIST)
            context = self.visit(step, context, names)
        if node.group is not None:
            self.visit(node.group, context, names)
        return context

    def _filtered(self, node: Any, path: Path | None, names: dict[str, Path | None]) -> None:
        for stage in [*(node.stages or ()), *(node.predicate or ())]:
            self._note(path, _LIST)
            self.visit(stage.expr, path, names)

    def _block(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        inner, path = dict(names), None
        for part in node.expressions:
            path = self.visit(part, context, inner)
        self._filtered(node, path, inner)
        return path

    def _bind(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        names[str(node.lhs.value)] = path = self.visit(node.rhs, context, names)
        return path

    def _condition(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        self.visit(node.condition, context, names)
        paths = [self.visit(part, context, names) for part in (node.then, node._else) if part]
        return next((path for path in paths if path), None)

    def _binary(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        sides = [self.visit(side, context, names) for side in (node.lhs, node.rhs)]
        if node.value in _ARITHMETIC | _COMPARISON:
            for path in sides:
                self._note(path, _NUMBER)
        if node.value in ("=", "in"):
            self._note(sides[0], *(f"={text}" for text in jsonata.strings(node.rhs)))

    def _lambda(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        unknown = {str(argument.value): None for argument in node.arguments}
        self.visit(node.body, context, {**names, **unknown})

    def _function(self, node: Any, context: Path | None, names: dict[str, Path | None]) -> Any:
        name = str(node.procedure.value)
        paths = [
            self.visit(argument, context, names)
            for argument in node.arguments
            if argument.type != "lambda" or name not in _HIGHER
        ]
        if paths and name in _ARGUMENTS:
            self._note(paths[0], _ARGUMENTS[name])
        for argument in node.arguments:
            if argument.type == "lambda" and name in _HIGHER:
                first, *rest = [str(each.value) for each in argument.arguments]
                item = {first: paths[0], **dict.fromkeys(rest)}
                self.visit(argument.body, context, {**names, **item})
        return paths[0] if paths and name in ("append", "filter") else None


def _children(node: Any) -> Iterator[Any]:
    for value in (vars(node) if node is not None else {}).values():
        if isinstance(value, list | tuple):
            yield from (part for each in value for part in _parts(each))
        else:
            yield from _parts(value)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _parts(each)
    elif hasattr(value, "type") and hasattr(value, "steps"):
        yield value
