"""Runs a Pulumi program as its language host does, in this process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pulumi.runtime.settings import SETTINGS


@contextlib.contextmanager
def inside(root: Path) -> Iterator[None]:
    """The program's folder is the working directory and on the import path, as under the CLI."""
    path = list(sys.path)
    sys.path.insert(0, str(root))
    try:
        with contextlib.chdir(root):
            yield
    finally:
        sys.path[:] = path


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """The collector rests, which else would take two fifths of the time.

    What a program makes are many objects of the SDK, and they last until its end.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


async def run_program(file: Path) -> None:
    """Runs the program, and waits for its resources.

    The SDK would wait too, but looks at every output again whenever one is known: with the
    hundreds of this stack that takes longer than all else.
    """
    runpy.run_path(str(file), run_name="__main__")
    while outstanding := _outstanding():
        await asyncio.wait(outstanding)


def _outstanding() -> list[asyncio.Task[Any]]:
    with SETTINGS.lock:
        return [task for task in SETTINGS.outputs if not task.done()]
