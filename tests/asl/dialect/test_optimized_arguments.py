"""Arguments of optimized integrations, held against the API's model and AWS's page of each.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    assert_refused,
    assert_told_apart,
    integration,
    jsonpath,
    machine,
    sentences,
    task,
)

Arguments = dict[str, Any]
KEY = {"OrderId": {"S": "o-1"}}
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/Work"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:Child"


@pytest.mark.parametrize(
    ("api", "illegal", "sentence", "legal"),
    [
        (
            "dynamodb:getItem",
            {"TableNam": "T"},
            "TableNam is no parameter of dynamodb:getItem; did you mean TableName?",
            {"TableName": "T"},
        ),
        (
            "dynamodb:putItem",
            {"Items": {}},
            "Items is no parameter of dynamodb:putItem; did you mean Item?",
            {"Item": {}},
        ),
        (
            "sqs:sendMessage",
            {"Body": "x"},
            "Body is no parameter of sqs:sendMessage",
            {"MessageBody": {"any": ["JSON"]}},
        ),
        ("sns:publish", {"Topic": "x"}, "Topic is no parameter of sns:publish", {"TopicArn": "x"}),
        (
            "lambda:invoke",
            {"Function": "f"},
            "Function is no parameter of lambda:invoke",
            {"Payload": {"Function": "f"}},
        ),
        (
            "events:putEvents",
            {"Entries": [{"DetailTyp": "x"}]},
            "Entries[0].DetailTyp is no parameter of events:putEvents; did you mean DetailType?",
            {"Entries": [{"Detail": {"a": 1}}]},
        ),
        (
            "states:startExecution",
            {"Nam": "x"},
            "Nam is no parameter of states:startExecution; did you mean Name?",
            {"Input": {"Nam": "x"}},
        ),
        (
            "states:startExecution",
            {"stateMachineArn": MACHINE},
            "stateMachineArn must be spelt StateMachineArn: parameters are in PascalCase",
            {"StateMachineArn": MACHINE},
        ),
        (
            "ecs:runTask",
            {"taskDefinition": "t"},
            "taskDefinition must be spelt TaskDefinition",
            {"TaskDefinition": "t"},
        ),
        (
            "ecs:runTask",
            {"NetworkConfiguration": {"awsvpcConfiguration": {}}},
            "NetworkConfiguration.awsvpcConfiguration must be spelt AwsvpcConfiguration",
            {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["s"]}}},
        ),
        (
            "batch:submitJob",
            {"jobName": "j"},
            "jobName must be spelt JobName",
            {"RetryStrategy": {"attempts": 5}},
        ),
        (
            "glue:startJobRun",
            {"Argument": {}},
            "Argument is no parameter of glue:startJobRun; did you mean Arguments?",
            {"Arguments": {"--day": "x"}},
        ),
        (
            "http:invoke",
            {"Endpoint": "x"},
            "Endpoint is no parameter of http:invoke; did you mean ApiEndpoint?",
            {"ApiEndpoint": "x"},
        ),
        (
            "apigateway:invoke",
            {"Body": {}},
            "Body is no parameter of apigateway:invoke",
            {"RequestBody": {}},
        ),
        (
            "bedrock:invokeModel",
            {"Model": "m"},
            "Model is no parameter of bedrock:invokeModel",
            {"Input": {"S3Uri": "s3://b/k"}, "Body": {"prompt": "x"}},
        ),
        (
            "elasticmapreduce:addStep",
            {"Steps": []},
            "Steps is no parameter of elasticmapreduce:addStep",
            {"Step": {"Name": "x"}},
        ),
    ],
)
def test_a_parameter_that_the_api_does_not_have_is_refused_by_its_way(
    api: str, illegal: Arguments, sentence: str, legal: Arguments
) -> None:
    given = NEEDED[api]
    assert_told_apart(
        machine(integration(api, {**given, **illegal})),
        f"Arguments.{sentence}",
        machine(integration(api, {**given, **legal})),
    )


NEEDED: dict[str, Arguments] = {
    "apigateway:invoke": {"ApiEndpoint": "x.execute-api.us-east-1.amazonaws.com", "Method": "GET"},
    "athena:startQueryExecution": {"QueryString": "SELECT 1"},
    "batch:submitJob": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"},
    "bedrock:invokeModel": {"ModelId": "m"},
    "codebuild:startBuild": {"ProjectName": "p"},
    "databrew:startJobRun": {"Name": "j"},
    "dynamodb:getItem": {"TableName": "T", "Key": KEY},
    "dynamodb:putItem": {"TableName": "T", "Item": KEY},
    "ecs:runTask": {"TaskDefinition": "t"},
    "eks:call": {"ClusterName": "c", "Method": "GET", "Path": "/api"},
    "elasticmapreduce:addStep": {"ClusterId": "j-1"},
    "emr-containers:startJobRun": {"VirtualClusterId": "v"},
    "emr-serverless:startJobRun": {"ApplicationId": "a", "ExecutionRoleArn": "r"},
    "events:putEvents": {"Entries": [{"Detail": {"a": 1}, "DetailType": "d", "Source": "s"}]},
    "glue:startJobRun": {"JobName": "j"},
    "http:invoke": {"ApiEndpoint": "https://example.com", "Method": "POST"},
    "lambda:invoke": {"FunctionName": "f"},
    "mediaconvert:createJob": {"Role": "r", "Settings": {}},
    "sns:publish": {"Message": {"any": "JSON"}},
    "sqs:sendMessage": {"QueueUrl": QUEUE, "MessageBody": "x"},
    "states:startExecution": {"StateMachineArn": MACHINE},
}


@pytest.mark.parametrize(("api", "name"), [(api, name) for api in NEEDED for name in NEEDED[api]])
def test_a_parameter_that_the_api_needs_is_missed(api: str, name: str) -> None:
    others = {other: value for other, value in NEEDED[api].items() if other != name}
    assert_told_apart(
        machine(integration(api, others)),
        f"Arguments lacks {name}, which {api} needs",
        machine(integration(api, NEEDED[api])),
    )


@pytest.mark.parametrize(
    ("api", "illegal", "wanted", "legal"),
    [
        ("dynamodb:getItem", {"Key": "o-1"}, "Key must be an object", {"Key": {"OrderId": "o-1"}}),
        (
            "dynamodb:getItem",
            {"Key": {"OrderId": {"S": 1}}},
            "Key.OrderId.S must be a string",
            {"Key": {"OrderId": {"S": "1"}}},
        ),
        (
            "dynamodb:getItem",
            {"Key": {"OrderId": {"N": 5}}},
            "Key.OrderId.N must be a string",
            {"Key": {"OrderId": {"N": "5"}}},
        ),
        (
            "dynamodb:getItem",
            {"ConsistentRead": "yes"},
            "ConsistentRead must be true or false",
            {"ConsistentRead": True},
        ),
        (
            "dynamodb:getItem",
            {"AttributesToGet": "a"},
            "AttributesToGet must be a list",
            {"AttributesToGet": ["a"]},
        ),
        (
            "sqs:sendMessage",
            {"DelaySeconds": "soon"},
            "DelaySeconds must be a whole number",
            {"DelaySeconds": 5},
        ),
        (
            "sqs:sendMessage",
            {"DelaySeconds": 1.5},
            "DelaySeconds must be a whole number",
            {"DelaySeconds": "5"},
        ),
        (
            "sqs:sendMessage",
            {"MessageAttributes": []},
            "MessageAttributes must be an object",
            {"MessageAttributes": {"a": {"DataType": "String", "StringValue": "x"}}},
        ),
        ("ecs:runTask", {"Count": True}, "Count must be a whole number", {"Count": 1}),
        (
            "ecs:runTask",
            {"Tags": {"a": "b"}},
            "Tags must be a list",
            {"Tags": [{"Key": "a", "Value": "b"}]},
        ),
        (
            "glue:startJobRun",
            {"MaxCapacity": "much"},
            "MaxCapacity must be a number",
            {"MaxCapacity": 0.5},
        ),
        (
            "glue:startJobRun",
            {"Arguments": {"--n": 1}},
            "Arguments.--n must be a string",
            {"Arguments": {"--n": "1"}},
        ),
        (
            "events:putEvents",
            {"Entries": {"Source": "s"}},
            "Entries must be a list",
            {"Entries": [{"Source": "s"}]},
        ),
        (
            "events:putEvents",
            {"Entries": ["s"]},
            "Entries[0] must be an object",
            {"Entries": [{"Detail": "text"}]},
        ),
        (
            "states:startExecution",
            {"Name": {"a": 1}},
            "Name must be a string",
            {"Name": "n", "Input": [1]},
        ),
    ],
)
def test_a_literal_of_a_wrong_type_is_refused(
    api: str, illegal: Arguments, wanted: str, legal: Arguments
) -> None:
    given = NEEDED[api]
    assert_told_apart(
        machine(integration(api, {**given, **illegal})),
        f"Arguments.{wanted}, not ",
        machine(integration(api, {**given, **legal})),
    )


def test_what_an_expression_gives_is_checked_by_its_name_alone() -> None:
    given = {"QueueUrl": "{% $states.input.url %}", "MessageBody": "x", "DelaySeconds": "{% 'a' %}"}
    assert sentences(machine(integration("sqs:sendMessage", given))) == []
    assert_refused(
        machine(integration("sqs:sendMessage", {**given, "Delay": "{% 5 %}"})),
        "Arguments.Delay is no parameter of sqs:sendMessage",
    )


def test_what_a_path_gives_is_checked_by_its_name_alone() -> None:
    given = {"QueueUrl.$": "$.url", "MessageBody.$": "$", "DelaySeconds.$": "$.delay"}
    send = "arn:aws:states:::sqs:sendMessage"
    assert sentences(jsonpath(task(send, Parameters=given))) == []
    assert_refused(
        jsonpath(task(send, Parameters={**given, "Delay.$": "$.delay"})),
        "Parameters.Delay is no parameter of sqs:sendMessage",
    )


@pytest.mark.parametrize("arguments", [None, "{% $states.input %}"])
def test_arguments_that_are_made_at_run_time_are_not_judged(arguments: Any) -> None:
    assert sentences(machine(integration("dynamodb:getItem", arguments))) == []


def test_a_template_may_fill_in_the_partition_of_an_integration_that_is_judged_all_the_same() -> (
    None
):
    partition = "arn:${AWS::Partition}:states:::dynamodb:getItem"
    assert_refused(machine(task(partition, {"TableName": "${T}"})), "Arguments lacks Key")
