"""The subjects of `handlers/` by floor: a subject imports itself and the floors below it.

Whoever builds a function's archive takes these, and a test holds the imports against them.
"""

from collections.abc import Sequence

FLOORS: Sequence[Sequence[str]] = (
    ("shared",),
    ("orders",),
    ("payments", "stock"),
    ("intake", "checkout", "fulfillment", "notifications"),
    ("cancellation",),
    ("recovery",),
)
"""From the ground up. Neighbours on one floor do not import each other."""


def may_import(subject: str) -> tuple[str, ...]:
    """Name the subjects that one may import: those on the floors below it, then itself.

    Raises:
        ValueError: there is no such subject.
    """
    below: tuple[str, ...] = ()
    for floor in FLOORS:
        if subject in floor:
            return (*below, subject)
        below = (*below, *floor)
    known = ", ".join(below)
    raise ValueError(f"handlers/ has no subject {subject!r}; it has {known}")
