from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl import (
    HiddenTarget,
    Scope,
    UnknownIntegration,
    encryption_statements,
    invoke,
    logging_statements,
    permissions,
    policy_document,
    tracing_statements,
    transact,
)
from asl.grants import GRANTS
from tests.asl.samples import LAMBDA, integration, load, machine, task

SCOPE = Scope("aws", "us-east-1", "123456789012", machine="Orders")
HERE = "us-east-1:123456789012"
CHILD = f"arn:aws:states:{HERE}:stateMachine:Child"
RULE = f"arn:aws:events:{HERE}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"


def needs(state: dict[str, Any], scope: Scope = SCOPE) -> dict[str, list[str]]:
    return {
        statement["Action"][0]: statement["Resource"]
        for statement in permissions(machine(state), scope)
    }


def test_a_statement_allows_one_action_on_exactly_the_resources_named() -> None:
    definition = machine(
        {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "B", "States": {"B": invoke(f"{LAMBDA}B", {}, End=True)}},
                {"StartAt": "A", "States": {"A": invoke(f"{LAMBDA}A", {}, End=True)}},
            ],
            "Next": "Each",
        },
        Each={
            "Type": "Map",
            "Iterator": {"StartAt": "C", "States": {"C": task(f"{LAMBDA}C:live")}},
            "End": True,
        },
    )
    assert permissions(definition, SCOPE) == [
        {
            "Sid": "LambdaInvokeFunction",
            "Effect": "Allow",
            "Action": ["lambda:InvokeFunction"],
            "Resource": [f"{LAMBDA}A", f"{LAMBDA}B", f"{LAMBDA}C:live"],
        }
    ]


