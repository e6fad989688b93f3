"""The ASGI application: ministack, moto's engine as its Step Functions, and our own controls."""

from typing import Any

import ministack.app as ministack

from local.emulator import controls, engine, ministack_mends, throughput
from local.emulator.settings import Settings


def build(settings: Settings) -> Any:
    """Put the two emulators together, mended."""
    engine.mount(settings)
    ministack_mends.MENDS.apply()
    throughput.MENDS.apply()
    return controls.around(ministack.app)
