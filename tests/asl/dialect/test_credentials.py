"""Credentials: the role that a Task takes on.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import LAMBDA, assert_told_apart, jsonpath, machine, task

ROLE = "arn:aws:iam::123456789012:role/path/Runner"


def jsonata_task(credentials: Any) -> dict[str, Any]:
    return machine(task(LAMBDA, Credentials=credentials))


def jsonpath_task(credentials: Any) -> dict[str, Any]:
    return jsonpath(task(LAMBDA, Credentials=credentials))


@pytest.mark.parametrize(
    ("make", "illegal", "sentence", "legal"),
    [
        (jsonata_task, {}, "Credentials needs exactly one of RoleArn", {"RoleArn": ROLE}),
        (jsonpath_task, {}, "Credentials needs exactly one of RoleArn", {"RoleArn": ROLE}),
        (jsonata_task, {"RoleArn": ""}, "Credentials.RoleArn must be the ARN", {"RoleArn": ROLE}),
        (jsonata_task, {"RoleArn": None}, "Credentials.RoleArn must be the ARN", {"RoleArn": ROLE}),
        (jsonata_task, {"Role": ROLE}, "Credentials.Role is not a field", {"RoleArn": ROLE}),
        (
            jsonata_task,
            {"RoleArn": "Runner"},
            "RoleArn must be the ARN of an IAM role or a JSONata",
            {"RoleArn": "{% $states.input.role %}"},
        ),
        (
            jsonata_task,
            {"RoleArn": ROLE.replace(":role", ":user")},
            "RoleArn must be the ARN",
            {"RoleArn": ROLE.replace("aws", "aws-cn")},
        ),
        (
            jsonata_task,
            {"RoleArn": [ROLE]},
            "RoleArn must be the ARN",
            {"RoleArn": "${RunnerRoleArn}"},
        ),
        (
            jsonata_task,
            {"RoleArn.$": "$.role"},
            "RoleArn.$ belongs to JSONPath",
            "{% {'RoleArn': $states.input.role} %}",
        ),
        (
            jsonpath_task,
            {"RoleArn.$": "role"},
            "RoleArn.$ must be a JSONPath or an intrinsic",
            {"RoleArn.$": "$.role"},
        ),
        (
            jsonpath_task,
            {"RoleArn.$": "$.a", "RoleArn": ROLE},
            "exactly one of RoleArn, RoleArn.$, and has RoleArn, RoleArn.$",
            {"RoleArn.$": "States.Format('arn:aws:iam::{}:role/R', $.account)"},
        ),
        (
            jsonpath_task,
            {"RoleArn": "{% $role %}"},
            "RoleArn must be the ARN of an IAM role, not",
            {"RoleArn": ROLE},
        ),
        (jsonata_task, "", "Credentials must be an object", {"RoleArn": ROLE}),
    ],
)
def test_credentials_without_a_role_are_refused(
    make: Any, illegal: Any, sentence: str, legal: Any
) -> None:
    assert_told_apart(make(illegal), sentence, make(legal))
