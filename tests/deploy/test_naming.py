"""URNs and physical names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.deploy.naming import NAME_RULES, physical_name, urn
from local.deploy.values import COMPUTED

QUEUE = "aws:sqs/queue:Queue"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
SHOP = "urn:pulumi:dev::shop::shop:index:Shop::main"


def test_a_resource_of_the_stack_is_named_by_its_own_type() -> None:
    assert urn("shop", "dev", STACK, QUEUE, "q") == f"urn:pulumi:dev::shop::{QUEUE}::q"


def test_a_resource_of_a_component_is_named_by_the_types_above_it() -> None:
    below = urn("shop", "dev", SHOP, "shop:index:Lane", "l")
    assert urn("shop", "dev", below, QUEUE, "q") == (
        f"urn:pulumi:dev::shop::shop:index:Shop$shop:index:Lane${QUEUE}::q"
    )


def test_the_stack_itself_has_no_parent() -> None:
    assert urn("shop", "dev", "", "pulumi:pulumi:Stack", "shop-dev") == STACK


@given(st.text(max_size=30))
def test_a_made_up_name_is_the_same_every_time_and_differs_by_urn(name: str) -> None:
    first = physical_name(f"urn-1-{name}", QUEUE, name, {})
    assert first == physical_name(f"urn-1-{name}", QUEUE, name, {})
    assert first != physical_name(f"urn-2-{name}", QUEUE, name, {})
    assert first["name"].startswith(f"{name}-")
    assert len(first["name"]) == len(name) + 8


def test_the_made_up_name_of_a_fifo_queue_says_so() -> None:
    for type_, property_ in ((QUEUE, "fifoQueue"), ("aws:sns/topic:Topic", "fifoTopic")):
        name = physical_name("urn", type_, "q", {property_: True})["name"]
        assert (name[:2], name[-5:], len(name)) == ("q-", ".fifo", 14)
        assert not physical_name("urn", type_, "q", {property_: False})["name"].endswith(".fifo")


def test_a_given_name_is_kept() -> None:
    assert physical_name("urn", QUEUE, "q", {"name": "orders"}) == {"name": "orders"}


def test_a_type_without_a_name_gets_none() -> None:
    assert physical_name("urn", "aws:sqs/queuePolicy:QueuePolicy", "q", {}) == {}


def test_a_given_name_that_is_not_known_yet_is_not_made_up() -> None:
    assert physical_name("urn", QUEUE, "q", {"name": COMPUTED}) == {}


def test_an_alias_of_a_key_keeps_its_prefix() -> None:
    assert physical_name("urn", "aws:kms/alias:Alias", "k", {})["name"].startswith("alias/k-")


@pytest.mark.parametrize("type_", NAME_RULES)
def test_a_name_may_be_as_long_as_aws_allows_and_no_longer(type_: str) -> None:
    rule = NAME_RULES[type_]
    fits = {rule.property: "n" * rule.limit}
    assert physical_name("urn", type_, "x", fits) == fits
    with pytest.raises(ValueError, match=f"is longer than {rule.limit} characters"):
        physical_name("urn", type_, "x", {rule.property: "n" * (rule.limit + 1)})