@pytest.mark.parametrize(
    ("api", "arguments", "expected"),
    [
        ("lambda:invoke", {"FunctionName": LAMBDA}, {"lambda:InvokeFunction": [LAMBDA]}),
        (
            "lambda:invoke.waitForTaskToken",
            {"FunctionName": "Work", "Qualifier": "live"},
            {"lambda:InvokeFunction": [f"{LAMBDA}:live"]},
        ),
        (
            "lambda:invoke",
            {"FunctionName": "210987654321:function:Work"},
            {"lambda:InvokeFunction": ["arn:aws:lambda:us-east-1:210987654321:function:Work"]},
        ),
        (
            "dynamodb:putItem",
            {"TableName": "Orders"},
            {"dynamodb:PutItem": [f"arn:aws:dynamodb:{HERE}:table/Orders"]},
        ),
        (
            "dynamodb:updateItem",
            {"TableName": "{% 'Orders' %}"},
            {"dynamodb:UpdateItem": [f"arn:aws:dynamodb:{HERE}:table/Orders"]},
        ),
        (
            "dynamodb:deleteItem",
            {"TableName": "arn:aws:dynamodb:eu-west-1:1:table/Orders"},
            {"dynamodb:DeleteItem": ["arn:aws:dynamodb:eu-west-1:1:table/Orders"]},
        ),
        (
            "aws-sdk:dynamodb:query",
            {"TableName": "Orders", "IndexName": "History"},
            {"dynamodb:Query": [f"arn:aws:dynamodb:{HERE}:table/Orders/index/History"]},
        ),
        (
            "events:putEvents",
            {"Entries": [{"EventBusName": "Orders", "Detail": "{% $x %}"}, {"Detail": {}}]},
            {
                "events:PutEvents": [
                    f"arn:aws:events:{HERE}:event-bus/Orders",
                    f"arn:aws:events:{HERE}:event-bus/default",
                ]
            },
        ),
        (
            "sns:publish",
            {"TopicArn": f"arn:aws:sns:{HERE}:Support"},
            {"sns:Publish": [f"arn:aws:sns:{HERE}:Support"]},
        ),
        (
            "sqs:sendMessage.waitForTaskToken",
            {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/210987654321/Work"},
            {"sqs:SendMessage": ["arn:aws:sqs:eu-west-1:210987654321:Work"]},
        ),
        (
            "sqs:sendMessage",
            {"QueueUrl": "http://127.0.0.1:4566/000000000000/Work"},
            {"sqs:SendMessage": ["arn:aws:sqs:us-east-1:000000000000:Work"]},
        ),
        (
            "states:startExecution",
            {"StateMachineArn": f"{CHILD}:live"},
            {"states:StartExecution": [CHILD]},
        ),
        (
            "states:startExecution.sync:2",
            {"StateMachineArn": CHILD},
            {
                "events:DescribeRule": [RULE],
                "events:PutRule": [RULE],
                "events:PutTargets": [RULE],
                "states:DescribeExecution": [f"arn:aws:states:{HERE}:execution:Child:*"],
                "states:StartExecution": [CHILD],
                "states:StopExecution": [f"arn:aws:states:{HERE}:execution:Child:*"],
            },
        ),
        (
            "aws-sdk:sesv2:sendEmail",
            {"FromEmailAddress": "Orders <orders@example.com>", "ConfigurationSetName": "Mail"},
            {
                "ses:SendEmail": [
                    f"arn:aws:ses:{HERE}:configuration-set/Mail",
                    f"arn:aws:ses:{HERE}:identity/example.com",
                    f"arn:aws:ses:{HERE}:identity/orders@example.com",
                ]
            },
        ),
        (
            "aws-sdk:s3:putObject",
            {"Bucket": "labels", "Key": "{% $id %}"},
            {"s3:PutObject": ["arn:aws:s3:::labels/*"]},
        ),
        (
            "aws-sdk:s3:getObject",
            {"Bucket": "labels", "Key": "a/b.pdf"},
            {"s3:GetObject": ["arn:aws:s3:::labels/a/b.pdf"]},
        ),
    ],
)
def test_each_integration_needs_its_actions_on_its_target(
    api: str, arguments: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    assert needs(integration(api, arguments)) == expected


@pytest.mark.parametrize("api", sorted(GRANTS))
def test_no_integration_is_granted_a_target_that_is_not_there(api: str) -> None:
    with pytest.raises(HiddenTarget, match="State 'Work'"):
        needs(integration(api, {}))


@pytest.mark.parametrize(
    ("api", "arguments"),
    [
        ("lambda:invoke", {"FunctionName": "{% $name %}"}),
        ("lambda:invoke", "{% {'FunctionName': 'Work'} %}"),
        ("dynamodb:putItem", {"TableName": "{% 'Or' & 'ders' %}"}),
        ("dynamodb:putItem", {"TableName": "*"}),
        ("dynamodb:putItem", {"TableName": "Orders?"}),
        ("dynamodb:putItem", {"TableName": "${aws:username}"}),
        ("dynamodb:putItem", {"TableName": 5}),
        ("aws-sdk:dynamodb:query", {"TableName": "Orders", "IndexName": "{% $i %}"}),
        ("events:putEvents", {"Entries": "{% $entries %}"}),
        ("events:putEvents", {"Entries": ["{% $entry %}"]}),
        ("sns:publish", {"PhoneNumber": "+15550100"}),
        ("sqs:sendMessage", {"QueueUrl": "Work"}),
        ("aws-sdk:s3:putObject", {"Bucket": "{% $b %}", "Key": "x"}),
    ],
)
def test_a_target_made_at_run_time_is_refused_with_the_states_name(
    api: str, arguments: Any
) -> None:
    with pytest.raises(HiddenTarget, match="State 'Work'"):
        needs(integration(api, arguments))


def test_a_target_chosen_by_jsonpath_is_refused() -> None:
    state = task("arn:aws:states:::lambda:invoke", Parameters={"FunctionName.$": "$.function"})
    definition = {"StartAt": "Work", "States": {"Work": state}}
    with pytest.raises(HiddenTarget, match="FunctionName"):
        permissions(definition, SCOPE)


@pytest.mark.parametrize(
    "resource",
    ["arn:aws:states:::aws-sdk:ssm:getParameter", "arn:aws:states:::ecs:runTask.sync", "Work"],
)
def test_an_integration_that_is_not_in_the_table_is_refused(resource: str) -> None:
    with pytest.raises(UnknownIntegration, match="State 'Work' uses"):
        needs(task(resource, {}))


def test_a_dynamic_transaction_needs_what_it_declares() -> None:
    state = transact(
        "transactWriteItems",
        {"TransactItems": "{% $append([{'Put': {'TableName': 'Rows'}}], $more('Stock')) %}"},
        {"Rows": ["PutItem"], "Stock": ["UpdateItem", "ConditionCheckItem"]},
        End=True,
    )
    assert needs(state) == {
        "dynamodb:ConditionCheckItem": [f"arn:aws:dynamodb:{HERE}:table/Stock"],
        "dynamodb:PutItem": [f"arn:aws:dynamodb:{HERE}:table/Rows"],
        "dynamodb:UpdateItem": [f"arn:aws:dynamodb:{HERE}:table/Stock"],
    }


def test_a_plain_transaction_needs_what_it_names() -> None:
    items = [{"Get": {"TableName": "Rows", "Key": {}}}, {"Get": {"TableName": "Stock"}}]
    state = integration("aws-sdk:dynamodb:transactGetItems", {"TransactItems": items})
    tables = [f"arn:aws:dynamodb:{HERE}:table/{name}" for name in ("Rows", "Stock")]
    assert needs(state) == {"dynamodb:GetItem": tables}


@pytest.mark.parametrize(
    "items",
    [
        "{% [{'Put': {'TableName': 'Rows'}}] %}",
        [{"Put": {"TableName": "{% $table %}"}}],
        [{"Put": {"TableName": "Rows"}}, "{% $more %}"],
        [{"Put": {"TableName": "*"}}],
        ["{% ( %}"],
        5,
        [],
    ],
)
def test_a_dynamic_transaction_without_a_declaration_is_refused(items: Any) -> None:
    state = integration("aws-sdk:dynamodb:transactWriteItems", {"TransactItems": items})
    with pytest.raises(HiddenTarget, match=r"State 'Work' .* declare"):
        needs(state)


def test_a_task_with_a_role_of_its_own_needs_that_role_only() -> None:
    role = "arn:aws:iam::210987654321:role/Other"
    state = integration("lambda:invoke", {"FunctionName": "x"}, Credentials={"RoleArn": role})
    assert needs(state) == {"sts:AssumeRole": [role]}


def test_an_activity_needs_nothing() -> None:
    assert needs(task(f"arn:aws:states:{HERE}:activity:Work")) == {}


def test_a_distributed_map_needs_its_own_machine_and_its_data() -> None:
    found = {
        statement["Action"][0]: statement["Resource"]
        for statement in permissions(load("distributed_map"), SCOPE)
    }
    assert found == {
        "lambda:InvokeFunction": [f"arn:aws:lambda:{HERE}:function:Handle"],
        "s3:AbortMultipartUpload": ["arn:aws:s3:::orders-out/runs/*"],
        "s3:GetObject": ["arn:aws:s3:::orders-in/*", "arn:aws:s3:::orders-out/runs/*"],
        "s3:ListBucket": ["arn:aws:s3:::orders-in"],
        "s3:ListMultipartUploadParts": ["arn:aws:s3:::orders-out/runs/*"],
        "s3:PutObject": ["arn:aws:s3:::orders-out/runs/*"],
        "sqs:SendMessage": [f"arn:aws:sqs:{HERE}:Work"],
        "states:DescribeExecution": [f"arn:aws:states:{HERE}:execution:Orders:*"],
        "states:RedriveExecution": [f"arn:aws:states:{HERE}:execution:Orders/*:*"],
        "states:StartExecution": [f"arn:aws:states:{HERE}:stateMachine:Orders"],
        "states:StopExecution": [f"arn:aws:states:{HERE}:execution:Orders:*"],
    }


def test_a_distributed_map_of_a_machine_without_a_name_is_refused() -> None:
    with pytest.raises(HiddenTarget, match="give Scope the machine's name"):
        permissions(load("distributed_map"), Scope("aws", "us-east-1", "123456789012"))


@given(st.permutations(["A", "B", "C", "D"]))
def test_the_order_of_states_does_not_change_the_permissions(names: list[str]) -> None:
    states = {name: integration("sns:publish", {"TopicArn": name}) for name in names}
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": states}
    resources = [f"arn:aws:sns:{HERE}:{name}" for name in "ABCD"]
    assert [s["Resource"] for s in permissions(definition, SCOPE)] == [resources]


def test_partition_region_and_account_come_from_the_scope() -> None:
    china = Scope("aws-cn", "cn-north-1", "210987654321")
    state = integration("dynamodb:getItem", {"TableName": "Orders"})
    assert needs(state, china) == {
        "dynamodb:GetItem": ["arn:aws-cn:dynamodb:cn-north-1:210987654321:table/Orders"]
    }


def test_only_logging_and_tracing_are_allowed_on_everything() -> None:
    logs, traces = logging_statements(), tracing_statements()
    assert [statement["Resource"] for statement in logs + traces] == [["*"], ["*"]]
    assert {action.partition(":")[0] for action in logs[0]["Action"]} == {"logs"}
    assert "logs:CreateLogDelivery" in logs[0]["Action"]
    assert {action.partition(":")[0] for action in traces[0]["Action"]} == {"xray"}


def test_encryption_needs_the_keys_and_nothing_without_any() -> None:
    assert encryption_statements([]) == []
    assert encryption_statements(["key-b", "key-a", "key-b"]) == [
        {
            "Sid": "Encryption",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": ["key-a", "key-b"],
        }
    ]


def test_a_policy_document_has_the_version_that_iam_wants() -> None:
    statements = tracing_statements()
    assert policy_document(statements) == {"Version": "2012-10-17", "Statement": statements}
