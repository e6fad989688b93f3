"""A rule that every order keeps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from local.faults.story import Story


@dataclass(frozen=True)
class Rule:
    """A rule, and what breaks it.

    Attributes:
        name: what it is called.
        sentence: what must hold.
        broken: yields a sentence for everything that does not.
    """

    name: str
    sentence: str
    broken: Callable[[Story], Iterator[str]]
