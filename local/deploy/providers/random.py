"""Passwords of the provider `random`, which its resources alone remember."""

from __future__ import annotations

import hashlib
import json
import secrets
import string
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from local.deploy.backend import AwsClients, Created
from local.deploy.fields import Fields
from local.deploy.kinds import Kind, Kinds, Order

TYPE = "random:index/randomPassword:RandomPassword"
_PASSWORD: Fields = {
    "keepers": "keepers",
    "length": "length",
    "lower": "lower",
    "numeric": "numeric",
    "special": "special",
    "upper": "upper",
}
_CHARACTERS = {
    "lower": string.ascii_lowercase,
    "numeric": string.digits,
    "special": "!@#$%&*()-_=+[]{}<>:?",
    "upper": string.ascii_uppercase,
}
_ID = "none"  # the provider's own, which keeps the value out of the id
# One for each cloud, so that a password is the same at a second `up` and another's in another.
_SEEDS: WeakKeyDictionary[AwsClients, bytes] = WeakKeyDictionary()


def _password(order: Order) -> Created:
    seed = _SEEDS.setdefault(order.cloud, secrets.token_bytes(32))
    material = seed + json.dumps([order.urn, order.params], sort_keys=True).encode()
    return Created(_ID, {"result": _drawn(material, order.params)})


def _drawn(material: bytes, params: Mapping[str, Any]) -> str:
    """Draws characters of every chosen class; the same material gives the same ones."""
    known = "".join(_CHARACTERS[name] for name in sorted(_CHARACTERS) if params.get(name, True))
    if not known:
        raise ValueError("one of lower, numeric, special and upper must be true")
    # Two bytes a character, where one would do: then each is as likely as the next.
    number = int.from_bytes(hashlib.shake_256(material).digest(2 * params["length"]))
    drawn = []
    for _ in range(params["length"]):
        number, place = divmod(number, len(known))
        drawn.append(known[place])
    return "".join(drawn)


KINDS: Kinds = {TYPE: Kind(_password, _PASSWORD)}
