"""Registered resources as a tree."""

from collections import defaultdict
from collections.abc import Sequence

from rich.tree import Tree

from local.deploy import Registration


def registrations_tree(registrations: Sequence[Registration]) -> Tree:
    """Every resource under its parent."""
    children: dict[str | None, list[Registration]] = defaultdict(list)
    for made in registrations:
        children[made.parent].append(made)
    root = Tree(f"{len(registrations)} resources")
    _grow(root, children, None)
    return root


def _grow(branch: Tree, children: dict[str | None, list[Registration]], urn: str | None) -> None:
    for made in children[urn]:
        grown = branch.add(f"[bold]{made.name}[/bold] [dim]{made.type}[/dim]")
        _grow(grown, children, made.urn)
