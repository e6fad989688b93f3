"""Tells an error of the program in one sentence, with the place it came from."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path
from typing import Any

import pulumi


class ProgramErrors:
    """Remembers where in the program errors came from.

    An error inside `Output.apply` is kept in a task, and asyncio drops its traceback as soon as
    a second resource awaits that task. So the place is noted when the task ends.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        # The error is kept beside its place, so that its id cannot be another one's later.
        self._places: dict[int, tuple[BaseException, str]] = {}

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Notes the place of every error in a task of the loop.

        It also keeps asyncio from reporting errors that nobody awaited: a failed output fails
        whatever is made of it, and the run as a whole reports the error once.
        """
        loop.set_task_factory(self._task)

    def sentence(self, error: BaseException) -> str:
        """One sentence: where in the program, which exception, its message.

        `pulumi.RunError` is told by its message alone, as the CLI does.
        """
        known = isinstance(error, pulumi.RunError)
        text = str(error) if known else f"{type(error).__name__}: {error}"
        place = self._places.get(id(error), (error, self._place(error)))[1]
        return f"{place}: {text}" if place else text

    def _task(self, loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> Any:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **options)
        task.add_done_callback(self._note)
        return task

    def _note(self, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error and (place := self._place(error)):
            self._places.setdefault(id(error), (error, place))

    def _place(self, error: BaseException) -> str | None:
        """The innermost line of the program's own files that the error went through."""
        frames = traceback.extract_tb(error.__traceback__)
        paths = [(Path(frame.filename), frame.lineno) for frame in frames]
        own = [(p, n) for p, n in paths if p.is_relative_to(self._root) and ".venv" not in p.parts]
        return f"{own[-1][0].relative_to(self._root)} line {own[-1][1]}" if own else None
