from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from botocore.session import get_session

from asl import call, catch, invoke, retry, transact, transient_errors

ARN = "arn:aws:lambda:us-east-1:123456789012:function:Pay"
BACKOFF = {
    "IntervalSeconds": 1,
    "MaxAttempts": 10,
    "BackoffRate": 2,
    "MaxDelaySeconds": 60,
    "JitterStrategy": "FULL",
}


def test_an_invocation_reads_like_the_asl_it_becomes() -> None:
    assert invoke(ARN, {"orderId": "1"}, retry_on=["Unavailable"], Next="Record") == {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": ARN, "Payload": {"orderId": "1"}},
        "TimeoutSeconds": 60,
        "Retry": [
            {
                "ErrorEquals": [
                    "Lambda.ServiceException",
                    "Lambda.AWSLambdaException",
                    "Lambda.SdkClientException",
                    "Lambda.ClientExecutionTimeoutException",
                    "Lambda.TooManyRequestsException",
                    "Unavailable",
                ],
                **BACKOFF,
            }
        ],
        "Output": "{% $states.result.Payload %}",
        "Next": "Record",
    }


def test_a_field_that_is_given_replaces_its_default() -> None:
    state = invoke(ARN, {}, TimeoutSeconds=5, Retry=[], Output="{% 1 %}", End=True)
    assert (state["TimeoutSeconds"], state["Retry"], state["Output"]) == (5, [], "{% 1 %}")


def test_a_call_keeps_its_request_and_its_way_of_waiting() -> None:
    state = call("sqs:sendMessage.waitForTaskToken", {"QueueUrl": "q"}, End=True)
    assert state["Resource"] == "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    assert state["Arguments"] == {"QueueUrl": "q"}
    assert state["TimeoutSeconds"] == 30
    assert "SQS.SdkClientException" in state["Retry"][0]["ErrorEquals"]
    assert "Output" not in state


@pytest.mark.parametrize(
    ("integration", "error"),
    [
        ("dynamodb:putItem", "DynamoDB.InternalServerError"),
        ("lambda:invoke", "Lambda.ClientExecutionTimeoutException"),
        ("lambda:invoke.waitForTaskToken", "Lambda.TooManyRequestsException"),
        ("aws-sdk:lambda:invoke", "Lambda.ServiceException"),
        ("aws-sdk:dynamodb:transactWriteItems", "DynamoDb.InternalServerErrorException"),
        ("events:putEvents", "EventBridge.FailedEntry"),
        ("sns:publish", "SNS.InternalErrorException"),
        ("sqs:sendMessage.waitForTaskToken", "SQS.RequestThrottled"),
        ("states:startExecution.sync:2", "StepFunctions.ExecutionLimitExceeded"),
        ("aws-sdk:sesv2:sendEmail", "SesV2.TooManyRequestsException"),
    ],
)
def test_each_service_retries_its_own_transient_errors(integration: str, error: str) -> None:
    assert error in transient_errors(integration)


def test_no_services_errors_are_another_services() -> None:
    assert not set(transient_errors("dynamodb:putItem")) & set(transient_errors("lambda:invoke"))
    assert transient_errors("aws-sdk:ssm:getParameter") == []


def test_what_passes_by_itself_is_waited_out_for_minutes() -> None:
    rule = retry(["Unavailable"])
    pauses = [
        min(rule["IntervalSeconds"] * rule["BackoffRate"] ** n, rule["MaxDelaySeconds"])
        for n in range(rule["MaxAttempts"])
    ]

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert sum(pauses) / 2 > 2 * 60  # full jitter draws half of each on average


def test_an_error_that_is_given_and_known_is_retried_once_in_the_list() -> None:
    state = invoke(ARN, {}, retry_on=["Lambda.ServiceException", "Own", "Own"], End=True)

    names = state["Retry"][0]["ErrorEquals"]
    assert names.count("Lambda.ServiceException") == names.count("Own") == 1


def test_a_service_without_known_transient_errors_gets_no_retry() -> None:
    assert "Retry" not in call("aws-sdk:ssm:getParameter", {"Name": "x"}, End=True)


