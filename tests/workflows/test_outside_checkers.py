"""What cfn-lint's schema of state machines says of the project's own."""

import json
from typing import Any

import pytest

from workflows import DEFINITIONS


def problems(definition: dict[str, Any]) -> list[str]:
    from cfnlint.api import lint_all  # half a second that other processes are spared

    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": "arn:aws:iam::123456789012:role/machine",
            "DefinitionString": json.dumps(definition),
        },
    }
    template = json.dumps({"Resources": {"Machine": machine}})
    found = [f"{match.rule.id} {match.message}" for match in lint_all(template)]
    return [problem for problem in found if not problem.startswith("I")]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_cfn_lint_finds_nothing_in_a_definition(name: str) -> None:
    assert problems(DEFINITIONS[name]()) == []


def test_cfn_lint_would_find_a_mistake() -> None:
    (found,) = problems({"StartAt": "A", "States": {"A": {"Type": "Pass"}}})

    assert found.startswith("E3601")
