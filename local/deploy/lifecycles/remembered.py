"""Resources that stand in no cloud: only the engine's state remembers them."""

from __future__ import annotations

from local.deploy.lifecycle import Lifecycle, Lifecycles, nothing
from local.deploy.providers import provider, random


def _stands(_: object) -> bool:
    return True


LIFECYCLES: Lifecycles = {
    type_: Lifecycle(_stands, nothing) for type_ in (provider.TYPE, random.TYPE)
}
