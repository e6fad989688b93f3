"""Placeholders that a template fills in as it is deployed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
aws-resource-stepfunctions-statemachine.html, DefinitionSubstitutions
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    END,
    LAMBDA,
    PASS,
    assert_told_apart,
    integration,
    jsonpath,
    machine,
    sentences,
    task,
)


@pytest.mark.parametrize(
    ("illegal", "where", "legal"),
    [
        (machine(task("${WorkFunctionArn")), "Resource", machine(task("${WorkFunctionArn}"))),
        (
            machine(integration("lambda:invoke", {"FunctionName": "${Work"})),
            "Arguments.FunctionName",
            machine(integration("lambda:invoke", {"FunctionName": "${Work}"})),
        ),
        (
            machine({"Type": "Wait", "Seconds": "${Seconds", "End": True}),
            "Seconds",
            machine({"Type": "Wait", "Seconds": "${Seconds}", "End": True}),
        ),
        (
            machine({**PASS, "Output": {"a": ["x-${Stage"]}}),
            "Output.a[0]",
            machine({**PASS, "Output": {"a": ["x-${Stage}"]}}),
        ),
        (
            machine({**PASS, "Output": "${A}-${B"}),
            "Output",
            machine({**PASS, "Output": "${A}-${B}"}),
        ),
        (machine({**PASS, "Output": "${}"}), "Output", machine({**PASS, "Output": "$ {}"})),
        (
            machine({**PASS, "Output": "${self:custom.${stage}"}),
            "Output",
            machine({**PASS, "Output": "${self:custom.${stage}.name}"}),
        ),
        (
            jsonpath({**PASS, "Result": {"a": "${Stage"}}),
            "Result.a",
            jsonpath({**PASS, "Result": {"a": "${Stage}"}}),
        ),
        (
            machine({"Type": "Fail", "Error": "${Error"}),
            "Error",
            machine({"Type": "Fail", "Error": "${Error}"}),
        ),
        (
            jsonpath({**PASS, "Parameters": {"a.$": "${Path"}}),
            "Parameters.a.$",
            jsonpath({**PASS, "Parameters": {"a.$": "${Path}"}}),
        ),
        (
            jsonpath({**PASS, "InputPath": "$.${Name"}),
            "InputPath",
            jsonpath({**PASS, "InputPath": "$.${Name}"}),
        ),
        (
            machine({**PASS, "Output": "{% ${Limit + 1 %}"}),
            "Output",
            machine({**PASS, "Output": "{% ${Limit} + 1 %}"}),
        ),
        (
            machine(task(LAMBDA, Credentials={"RoleArn": "${Role"})),
            "Credentials.RoleArn",
            machine(task(LAMBDA, Credentials={"RoleArn": "${Role}"})),
        ),
    ],
)
def test_a_placeholder_that_is_not_ended_is_refused(
    illegal: dict[str, Any], where: str, legal: dict[str, Any]
) -> None:
    sentence = f"{where} has ${{ without the closing }} that ends a placeholder"
    assert_told_apart(illegal, sentence, legal)


def rule(**comparison: Any) -> dict[str, Any]:
    choices = [{"Variable": "$.a", **comparison, "Next": "Done"}]
    return jsonpath({"Type": "Choice", "Choices": choices, "Default": "Done"}, Done=END)


def retrying(**fields: Any) -> dict[str, Any]:
    return machine(task(LAMBDA, Retry=[{"ErrorEquals": ["States.ALL"], **fields}]))


@pytest.mark.parametrize(
    ("filled", "unfilled"),
    [
        (
            machine({"Type": "Wait", "Seconds": "${X}", "End": True}),
            "Seconds must be a whole number",
        ),
        (machine({"Type": "Wait", "Timestamp": "${X}", "End": True}), "Timestamp must be an RFC"),
        (machine({"Type": "Wait", "Timestamp": "${Day}T00:00:00Z", "End": True}), "Timestamp must"),
        (machine(task(LAMBDA, TimeoutSeconds="${X}")), "TimeoutSeconds must be a whole number"),
        (machine(task(LAMBDA, HeartbeatSeconds="${X}")), "HeartbeatSeconds must be a whole number"),
        (retrying(IntervalSeconds="${X}"), "IntervalSeconds must be a whole number"),
        (retrying(MaxAttempts="${X}"), "MaxAttempts must be a whole number"),
        (retrying(BackoffRate="${X}"), "BackoffRate must be a number"),
        (retrying(MaxDelaySeconds="${X}"), "MaxDelaySeconds must be a whole number"),
        (retrying(JitterStrategy="${X}"), "JitterStrategy must be 'FULL' or 'NONE'"),
        (rule(NumericEquals="${X}"), "NumericEquals must be a number"),
        (rule(BooleanEquals="${X}"), "BooleanEquals must be true or false"),
        (rule(TimestampEquals="${X}"), "TimestampEquals must be an RFC"),
        (rule(NumericEqualsPath="${X}"), "NumericEqualsPath must be a JSONPath"),
        (jsonpath({**PASS, "ResultPath": "${X}"}), "ResultPath must be null or a Reference Path"),
        ({**machine(END), "TimeoutSeconds": "${X}"}, "TimeoutSeconds must be a whole number"),
        (
            machine(
                integration(
                    "sqs:sendMessage", {"QueueUrl": "u", "MessageBody": "m", "DelaySeconds": "${X}"}
                )
            ),
            "DelaySeconds must be a whole number",
        ),
    ],
)
def test_a_placeholder_stands_for_a_value_of_any_type_until_it_is_filled_in(
    filled: dict[str, Any], unfilled: str
) -> None:
    assert sentences(filled) == []
    assert any(unfilled in text for text in sentences(without_braces(filled)))


def without_braces(value: Any) -> Any:
    """The same definition, whose placeholders have lost what makes them such."""
    if isinstance(value, dict):
        return {key: without_braces(member) for key, member in value.items()}
    if isinstance(value, list):
        return [without_braces(member) for member in value]
    return value.replace("${", "").replace("}", "") if isinstance(value, str) else value
