"""No card's number goes anywhere."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from handlers.shared.rules.card_numbers import has_card_number
from local.faults.rules.rule import Rule
from local.faults.story import Story

_SEPARATORS = re.compile(r"[ -]")


def no_card(story: Story) -> Iterator[str]:
    """A card's number, however it is written, in anything that the scenario left behind."""
    numbers = set(_numbers(story.scenario.input))
    for name, value in asdict(story.result).items():
        if name == "name":
            continue
        text = _SEPARATORS.sub("", json.dumps(value, default=str))
        for number in numbers:
            if number in text:
                yield f"the card ending in {number[-4:]} stands in {name}"


def _numbers(value: Any) -> Iterator[str]:
    """The card numbers that an input has, without what stands between their digits."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner)
    elif isinstance(value, str) and has_card_number(value):
        yield _SEPARATORS.sub("", value)


RULES = (Rule("no card data", "no card's number in rows, messages or mails", no_card),)
