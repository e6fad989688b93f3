"""Derived permissions, and roles that lack one of them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asl
from asl import walk
from local.stack import Stack
from workflows import DEFINITIONS
from workflows.shared.placeholders import ACCOUNT, REGION


def derived(workflow: str) -> list[tuple[str, str]]:
    """Every action and resource that is derived for a workflow, with placeholder names."""
    return _of(DEFINITIONS[workflow]())


def needed_by(workflow: str, action: str, resource: str) -> set[str]:
    """The states of a workflow for which a permission is derived."""
    found = walk.states(DEFINITIONS[workflow]())
    return {
        visit.name
        for visit in found
        if visit.state["Type"] == "Task" and (action, resource) in _of(_alone(visit))
    }


def _alone(visit: walk.Visit) -> dict[str, Any]:
    """A definition of nothing but one state."""
    return {
        "QueryLanguage": visit.language,
        "StartAt": visit.name,
        "States": {visit.name: visit.state},
    }


def _of(definition: dict[str, Any]) -> list[tuple[str, str]]:
    scope = asl.Scope("aws", REGION, ACCOUNT)
    return [
        (action, resource)
        for statement in asl.permissions(definition, scope)
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]


@contextmanager
def without(stack: Stack, role: str, action: str, resource: str = "") -> Iterator[None]:
    """A role with one action on one resource taken away, or on all without a resource.

    `role` is the name of its machine or function.
    """
    policy = next(
        made
        for made in stack.deployment.registrations
        if made.type == "aws:iam/rolePolicy:RolePolicy" and made.name == f"{role}-policy"
    )
    whole = json.loads(policy.inputs["policy"])
    kept = {"Version": whole["Version"], "Statement": list(_kept(whole, action, resource))}
    assert kept["Statement"] != whole["Statement"], f"{action} on {resource} is not granted"
    put = _putter(stack, policy.inputs["role"], policy.outputs["name"])
    put(kept)
    try:
        yield
    finally:
        put(whole)


def _kept(policy: dict[str, Any], action: str, resource: str) -> Iterator[dict[str, Any]]:
    """The statements left; a deployed name carries a suffix that the placeholder lacks."""
    name = resource.rpartition(":")[2].rpartition("/")[2].lower().replace("-", "")
    for statement in policy["Statement"]:
        others = [allowed for allowed in statement["Action"] if allowed != action]
        left = [arn for arn in statement["Resource"] if resource and _plain(arn) != name]
        if others == statement["Action"]:
            yield statement
            continue
        if others:
            yield {**statement, "Action": others}
        if left:
            yield {**statement, "Action": [action], "Resource": left}


def _plain(arn: str) -> str:
    physical = arn.rpartition(":")[2].rpartition("/")[2]
    return physical.rpartition("-")[0].lower().replace("-", "")


def _putter(stack: Stack, role: str, name: str) -> Callable[[dict[str, Any]], None]:
    def put(document: dict[str, Any]) -> None:
        stack.cloud.client("iam").put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    return put
