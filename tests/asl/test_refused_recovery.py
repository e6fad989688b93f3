from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    END,
    LAMBDA,
    assert_refused,
    machine,
    task,
)


def rules(field: str, *found: Any) -> dict[str, Any]:
    return machine(task(LAMBDA, **{field: list(found)}), Next=END)


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(
            rules("Retry", {"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}),
            "Retry[0] catches States.ALL and must be the last",
            id="States.ALL not last",
        ),
        pytest.param(
            rules("Catch", {"ErrorEquals": ["A", "States.ALL"], "Next": "Next"}),
            "Catch[0].ErrorEquals must list States.ALL alone",
            id="States.ALL not alone",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": []}),
            "Retry[0].ErrorEquals must be a list with at least one member",
            id="no errors",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": [5]}),
            "must list error names, not 5",
            id="an error that is no text",
        ),
        pytest.param(
            rules("Retry", "A"), "Retry[0] must be an object, not 'A'", id="a rule that is none"
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "MaxAttempts": -1}),
            "Retry[0].MaxAttempts must be a whole number from 0",
            id="attempts below zero",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "IntervalSeconds": 0}),
            "Retry[0].IntervalSeconds must be a whole number from 1",
            id="an interval of zero",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "BackoffRate": 0.5}),
            "Retry[0].BackoffRate must be a number of at least 1",
            id="a backoff below one",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "MaxDelaySeconds": 31622400}),
            "from 1 to 31622399",
            id="a delay of a year",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "IntervalSeconds": 9, "MaxDelaySeconds": 9}),
            "must be greater than IntervalSeconds",
            id="a delay below its interval",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "JitterStrategy": "SOME"}),
            "must be 'FULL' or 'NONE'",
            id="an unknown jitter",
        ),
        pytest.param(
            rules("Retry", {"ErrorEquals": ["A"], "Attempts": 1}),
            "Retry[0].Attempts is not a field of a Retry rule",
            id="an unknown field of a rule",
        ),
        pytest.param(
            rules("Catch", {"ErrorEquals": ["A"], "Next": "B"}),
            "Catch[0].Next names 'B', which is no state",
            id="a catch to nowhere",
        ),
        pytest.param(
            rules("Catch", {"ErrorEquals": ["A"]}),
            "Catch[0] lacks Next",
            id="a catch without a target",
        ),
        pytest.param(
            machine(
                {
                    "Type": "Choice",
                    "Choices": [{"Condition": True, "Next": "B"}],
                    "Default": "B",
                    "Retry": [],
                },
                B=END,
            ),
            "Retry is not a field of a Choice state",
            id="a Choice that retries",
        ),
    ],
)
def test_a_bad_retry_or_catch_is_refused_by_its_states_name(definition: Any, sentence: str) -> None:
    assert_refused(definition, sentence)
