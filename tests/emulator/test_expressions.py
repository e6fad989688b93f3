"""Expressions in machines: endless ones end, and harm nobody; a wrong type is an error to catch."""

from typing import Any

import pytest

from tests.emulator.bench import Bench, jsonata
from tests.emulator.contracts import contract

QUERY_EVALUATION = "States.QueryEvaluationError"
TAIL_CALLS = "{% ($f := function($n) { $f($n + 1) }; $f(1)) %}"
BACKTRACKING = "{% $contains($states.input.text, /^(a+)+$/) %}"
_TEXT = {"text": "a" * 40 + "b"}
_DONE = {"Type": "Succeed", "Output": "done"}
_CAUGHT = {"Type": "Succeed", "Output": "{% $states.input %}"}
_SEES_THE_ERROR = {"ErrorEquals": [QUERY_EVALUATION], "Next": "Caught",
                   "Output": "{% $states.errorOutput %}"}  # fmt: skip


def _passing(expression: str, **more: Any) -> dict[str, Any]:
    return jsonata({"Pass": {"Type": "Pass", "Output": expression, "End": True, **more}})


def _choosing(condition: Any) -> dict[str, Any]:
    rule = {"Condition": condition, "Next": "Done"}
    return jsonata({"Choose": {"Type": "Choice", "Choices": [rule], "Default": "Other"},
                    "Done": _DONE, "Other": {"Type": "Succeed", "Output": "other"}})  # fmt: skip


def test_endless_expressions_end_and_harm_no_other_execution(bench: Bench) -> None:
    quick = bench.machine(_passing("{% $sum($states.input.numbers) %}"))
    endless = [bench.machine(_passing(expression)) for expression in (TAIL_CALLS, BACKTRACKING)]
    running = [bench.start(machine, _TEXT) for machine in endless]
    assert bench.ended(bench.start(quick, {"numbers": [1, 2]}))["output"] == 3
    states = bench.cloud.client("stepfunctions")
    assert {states.describe_execution(executionArn=each)["status"] for each in running} == {
        "RUNNING"
    }
    for end in [bench.ended(execution, 60) for execution in running]:
        assert (end["status"], end["error"]) == ("FAILED", QUERY_EVALUATION)
        assert "Expression evaluation timeout" in end["cause"]


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        ("{% ($f := function($n) { 1 + $f($n) }; $f(1)) %}", "Stack overflow error"),
        ("{% [1..10000000] %}", "memory limit exceeded"),
        ("{% $range(1, 1000000000000, 1) %}", "memory limit exceeded"),
        ("{% $pad('a', 4000000000) %}", "memory limit exceeded"),
        ("{% ($f := function($s) { $f($s & $s) }; $f('aa')) %}", "memory limit exceeded"),
    ],
)
def test_a_task_catches_what_takes_too_much(bench: Bench, expression: str, limit: str) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": "none", "MessageBody": expression},
        "Catch": [_SEES_THE_ERROR],
        "End": True,
    }
    caught = bench.output(jsonata({"Send": task, "Caught": _CAUGHT}))
    assert caught["Error"] == QUERY_EVALUATION
    assert limit in caught["Cause"]


@contract("result_types")
def test_a_condition_that_is_no_boolean_ends_the_execution(bench: Bench) -> None:
    for value in ("'true'", "1", "null", "[true]", "{}"):
        end = bench.run(_choosing("{% " + value + " %}"))
        assert (end["status"], end["error"]) == ("FAILED", QUERY_EVALUATION), value
        assert "Expected 'boolean', but was" in end["cause"]
    nothing = bench.run(_choosing("{% $states.input.none %}"))
    assert nothing["error"] == QUERY_EVALUATION
    assert bench.output(_choosing("{% true %}")) == "done"
    assert bench.output(_choosing("{% false %}")) == "other"


@contract("result_types")
def test_a_condition_that_is_no_boolean_is_caught_outside(bench: Bench) -> None:
    inner = {**_choosing("{% 'yes' %}")}
    inner.pop("QueryLanguage")
    parallel = {"Type": "Parallel", "Branches": [inner], "Catch": [_SEES_THE_ERROR], "End": True}
    caught = bench.output(jsonata({"Both": parallel, "Caught": _CAUGHT}))
    assert caught["Error"] == QUERY_EVALUATION


_TASK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:listQueues", "Arguments": {}}
_ITERATION = {"StartAt": "Each", "States": {"Each": {"Type": "Succeed"}}}
_MAP = {"Type": "Map", "Items": [1], "ItemProcessor": _ITERATION}


@contract("result_types")
def test_a_field_that_takes_a_number_takes_nothing_else(bench: Bench) -> None:
    sdk = {**_TASK, "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues"}
    for state, field, values in (
        (sdk, "TimeoutSeconds", ("'5'", "0", "-1", "null", "1e9")),
        ({**sdk, "TimeoutSeconds": 60}, "HeartbeatSeconds", ("'5'", "0", "true")),
        (_MAP, "MaxConcurrency", ("'1'", "-1")),
    ):
        for value in values:
            catching = {**state, field: "{% " + value + " %}", "Catch": [_SEES_THE_ERROR]}
            machine = jsonata({"It": {**catching, "End": True}, "Caught": _CAUGHT})
            caught = bench.output(machine)
            assert caught["Error"] == QUERY_EVALUATION, (field, value)
            assert field in caught["Cause"]


@contract("result_types")
def test_a_wait_or_a_failure_of_the_wrong_type_is_an_evaluation_error(bench: Bench) -> None:
    for state in (
        {"Type": "Wait", "Seconds": "{% 'soon' %}", "End": True},
        {"Type": "Wait", "Seconds": "{% -1 %}", "End": True},
        {"Type": "Wait", "Timestamp": "{% 'tomorrow' %}", "End": True},
        {"Type": "Wait", "Timestamp": "{% 1 %}", "End": True},
        {"Type": "Fail", "Error": "{% 1 %}"},
        {"Type": "Fail", "Error": "Mine", "Cause": "{% [] %}"},
    ):
        end = bench.run(jsonata({"It": state}))
        assert (end["status"], end["error"]) == ("FAILED", QUERY_EVALUATION), state
    failure = bench.run(jsonata({"It": {"Type": "Fail", "Error": "{% 'A' & 'b' %}", "Cause": "c"}}))
    assert (failure["error"], failure["cause"]) == ("Ab", "c")
