"""Inputs for an expression: with lists of some lengths, fields that are missing, null or others."""

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

from tests.reference.reads import Path, Reads

SIZES = (0, 1, 2, 5)
_WRONG: tuple[Any, ...] = (None, True, False, "", "text", 0, 7, -2.5, [], ["a"], {}, {"a": 1})
_OTHERS = 6  # inputs with values of any type


def inputs(reads: Reads) -> Iterator[dict[str, Any]]:
    """Variables by name: first what the expression seems to want, then all that may go wrong."""
    chance = random.Random(repr(sorted(reads.paths)))
    plain = {path for path, uses in reads.paths.items() if "list" not in uses}
    for size in SIZES:
        for attempt in range(3):
            yield _built(reads, size, random.Random(attempt), lists=set(reads.paths) - plain)
        yield _built(reads, size, chance, lists=set(reads.paths))
    for number, path in enumerate(reads.paths):
        size = 1 + number % 2
        yield _without(_built(reads, size, random.Random(number), set(reads.paths) - plain), path)
    for _ in range(_OTHERS if reads.paths else 0):
        fixed = {path: chance.choice(_WRONG) for path in chance.sample(sorted(reads.paths), 1)}
        yield _built(reads, 2, chance, set(reads.paths) - plain, fixed=fixed)
    yield {}


def _built(
    reads: Reads,
    size: int,
    chance: random.Random,
    lists: Iterable[Path],
    fixed: dict[Path, Any] | None = None,
) -> dict[str, Any]:
    """Variables with a value at every path, and lists of this size at some."""

    def value(path: Path) -> Any:
        if path in (fixed or {}):
            return (fixed or {})[path]
        if path in lists:
            return [item(path) for _ in range(size)]
        return item(path)

    def item(path: Path) -> Any:
        below = sorted({p[len(path)] for p in reads.paths if p[: len(path)] == path != p})
        return (
            {name: value((*path, name)) for name in below} if below else _leaf(reads, path, chance)
        )

    return {name: value((name,)) for name in sorted({path[0] for path in reads.paths})}


def _leaf(reads: Reads, path: Path, chance: random.Random) -> Any:
    uses = reads.paths.get(path, set())
    if "digits" in uses:
        return str(chance.randint(0, 9))
    if "number" in uses:
        return chance.choice((0, 1, 2, 5, 1000))
    if "json" in uses:
        return json.dumps(chance.choice(("said", 1, None, {"a": [1]})))
    equals = sorted(use[1:] for use in uses if use.startswith("="))
    if equals and chance.random() < 0.7:
        return chance.choice(equals)
    texts = [*reads.literals, "o-1", "12", '{"errorMessage": "said"}']
    if "text" in uses or chance.random() < 0.6:
        return chance.choice(texts)
    return chance.choice([*texts, True, False, 3, 0.1, 1e21, 12.5])


def _without(variables: Any, path: Path) -> Any:
    """The same without what stands at a path, in every item of lists on the way."""
    if isinstance(variables, list):
        return [_without(item, path) for item in variables]
    if not isinstance(variables, dict):
        return variables
    name, *rest = path
    kept = {key: item for key, item in variables.items() if key != name or rest}
    if rest and name in kept:
        kept[name] = _without(kept[name], tuple(rest))
    return kept
