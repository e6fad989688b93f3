"""How long a definition may be.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.asl.samples import END, machine, sentences

MOST = 1_048_576


def compact(definition: Any) -> str:
    return json.dumps(definition, separators=(",", ":"), ensure_ascii=False)


def of_length(characters: int, letter: str = "x") -> dict[str, Any]:
    definition = {**machine(END), "Comment": ""}
    definition["Comment"] = letter * (characters - len(compact(definition)))
    return definition


@pytest.mark.parametrize("letter", ["x", "é", "😀"])
@pytest.mark.parametrize("excess", [1, 2, 100, 1000])
def test_a_definition_of_more_characters_than_aws_takes_is_refused(
    letter: str, excess: int
) -> None:
    assert sentences(of_length(MOST, letter)) == []
    assert sentences(of_length(MOST + excess, letter)) == [
        f"The definition: it has {MOST + excess} characters, and must have at most {MOST}."
    ]


def test_the_text_that_a_definition_was_read_from_counts_with_its_space() -> None:
    assert sentences(machine(END), characters=MOST) == []
    (found,) = sentences(machine(END), characters=MOST + 1)
    assert found.startswith("The definition: it has 1048577 characters")
