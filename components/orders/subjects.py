"""The subjects of `handlers/`: each imports itself and those that it names, which stand before it.

Whoever builds a function's archive takes these, and a test holds the imports against them.
"""

from collections.abc import Mapping

_HELD = ("shared", "orders", "payments", "stock")

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "shared": (),
    "orders": ("shared",),
    "payments": ("shared", "orders"),
    "stock": ("shared", "orders"),
    "intake": _HELD,
    "checkout": _HELD,
    "fulfillment": ("shared", "orders", "stock"),
    "notifications": ("shared", "orders"),
    "cancellation": (*_HELD, "checkout"),
    "recovery": (*_HELD, "intake", "checkout"),
}
"""By subject, from the ground up: whose modules it may import, and theirs in turn."""


def with_below(subject: str) -> tuple[str, ...]:
    """Name a subject's whole code: the subjects that it may import, then itself.

    Raises:
        ValueError: there is no such subject.
    """
    if subject not in SUBJECTS:
        raise ValueError(f"handlers/ has no subject {subject!r}; it has {', '.join(SUBJECTS)}")
    return (*SUBJECTS[subject], subject)
