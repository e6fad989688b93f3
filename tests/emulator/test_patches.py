"""Mends are applied in their order, and taken back without a trace."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from local.emulator.patches import Mends, Patches


def _wrapped(name: str, before: Callable[[], str]) -> Callable[[], str]:
    return lambda: f"{name}({before()})"


def _two_wrappers() -> tuple[Mends, SimpleNamespace]:
    mends, target = Mends(), SimpleNamespace(say=lambda: "plain")

    @mends.mend
    def first(patches: Patches) -> None:
        patches.set(target, "say", _wrapped("first", target.say))

    @mends.mend
    def second(patches: Patches) -> None:
        patches.set(target, "say", _wrapped("second", target.say))

    return mends, target


def test_mends_of_one_function_wrap_each_other_in_order() -> None:
    mends, target = _two_wrappers()
    mends.apply()
    assert target.say() == "second(first(plain))"


def test_one_mend_is_taken_back_alone() -> None:
    mends, target = _two_wrappers()
    mends.apply()
    mends.apply(without=["first"])
    assert target.say() == "second(plain)"
    mends.apply(without=mends.names)
    assert target.say() == "plain"


def test_an_entry_of_a_dictionary_is_removed_again() -> None:
    patches, handlers = Patches(), {"Old": 1}
    patches.set(handlers, "New", 2)
    patches.set(handlers, "Old", 3)
    patches.undo()
    assert handlers == {"Old": 1}


def test_a_mend_of_what_is_not_there_fails() -> None:
    with pytest.raises(AttributeError):
        Patches().set(SimpleNamespace(), "gone", 1)
