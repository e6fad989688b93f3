"""The key that callbacks are signed with: made by the stack, or set by whoever owns it."""

from typing import Any

import pulumi
from pulumi.runtime import rpc

from components.orders.callback_secret import callback_secret
from tests.components.conftest import Register, Registered

KEPT = "secretsmanager/secretVersion:SecretVersion"


def kept(register: Register, given: str | None) -> Registered:
    def build() -> None:
        parent = pulumi.ComponentResource("orders:index:Any", "any")
        callback_secret(pulumi.Output.secret(given) if given else None, parent)

    return register(build)


def value(registered: Registered) -> Any:
    secret = registered.named(KEPT, "callback-secret")["secretString"]
    assert rpc.is_rpc_secret(secret)
    return rpc.unwrap_rpc_secret(secret)


def passwords(registered: Registered) -> list[dict[str, Any]]:
    return [made.inputs for made in registered.made if made.typ.startswith("random:")]


def test_a_key_that_nobody_set_is_made_and_kept_as_a_secret(register: Register) -> None:
    registered = kept(register, None)
    assert passwords(registered) == [{"length": 64, "special": False}]
    assert value(registered) == "made by the provider"


def test_a_key_that_was_set_is_kept_and_none_is_made(register: Register) -> None:
    registered = kept(register, "x" * 32)
    assert passwords(registered) == []
    assert value(registered) == "x" * 32
