"""The tables speak of properties that the installed AWS provider has."""

from typing import Any

import pulumi
import pulumi_aws
import pulumi_random
import pytest
from pulumi._types import resource_pulumi_to_py_names

from local.deploy.naming import NAME_RULES
from local.deploy.no_effect import LOCAL_NO_EFFECT
from local.deploy.providers import KINDS, provider

# The provider's own inputs are no properties of a resource.
TYPES = sorted(set(KINDS) - {provider.TYPE})
WITHOUT_EFFECT = sorted(set(LOCAL_NO_EFFECT) - {provider.TYPE})


def resource_class(type_: str) -> Any:
    """`aws:sqs/queuePolicy:QueuePolicy` → the class that registers under that token."""
    provider, path, name = type_.split(":")
    package = path.split("/")[0]
    if provider == "random":
        found = getattr(pulumi_random, name)
    else:
        found = getattr(getattr(pulumi_aws, "lambda_" if package == "lambda" else package), name)
    assert issubclass(found, pulumi.CustomResource)
    return found


def properties(type_: str) -> set[str]:
    return set(resource_pulumi_to_py_names(resource_class(type_)))


@pytest.mark.parametrize("type_", TYPES)
def test_every_honoured_property_exists(type_: str) -> None:
    assert set(KINDS[type_].fields) - properties(type_) == set()


@pytest.mark.parametrize("type_", WITHOUT_EFFECT)
def test_every_property_without_effect_exists_on_a_creatable_type(type_: str) -> None:
    assert type_ in KINDS
    tops = {path.split(".")[0] for path in LOCAL_NO_EFFECT[type_]}
    assert tops - properties(type_) == set()


@pytest.mark.parametrize("type_", NAME_RULES)
def test_every_name_goes_into_a_parameter(type_: str) -> None:
    assert NAME_RULES[type_].property in properties(type_)
    assert KINDS[type_].name


@pytest.mark.parametrize("type_", KINDS)
def test_a_type_with_a_name_parameter_has_a_rule_for_the_name(type_: str) -> None:
    assert (KINDS[type_].name is not None) == (type_ in NAME_RULES)


def test_every_reason_is_a_reason() -> None:
    reasons = [reason for paths in LOCAL_NO_EFFECT.values() for reason in paths.values()]
    assert min(map(len, reasons)) > 15
