"""The server process: binds a port, then loads the emulators, mends them and serves.

The order matters: both emulators read their settings, the port among them, when imported.
"""

import asyncio
import gc
import json
import logging
import os
import resource
import shutil
import signal
import socket
import sys
import threading
import time
from typing import Any

from local.emulator import moto_import
from local.emulator.settings import Settings

_FILES = 8192
_GUARD_POLL_SECONDS = 0.5
_IDLE_SECONDS = 75  # for which a connection is kept


def main() -> None:
    """Serve until killed. Says `{"port": N}` on standard output once requests are answered.

    Says `{"refused": sentence}` there if it may not listen on the port.
    """
    logging.basicConfig(level=logging.WARNING)
    settings = Settings.from_environment()
    listener = _listen(settings.port)
    os.environ["GATEWAY_PORT"] = str(listener.getsockname()[1])

    _raise_file_limit()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    moto_import.lighten()
    gc.disable()
    from local.emulator.application import build

    application = build(settings)
    gc.freeze()  # what was imported stays; the collector need not look through it again and again
    gc.set_threshold(50_000, 20, 50)  # a full collection looks through every order that is kept
    gc.enable()
    asyncio.run(_serve(_told_when_ready(application, listener), listener))


def _raise_file_limit() -> None:
    """Callers, machines and functions all hold connections to this one process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _end_with(guard: int) -> None:
    """Clean up in the guard's place should it be killed."""
    while os.getppid() == guard:
        time.sleep(_GUARD_POLL_SECONDS)
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        why = f"port {port} cannot be listened on: {error.strerror}; choose another"
        print(json.dumps({"refused": why}), flush=True)  # noqa: T201 - the protocol
        sys.exit(why)
    listener.listen(256)
    return listener


async def _serve(application: Any, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        application,
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        date_header=False,  # ministack sends its own
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    await uvicorn.Server(config).serve(sockets=[listener])


def _told_when_ready(application: Any, listener: socket.socket) -> Any:
    """The application, reporting the port when its start-up is complete."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def tell(message: dict[str, Any]) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                print(json.dumps({"port": listener.getsockname()[1]}), flush=True)  # noqa: T201
                sys.stdout = sys.stderr  # the protocol has one line; what libraries print is log

        await application(scope, receive, tell if scope["type"] == "lifespan" else send)

    return wrapped


if __name__ == "__main__":
    main()
