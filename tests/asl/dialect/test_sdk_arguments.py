"""Arguments of SDK integrations, held against the models of the AWS SDK.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import assert_told_apart, integration, machine

Arguments = dict[str, Any]
BUCKET: Arguments = {"Bucket": "b"}
KEYED: Arguments = {"TableName": "T", "Key": {"Id": "a"}}
ITEM: Arguments = {"TableName": "T", "Item": {"Id": {"S": "a"}}}


@pytest.mark.parametrize(
    ("api", "illegal", "sentence", "legal"),
    [
        (
            "sfn:sendTaskSuccess",
            {"TaskToken": "t"},
            " lacks Output, which aws-sdk:sfn:sendTaskSuccess needs",
            {"TaskToken": "t", "Output": {"any": "JSON"}},
        ),
        (
            "sfn:startExecution",
            {"stateMachineArn": "a"},
            ".stateMachineArn must be spelt StateMachineArn",
            {"StateMachineArn": "a"},
        ),
        (
            "s3:getObject",
            BUCKET,
            " lacks Key, which aws-sdk:s3:getObject needs",
            {**BUCKET, "Key": "k"},
        ),
        (
            "s3:putObject",
            {**BUCKET, "Key": "k", "Bod": "x"},
            ".Bod is no parameter of aws-sdk:s3:putObject; did you mean Body?",
            {**BUCKET, "Key": "k", "Body": {"a": 1}},
        ),
        (
            "s3:listObjectsV2",
            {**BUCKET, "MaxKeys": "many"},
            ".MaxKeys must be a whole number, not 'many'",
            {**BUCKET, "MaxKeys": 10},
        ),
        (
            "dynamodb:putItem",
            {**ITEM, "Condition": "x"},
            ".Condition is no parameter of aws-sdk:dynamodb:putItem",
            {**ITEM, "ConditionExpression": "x"},
        ),
        ("dynamodb:putItem", {**ITEM, "Item": [1]}, ".Item must be an object, not [1]", ITEM),
        (
            "dynamodb:putItem",
            {"TableName": 5, "Item": {}},
            ".TableName must be a string, not 5",
            ITEM,
        ),
        (
            "dynamodb:transactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "T"}}]},
            ".TransactItems[0].Put lacks Item",
            {"TransactItems": [{"Put": ITEM}]},
        ),
        (
            "dynamodb:transactWriteItems",
            {"TransactItems": [{"put": ITEM}]},
            ".TransactItems[0].put must be spelt Put",
            {"TransactItems": "{% [$states.input] %}"},
        ),
        (
            "dynamodb:getItem",
            KEYED,
            ".Key.Id must be an object, not 'a'",
            {**KEYED, "Key": {"Id": {"S": "a"}}},
        ),
        (
            "rds:startDBInstance",
            {"DBInstance": "d"},
            ".DBInstance is no parameter of aws-sdk:rds:startDBInstance",
            {"DbInstanceIdentifier": "d"},
        ),
        (
            "rds:startDBInstance",
            {"dbInstanceIdentifier": "d"},
            ".dbInstanceIdentifier must be spelt DBInstanceIdentifier",
            {"DBInstanceIdentifier": "d"},
        ),
        (
            "ec2:startInstances",
            {"InstanceIds": "i-1"},
            ".InstanceIds must be a list, not 'i-1'",
            {"InstanceIds": ["i-1"]},
        ),
        (
            "ec2:stopInstances",
            {"InstanceIds": ["i-1"], "Force": "maybe"},
            ".Force must be true or false, not 'maybe'",
            {"InstanceIds": ["i-1"], "Force": "true"},
        ),
        (
            "sesv2:sendEmail",
            {"Content": {"Simple": {"Subject": "s"}}},
            ".Content.Simple.Subject must be an object, not 's'",
            {"Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}},
        ),
        (
            "sqs:sendMessage",
            {"QueueUrl": "u"},
            " lacks MessageBody",
            {"QueueUrl": "u", "MessageBody": "m"},
        ),
        ("secretsmanager:getSecretValue", {}, " lacks SecretId", {"SecretId": "s"}),
        (
            "cloudwatch:putMetricData",
            {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": "high"}]},
            ".MetricData[0].Value must be a number, not 'high'",
            {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 0.5}]},
        ),
    ],
)
def test_arguments_that_the_sdk_would_refuse_are_refused_by_their_way(
    api: str, illegal: Arguments, sentence: str, legal: Arguments
) -> None:
    assert_told_apart(
        machine(integration(f"aws-sdk:{api}", illegal)),
        f"Arguments{sentence}",
        machine(integration(f"aws-sdk:{api}", legal)),
    )


def test_a_token_that_the_sdk_makes_up_itself_is_not_missed() -> None:
    given = {"ApplicationId": "a", "ExecutionRoleArn": "r"}
    assert_told_apart(
        machine(integration("aws-sdk:emrserverless:startJobRun", {"ApplicationId": "a"})),
        "Arguments lacks ExecutionRoleArn",
        machine(integration("aws-sdk:emrserverless:startJobRun", given)),
    )
