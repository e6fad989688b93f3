"""Random parts of the cases: pairs of disturbances, and samples. The same seed, the same part."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest
from random import Random

from local.faults.cases import Case

PAIR = "pair"
PAIRS = 500


def pairs(cases: Sequence[Case], seed: int, number: int = PAIRS) -> list[Case]:
    """So many cases that disturb a base in two ways."""
    random = Random(seed)  # noqa: S311 - nothing secret
    by_base: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_base[case.base.name].append(case)
    groups = [group for group in by_base.values() if len(group) > 1]
    if not groups:
        return []
    return [_pair(*random.sample(random.choice(groups), 2)) for _ in range(number)]


def sample(cases: Sequence[Case], seed: int, limit: int | None) -> list[Case]:
    """At most so many of the cases, of each kind about as many as of any other."""
    if limit is None or limit >= len(cases):
        return list(cases)
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_kind[case.kind].append(case)
    random = Random(seed)  # noqa: S311 - nothing secret
    for group in by_kind.values():
        random.shuffle(group)
    kinds = list(by_kind.values())
    random.shuffle(kinds)
    rounds = zip_longest(*kinds)
    return [case for each in rounds for case in each if case is not None][:limit]


def _pair(first: Case, second: Case) -> Case:
    return Case(
        PAIR,
        first.base,
        f"{first.what}; {second.what}",
        faults=[*first.faults, *second.faults],
        actions=[*first.actions, *second.actions],
        path=first.path,
    )
