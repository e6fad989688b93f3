from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    LAMBDA,
    assert_refused,
    integration,
    jsonpath,
    load,
    machine,
    sentences,
    task,
)

SEND = {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/Work"}
TOKEN = {**SEND, "MessageBody": {"token": "{% $states.context.Task.Token %}"}}
CHILD = "arn:aws:states:us-east-1:123456789012:stateMachine:Child"
CALLBACK = "sqs:sendMessage.waitForTaskToken"


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(
            machine({"Type": "Task", "Resource": LAMBDA, "End": True}),
            "it lacks TimeoutSeconds",
            id="no timeout",
        ),
        pytest.param(machine(task("Work")), "'Work' is no integration", id="an unknown resource"),
        pytest.param(
            machine(integration("dynamo:putItem", {})),
            "is no integration of Step Functions",
            id="an unknown service",
        ),
        pytest.param(
            machine(integration("dynamodb:query", {})),
            "is no integration of Step Functions",
            id="an unknown action",
        ),
        pytest.param(
            machine(integration("aws-sdk:sqs:SendMessage", {})),
            "in camelCase, not 'SendMessage'",
            id="an SDK action in PascalCase",
        ),
        pytest.param(
            machine(integration("aws-sdk:sfn:startExecution.sync", {})),
            "SDK integrations have no .sync",
            id="a .sync of the SDK",
        ),
        pytest.param(
            machine(integration("lambda:invoke.sync", {})),
            "lambda:invoke has no .sync",
            id="a .sync of Lambda",
        ),
        pytest.param(
            machine(integration("dynamodb:putItem.waitForTaskToken", TOKEN)),
            "dynamodb has no .waitForTaskToken",
            id="a callback of DynamoDB",
        ),
        pytest.param(
            machine(integration(CALLBACK, SEND)),
            "does not hold the token $states.context.Task.Token",
            id="a callback without a token",
        ),
        pytest.param(
            machine(
                integration(CALLBACK, {**SEND, "MessageBody": "{% $states.context.Execution.Id %}"})
            ),
            "does not hold the token",
            id="another part of the context",
        ),
        pytest.param(
            machine(integration(CALLBACK, {**SEND, "MessageBody": "$states.context.Task.Token"})),
            "does not hold the token",
            id="a token as mere text",
        ),
        pytest.param(
            machine(
                integration(CALLBACK, {**SEND, "MessageBody": "{% '$states.context.Task.Token' %}"})
            ),
            "does not hold the token",
            id="a token quoted",
        ),
        pytest.param(
            jsonpath(
                task(f"arn:aws:states:::{CALLBACK}", Parameters={"MessageBody": "$$.Task.Token"})
            ),
            "does not hold the token $$.Task.Token",
            id="a token without its path key",
        ),
        pytest.param(
            jsonpath(
                task(
                    f"arn:aws:states:::{CALLBACK}", Parameters={"MessageBody.$": "$$.Task.TokenId"}
                )
            ),
            "does not hold the token $$.Task.Token",
            id="another path of the context",
        ),
    ],
)
def test_a_bad_task_is_refused_by_its_states_name(definition: Any, sentence: str) -> None:
    assert_refused(definition, sentence)


@pytest.mark.parametrize(
    "state",
    [
        integration(CALLBACK, TOKEN),
        integration("states:startExecution.sync:2", {"StateMachineArn": CHILD}),
        task("arn:aws:states:us-east-1:123456789012:activity:Work"),
    ],
)
def test_an_express_machine_cannot_wait_for_an_answer(state: dict[str, Any]) -> None:
    assert sentences(machine(state)) == []
    (found,) = sentences(machine(state), machine_type="EXPRESS")
    assert found.endswith("waits for an answer, which an Express machine cannot.")


def test_express_children_of_a_standard_machine_cannot_wait_either() -> None:
    definition = load("distributed_map")
    handle = definition["States"]["Every line"]["ItemProcessor"]["States"]["Handle"]
    handle["Resource"] = "arn:aws:states:::lambda:invoke.waitForTaskToken"
    handle["Parameters"]["Payload.$"] = "$$.Task.Token"
    (found,) = sentences(definition)
    assert "State 'Handle'" in found
    assert "an Express machine cannot" in found


def test_a_resource_that_a_template_substitutes_is_left_to_the_template() -> None:
    assert sentences(machine(task("${WorkFunctionArn}"))) == []
