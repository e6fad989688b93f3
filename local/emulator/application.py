"""The ASGI application: ministack, moto's engine as its Step Functions, and our own controls.

Before it stands the rule of who may call.
"""

import os
from typing import Any

import ministack.app as ministack

from local.emulator import controls, engine, ministack_mends, throughput
from local.emulator.callers import Callers
from local.emulator.settings import Settings


def build(settings: Settings) -> Any:
    """Put the two emulators together, mended."""
    engine.mount(settings)
    ministack_mends.MENDS.apply()
    throughput.MENDS.apply()
    callers = Callers(int(os.environ["GATEWAY_PORT"]), settings.owner_token)
    return callers.around(controls.around(ministack.app))
