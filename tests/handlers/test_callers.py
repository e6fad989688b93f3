"""Who makes a request."""

from typing import Any

import pytest

from handlers.shared.callers import Caller, caller_of
from handlers.shared.http import Refused
from tests.handlers.http import SHOP, customer, event


def caller(authorizer: Any) -> Caller:
    return caller_of(event("GET /", authorizer))


def test_a_tokens_subject_acts_for_itself_only() -> None:
    found = caller(customer("c-1"))
    assert found == Caller("jwt:c-1", "c-1")
    assert found.acts_for("c-1")
    assert not found.acts_for("c-2")
    assert not found.acts_for(None)


def test_who_signs_acts_for_everybody() -> None:
    found = caller(SHOP)
    assert found == Caller("iam:arn:aws:iam::123456789012:user/shop", None)
    assert found.acts_for("c-1")
    assert found.acts_for(None)


def test_a_user_in_a_folder_is_not_another_user() -> None:
    users = ("arn:aws:iam::1:user/shop/a", "arn:aws:iam::1:user/shop/b")
    assert len({caller({"iam": {"userArn": user}}).name for user in users}) == 2


def test_a_token_is_not_a_signature_of_the_same_name() -> None:
    arn = SHOP["iam"]["userArn"]
    assert caller(customer(arn)).name != caller(SHOP).name


def test_a_token_without_a_subject_is_nobodys_even_beside_a_signature() -> None:
    with pytest.raises(Refused):
        caller({"jwt": {"claims": {}}, **SHOP})


def test_a_route_without_an_authorizer_serves_nobody() -> None:
    with pytest.raises(Refused):
        caller_of({})
