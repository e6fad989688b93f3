"""Marks a test as the contract of a mend: `test_contracts.py` sees it fail without the mend."""

from collections.abc import Callable
from typing import Any

Contract = Callable[[Any], None]

CONTRACTS: list[tuple[str, Contract]] = []


def contract(mend: str) -> Callable[[Contract], Contract]:
    """The decorated test, whose one argument is the bench, must fail without this mend."""

    def register(test: Contract) -> Contract:
        CONTRACTS.append((mend, test))
        return test

    return register
