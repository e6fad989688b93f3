"""Mends of an emulator: named, each with its reason, each of which can be taken back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Apply = Callable[["Patches"], None]


@dataclass
class Patches:
    """Attributes replaced for one mend, remembered so that the mend can be taken back."""

    _before: list[tuple[Any, str, Any]] = field(default_factory=list)

    def set(self, target: Any, name: str, value: Any) -> Any:
        """Replace `target.name`, or `target[name]` of a dict, and return what was there.

        Raises:
            AttributeError: nothing of that name was there, so the emulator's version is another.
        """
        before = _read(target, name)
        self._before.append((target, name, before))
        _write(target, name, value)
        return before

    def undo(self) -> None:
        """Put back everything this mend replaced, last first."""
        while self._before:
            _write(*self._before.pop())


_ABSENT = object()


def _read(target: Any, name: str) -> Any:
    if isinstance(target, dict):
        return target.get(name, _ABSENT)
    own = vars(target).get(name, _ABSENT)
    return getattr(target, name) if own is _ABSENT else own


def _write(target: Any, name: str, value: Any) -> None:
    if not isinstance(target, dict):
        setattr(target, name, value)
    elif value is _ABSENT:
        del target[name]
    else:
        target[name] = value


class Mends:
    """The mends of one emulator, by name."""

    def __init__(self) -> None:
        self._apply: dict[str, Apply] = {}
        self._applied: dict[str, Patches] = {}

    def mend(self, apply: Apply) -> Apply:
        """Register a mend; its name is the function's, its reason the function's docstring."""
        self._apply[apply.__name__] = apply
        return apply

    @property
    def names(self) -> frozenset[str]:
        """The names of all mends of this emulator."""
        return frozenset(self._apply)

    def apply(self, without: Iterable[str] = ()) -> None:
        """Have every mend in force, except those named: these are taken back.

        Mends are undone last first and applied in their order, since two may wrap one function.
        """
        for name in reversed(list(self._applied)):
            self._applied.pop(name).undo()
        unwanted = frozenset(without)
        for name, apply in self._apply.items():
            if name not in unwanted:
                apply(self._applied.setdefault(name, Patches()))
