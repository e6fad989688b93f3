from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    END,
    LAMBDA,
    PASS,
    assert_refused,
    jsonpath,
    machine,
    sentences,
    task,
)


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(machine({"End": True}), "Type must be one of Task, Pass", id="no type"),
        pytest.param(
            machine({"Type": "pass", "End": True}), "Map, not 'pass'", id="an unknown type"
        ),
        pytest.param(
            machine({**PASS, "Timeout": 5}),
            "Timeout is not a field of a Pass state",
            id="an unknown field",
        ),
        pytest.param(
            machine({"Type": "Task", "TimeoutSeconds": 1, "End": True}),
            "it lacks Resource",
            id="a missing field",
        ),
        pytest.param(
            machine({"Type": "Pass"}), "it has neither Next nor End", id="neither Next nor End"
        ),
        pytest.param(
            machine({"Type": "Pass", "End": False}),
            "it has neither Next nor End",
            id="End that is false",
        ),
        pytest.param(
            machine({**PASS, "Next": "B"}, B=END),
            "it has both Next and End",
            id="both Next and End",
        ),
        pytest.param(
            machine({"Type": "Pass", "Next": "B"}, C=END),
            "Next names 'B', which is no state",
            id="a Next that is nowhere",
        ),
        pytest.param(
            machine({"Type": "Succeed", "End": True}),
            "End is not a field of a Succeed",
            id="a Succeed that goes on",
        ),
        pytest.param(
            machine(task(LAMBDA, TimeoutSeconds=True)),
            "TimeoutSeconds must be a whole number",
            id="a boolean for a number",
        ),
        pytest.param(
            machine(task(LAMBDA, TimeoutSeconds="60")),
            "or a JSONata expression, not '60'",
            id="a text for a number",
        ),
        pytest.param(
            machine(task(LAMBDA, TimeoutSeconds=1.5)),
            "TimeoutSeconds must be a whole number",
            id="a fraction for a whole",
        ),
        pytest.param(
            machine(task(LAMBDA, TimeoutSeconds=0)),
            "from 1 to 99999999",
            id="a timeout out of range",
        ),
        pytest.param(
            machine(task(LAMBDA, HeartbeatSeconds=60)),
            "HeartbeatSeconds must be below",
            id="a heartbeat at its timeout",
        ),
        pytest.param(
            jsonpath(task(LAMBDA, TimeoutSecondsPath="$.t")),
            "only one of TimeoutSeconds",
            id="two timeouts",
        ),
        pytest.param(
            machine({"Type": "Wait", "End": True}),
            "exactly one of Seconds, SecondsPath",
            id="a wait for nothing",
        ),
        pytest.param(
            machine({"Type": "Wait", "Seconds": 1, "Timestamp": "{% 1 %}", "End": True}),
            "exactly one of",
            id="a wait for two things",
        ),
        pytest.param(
            machine({"Type": "Wait", "Timestamp": "2030-01-31", "End": True}),
            "RFC 3339",
            id="a day for a timestamp",
        ),
        pytest.param(machine(END, B=5), "must be an object, not 5", id="a state that is none"),  # type: ignore[arg-type]
        pytest.param(
            jsonpath({"Type": "Fail", "Error": "a", "ErrorPath": "$.a"}),
            "only one of Error, ErrorPath",
            id="two errors in a Fail",
        ),
    ],
)
def test_a_bad_state_is_refused_by_its_states_name(definition: Any, sentence: str) -> None:
    assert_refused(definition, sentence)


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ({"StartAt": "B", "States": {"A": END}}, "The definition: StartAt names 'B'"),
        ({"StartAt": "A", "States": {}}, "The definition: it has a state machine without a single"),
        ({"States": {"A": END}}, "The definition: it lacks StartAt."),
        ({"StartAt": "A"}, "The definition: it lacks States."),
        (
            {**machine(END), "Output": 1},
            "The definition: Output is not a field of a state machine.",
        ),
        ({**machine(END), "TimeoutSeconds": -1}, "The definition: TimeoutSeconds must be a whole"),
        ({**machine(END), "QueryLanguage": "jsonata"}, "The definition: QueryLanguage must be"),
        ({**machine(END), "Version": 1}, "The definition: Version must be '1.0'"),
    ],
)
def test_a_bad_machine_is_refused(definition: Any, sentence: str) -> None:
    found = sentences(definition)
    assert any(text.startswith(sentence) for text in found), found


def test_a_machine_that_never_ends_is_refused() -> None:
    definition = machine({"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "Work"})
    assert sentences(definition) == [
        "The definition: it has a state machine in which no state is an end."
    ]


def test_a_state_that_nothing_leads_to_is_unreachable_even_in_a_loop() -> None:
    lost = {"Lost": {"Type": "Pass", "Next": "Too"}, "Too": {"Type": "Pass", "Next": "Lost"}}
    assert sentences(machine(PASS, **lost)) == [
        "State 'Lost': no path leads to it from StartAt.",
        "State 'Too': no path leads to it from StartAt.",
    ]


def test_a_target_in_another_body_is_no_target() -> None:
    inner = {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": 5, "End": True}
    caught = {**inner, "Catch": [{"ErrorEquals": ["A"], "Next": "Work"}]}
    body = {"StartAt": "Inner", "States": {"Inner": caught}}
    definition = machine({"Type": "Map", "ItemProcessor": body, "End": True})
    assert sentences(definition) == [
        "State 'Inner': Catch[0].Next names 'Work', which is no state of the same machine."
    ]


def test_a_name_is_unique_in_all_bodies_together() -> None:
    body = {"StartAt": "Work", "States": {"Work": PASS}}
    definition = machine({"Type": "Map", "ItemProcessor": body, "End": True})
    assert sentences(definition) == [
        "State 'Work': the name is given to 2 states, and must be unique."
    ]


def test_a_name_has_at_most_eighty_characters() -> None:
    name = "é" * 80
    assert sentences({"StartAt": name, "States": {name: END}}) == []
    (found,) = sentences({"StartAt": name + "é", "States": {name + "é": END}})
    assert "the name must have 1 to 80 characters, not 81" in found
