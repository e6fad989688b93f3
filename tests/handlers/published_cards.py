"""The tables of `docs/test-cards.md`, and numbers made like those of a network."""

import re
from pathlib import Path

from hypothesis import strategies as st

from handlers.shared.rules.card_networks import NETWORKS, luhn_holds

_PAGE = (Path(__file__).parents[2] / "docs" / "test-cards.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table whose first column has this heading, row by row."""
    rows = _PAGE.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


PUBLISHED = [
    (name, number)
    for name, _, _, numbers, _ in table("`cardType`")
    for number in re.findall(r"[0-9]+", numbers)
]
"""Each network with each of its test numbers."""


def with_check_digit(digits: str) -> str:
    """The number that begins with these digits and has a right check digit."""
    return next(f"{digits}{last}" for last in range(10) if luhn_holds(f"{digits}{last}"))


def ean(digits: str) -> str:
    """The article number of 13 digits that begins with these 12 (GS1)."""
    added = sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))
    return f"{digits}{-added % 10}"


EANS = (st.integers(0, 10**12 - 1) | st.integers(4 * 10**11, 5 * 10**11 - 1)).map(
    lambda digits: ean(f"{digits:012}")
)
"""Article numbers, many of them from 40 to 49."""


@st.composite
def card_numbers(draw: st.DrawFn, shortest: int = 14) -> str:
    """Valid numbers of any range and length of any network, not shorter than given."""
    _, lengths, listed = draw(st.sampled_from(NETWORKS))
    length = draw(st.sampled_from([each for each in lengths if each >= shortest]))
    first, _, last = draw(st.sampled_from(listed.split())).partition("-")
    prefix = str(draw(st.integers(int(first), int(last or first))))
    left = length - len(prefix) - 1
    return with_check_digit(prefix + draw(st.text("0123456789", min_size=left, max_size=left)))


@st.composite
def grouped(draw: st.DrawFn, number: str) -> str:
    """A number as people write it: bare, or in groups parted by spaces or dashes."""
    parts = draw(st.sampled_from(["", " ", "-", " - ", "."]))
    sizes = draw(st.sampled_from([(4, 4, 4, 4, 4), (4, 6, 5, 5), (6, 13), (4, 4, 4, 7), (2,) * 10]))
    groups, rest = [], number
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    return parts.join(group for group in groups if group)
