"""moto's state machine engine as the handler of ministack's `states` service.

ministack calls a service's handler after its IAM check, so that StartExecution, SendTask* and
the rest are allowed or denied by policy like everything else.
"""

import asyncio
import contextvars
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ministack.app as ministack
from moto.core.config import default_user_config
from moto.core.request import Request
from moto.stepfunctions.responses import StepFunctionResponse

from local.emulator import clock, moto_mends, status_events, task_calls
from local.emulator.settings import Settings, endpoint

_THREADS = 64

Answer = tuple[int, dict[str, str], bytes]


def mount(settings: Settings) -> None:
    """Make moto's engine ministack's Step Functions."""
    logging.getLogger("moto.stepfunctions").setLevel(logging.ERROR)
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    moto_mends.MENDS.apply()
    clock.scale(settings.clock_scale)
    task_calls.install()
    status_events.install()
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="states")

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]
    ) -> Answer:
        context = contextvars.copy_context()  # carries the caller's account and region
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, context.run, _call, method, path, headers, body)

    ministack.SERVICE_HANDLERS["states"] = handle


def _call(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    request = Request.from_primitives(method, endpoint() + path, headers, body)
    status, answered, content = StepFunctionResponse.dispatch(request)
    kept = {
        name: str(value)
        for name, value in answered.items()
        if name.lower() not in ("content-length", "date", "server", "status")
    }
    return int(status), kept, content if isinstance(content, bytes) else str(content).encode()
