"""What the roles of a deployed stack may do, and whether a request has ever needed it."""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from local.cloud import Cloud
from local.stack import Stack

Grant = tuple[str, str, str]
"""A policy's name, an action, and what of a resource's ARN follows the account."""

_POLICY = "aws:iam/rolePolicy:RolePolicy"
_RANDOM = re.compile(r"(:secret:.*)-[0-9a-f]{6}$")
"""What Secrets Manager adds to the name of a secret."""


def record(cloud: Cloud) -> Cloud:
    """The cloud, which from now on remembers what roles are allowed."""
    cloud.control("permissions", {"record": True})
    return cloud


def grants(stack: Stack) -> Mapping[Grant, bool]:
    """Every grant, and whether it was needed since recording began."""
    uses = stack.cloud.control("permissions", {})["used"]
    return {
        (policy, action, _plain(resource)): any(
            (by, asked) == (role, action) and fnmatchcase(on, resource) for by, asked, on in uses
        )
        for policy, role, action, resource in _granted(stack)
    }


def _plain(resource: str) -> str:
    return _RANDOM.sub(r"\1", resource).split(":", 5)[-1]


def _granted(stack: Stack) -> Iterator[tuple[str, str, str, str]]:
    """Policy, role, action and resource of every grant."""
    for made in stack.deployment.registrations:
        if made.type == _POLICY:
            for statement in json.loads(made.inputs["policy"])["Statement"]:
                for action in statement["Action"]:
                    for resource in statement["Resource"]:
                        yield made.name, made.inputs["role"], action, resource
