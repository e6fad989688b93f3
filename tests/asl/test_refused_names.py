from __future__ import annotations

from typing import Any

import pytest

import asl
from tests.asl.samples import END, LAMBDA, PASS, assert_refused, jsonpath, machine, task


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(
            machine({**PASS, "Output": "{% $nofunc(1) %}"}),
            "Output calls $nofunc, but there is no such function",
            id="an unknown function",
        ),
        pytest.param(
            machine({**PASS, "Output": {"a": ["{% $order.id %}"]}}),
            "Output.a[0] reads $order, but no state assigns it",
            id="a variable that is never assigned",
        ),
        pytest.param(
            machine(task(LAMBDA, {"a": "{% $states.result.x %}"})),
            "Arguments.a reads $states.result, which does not exist there",
            id="a result before there is one",
        ),
        pytest.param(
            machine({**PASS, "Output": "{% $states.result %}"}),
            "Output reads $states.result, which does not exist there",
            id="the result of a state that has none",
        ),
        pytest.param(
            machine({**PASS, "Output": "{% $states.errorOutput.Cause %}"}),
            "Output reads $states.errorOutput, which does not exist there",
            id="an error outside a catcher",
        ),
        pytest.param(
            machine({**PASS, "Assign": {"states": 1}}),
            "Assign.states cannot be assigned: the name is reserved for $states",
            id="a reserved name",
        ),
        pytest.param(
            jsonpath({**PASS, "Assign": {"states.$": "$.a"}}),
            "Assign.states cannot be assigned",
            id="a reserved name in JSONPath",
        ),
        pytest.param(
            machine({**PASS, "Assign": {"an order": 1}}),
            "Assign.'an order' is no variable's name",
            id="a variable of two words",
        ),
        pytest.param(
            machine({**PASS, "Output": "{% $b & '$b := 1' %}"}),
            "Output reads $b, but no state assigns it",
            id="a text that looks like an assignment",
        ),
        pytest.param(
            machine(
                {
                    "Type": "Choice",
                    "Choices": [{"Condition": "{% $gone %}", "Next": "Done"}],
                    "Default": "Done",
                },
                Done=END,
            ),
            "Choices[0].Condition reads $gone",
            id="a condition on nothing",
        ),
        pytest.param(
            machine(
                {
                    **task(LAMBDA, {}),
                    "Catch": [
                        {
                            "ErrorEquals": ["States.ALL"],
                            "Output": "{% $states.result %}",
                            "Next": "Done",
                        }
                    ],
                },
                Done=END,
            ),
            "Catch[0].Output reads $states.result, which does not exist there",
            id="a result where there was an error",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.Format('$c {}', $order.id)"}}),
            "Parameters.a.$ reads $order, but no state assigns it",
            id="a variable in an intrinsic function",
        ),
        pytest.param(
            jsonpath({**PASS, "InputPath": "$order.id"}),
            "InputPath reads $order, but no state assigns it",
            id="a variable in a path",
        ),
        pytest.param(
            machine(task("arn:aws:states:::aws-sdk:dynamodb:getItems", {})),
            "the service 'dynamodb' has no action 'getItems'; did you mean 'getItem'?",
            id="an action that the service does not have",
        ),
        pytest.param(
            machine(task("arn:aws:states:::aws-sdk:dynamo:getItem", {})),
            "AWS has no service 'dynamo' for SDK integrations; did you mean 'dynamodb'?",
            id="a service that there is not",
        ),
        pytest.param(
            machine(task("arn:aws:states:::glue:runJob", {})),
            "is no integration of Step Functions",
            id="an action without an optimized integration",
        ),
    ],
)
def test_a_name_that_there_is_not_is_refused(definition: Any, sentence: str) -> None:
    assert_refused(definition, sentence)


@pytest.mark.parametrize(
    "state",
    [
        {**PASS, "Output": "{% ($a := 1; $f := function($x, $y) { $x + $y }; $f($a, 2)) %}"},
        {**PASS, "Output": "{% $states.input.items@$item#$i[$i > 0].{'item': $item} %}"},
        {**PASS, "Output": "{% $map([1], $string) ~> $join(',') & $uuid() & $states.context.x %}"},
        {**PASS, "Assign": {"order": 1}, "Output": "{% $exists($order) ? $order : {} %}"},
        {
            **task(LAMBDA, {}),
            "Output": "{% $states.result %}",
            "Assign": {"order": "{% $states.result %}"},
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Next": "Done",
                    "Output": "{% $states.errorOutput.Error & $order %}",
                }
            ],
        },
        task("arn:aws:states:::aws-sdk:cloudwatchlogs:putLogEvents"),
        task("arn:aws:states:::aws-sdk:config:describeConfigRules", {}),
        task("arn:aws:states:::aws-sdk:rds:describeDBInstances", {}),
        task("arn:aws:states:::aws-sdk:sfn:startExecution"),
    ],
)
def test_names_that_exist_are_no_problem(state: Any) -> None:
    others = {"Done": END} if "Catch" in state else {}

    assert asl.check(machine(state, **others)) == []


def test_a_comment_is_no_expression() -> None:
    assert asl.check(machine({**PASS, "Comment": "{% $order %}"})) == []


def test_in_jsonpath_only_paths_are_read() -> None:
    state = {**PASS, "Parameters": {"OutputPath": "$order", "b": ["$c"]}, "Result": {"d.$": "$e"}}

    assert asl.check(jsonpath(state)) == []


def _reading(text: str) -> dict[str, Any]:
    return {"StartAt": "B", "States": {"B": {**PASS, "Output": text}}}


def test_a_body_reads_what_a_state_around_it_assigns() -> None:
    branches = [_reading("{% $order %}")]
    outer = {"Type": "Parallel", "Branches": branches, "Assign": {"order": 1}, "End": True}

    assert asl.check(machine(outer)) == []


def test_what_a_body_assigns_is_its_own() -> None:
    inner = {"StartAt": "B", "States": {"B": {**PASS, "Assign": {"order": 1}}}}
    outer = {"Type": "Parallel", "Branches": [inner], "Output": "{% $order %}", "End": True}

    assert_refused(
        machine(outer), "Output reads $order, but the states that assign it are in another scope"
    )


def test_executions_of_a_distributed_map_read_nothing_from_around_them() -> None:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    body = {**_reading("{% $order %}"), "ProcessorConfig": config}
    outer = {
        **{"Type": "Map", "ItemProcessor": body, "Assign": {"order": 1}, "End": True},
        "ItemSelector": "{% $order %}",
    }

    assert_refused(
        machine(outer), "Output reads $order, but the states that assign it are in another scope"
    )