@pytest.mark.parametrize(
    ("integration", "service", "operation"),
    [
        ("dynamodb:putItem", "dynamodb", "PutItem"),
        ("aws-sdk:dynamodb:transactWriteItems", "dynamodb", "TransactWriteItems"),
        ("sns:publish", "sns", "Publish"),
        ("sqs:sendMessage", "sqs", "SendMessage"),
        ("aws-sdk:sesv2:sendEmail", "sesv2", "SendEmail"),
    ],
)
def test_no_error_that_a_repetition_cannot_cure_is_retried(
    integration: str, service: str, operation: str
) -> None:
    model = get_session().get_service_model(service).operation_model(operation)
    lasting = {
        shape.name
        for shape in model.error_shapes
        if any(word in shape.name for word in ("NotFound", "Denied", "Invalid", "Canceled"))
        or "Conditional" in shape.name
    }
    retried = {name.partition(".")[2] for name in transient_errors(integration)}
    assert lasting
    assert not lasting & retried


def test_retry_and_catch_are_plain_rules() -> None:
    assert retry(["States.ALL"], MaxAttempts=1) == {
        "ErrorEquals": ["States.ALL"],
        **BACKOFF,
        "MaxAttempts": 1,
    }
    assert catch(["Declined"], "Refuse", Output="{% 1 %}") == {
        "ErrorEquals": ["Declined"],
        "Output": "{% 1 %}",
        "Next": "Refuse",
    }


BUILT = (
    "{% $append([{'Put': {'TableName': 'Rows', 'Item': {}}}],"
    " items.{'Update': {'TableName': \"Stock\"}}) %}"
)


def transaction(declares: dict[str, Any], arguments: Any = None) -> dict[str, Any]:
    return transact("transactWriteItems", arguments or {"TransactItems": BUILT}, declares, End=True)


def test_a_transaction_is_the_plain_dict_with_a_declaration() -> None:
    state = transaction({"Rows": ["PutItem"], "Stock": ["UpdateItem"]})
    assert json.loads(json.dumps(state)) == state
    assert state == call("aws-sdk:dynamodb:transactWriteItems", {"TransactItems": BUILT}, End=True)
    assert copy.deepcopy(state).declares == state.declares  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("declares", "sentence"),
    [
        ({"Rows": ["PutItem"]}, "UpdateItem request to 'Stock', which is not declared"),
        ({"Rows": ["UpdateItem"], "Stock": ["UpdateItem"]}, "PutItem request to 'Rows'"),
        (
            {"Rows": ["PutItem"], "Stock": ["UpdateItem"], "Other": ["PutItem"]},
            "declares the table 'Other', which its arguments nowhere name",
        ),
        ({"Rows": ["GetItem"], "Stock": ["UpdateItem"]}, "it lists GetItem"),
        ({"Rows": ["DeleteItem"], "Stock": ["UpdateItem"]}, "PutItem request to 'Rows'"),
        ({"Rows": [], "Stock": ["UpdateItem"]}, "it lists none"),
    ],
)
def test_a_declaration_that_differs_from_the_request_is_refused(
    declares: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        transaction(declares)


def test_a_table_named_in_plain_json_must_be_declared_too() -> None:
    arguments = {"TransactItems": [{"Delete": {"TableName": "Rows", "Key": {}}}]}
    assert transaction({"Rows": ["DeleteItem"]}, arguments)["Arguments"] == arguments
    with pytest.raises(ValueError, match="DeleteItem request to 'Rows'"):
        transaction({"Rows": ["PutItem"]}, arguments)


def test_a_table_whose_name_is_put_together_elsewhere_in_the_request_counts_as_named() -> None:
    arguments = {"TransactItems": "{% ($t := 'Rows'; [{'Put': {'TableName': $t}}]) %}"}
    assert transaction({"Rows": ["PutItem"]}, arguments)["Arguments"] == arguments
    with pytest.raises(ValueError, match="PutItem request to a table chosen at run time"):
        transaction({"Rows": ["UpdateItem"]}, arguments)


def test_a_transaction_that_is_not_jsonata_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="The transaction's arguments are not JSONata: "):
        transaction({"Rows": ["PutItem"]}, {"TransactItems": "{% [{'Put': %}"})
