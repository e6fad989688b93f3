"""The sentence of a caught error, whatever its cause looks like."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.machines import fill
from workflows.shared.expressions import MESSAGE, jsonata


def message(**error: str) -> Any:
    return fill(jsonata(MESSAGE), errorOutput={"Error": "Some.Error", **error})


def test_a_handlers_message_is_taken_out_of_lambdas_document() -> None:
    cause = json.dumps({"errorMessage": "it broke", "errorType": "E", "stackTrace": []})

    assert message(Cause=cause) == "it broke"


def test_a_document_that_is_cut_off_after_the_message_still_gives_it() -> None:
    assert message(Cause='{"errorMessage": "it broke", "errorTy') == "it broke"


@pytest.mark.parametrize("cause", ['{"errorMessage": "it bro', "The task timed out", ""])
def test_a_cause_without_a_whole_message_stays_as_it_is(cause: str) -> None:
    assert message(Cause=cause) == cause


def test_without_a_cause_the_errors_name_stands_for_it() -> None:
    assert message() == "Some.Error"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60))
def test_every_message_comes_through_whole(text: str) -> None:
    assert message(Cause=json.dumps({"errorMessage": text, "errorType": "E"})) == text
