"""Several processes that run cases, each on a cloud of its own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.util import Finalize
from typing import Any

from local.cloud import CloudError
from local.deploy import DeployError
from local.faults.work import Outcome, Worker

_worker: Worker | None = None
_LAST = 100  # what has a priority is called before the process ends


class Crew:
    """Processes at work on cases; enter `crew`."""

    def __init__(self, pool: ProcessPoolExecutor, size: int) -> None:
        self._pool = pool
        self._size = size

    def functions(self) -> Sequence[str]:
        """The functions of the stack that are no task of a machine, by module."""
        with _out_of_reach_of_interrupts():
            asked = [self._pool.submit(_functions) for _ in range(self._size)]  # each deploys now
        return asked[0].result()

    def run(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Outcome]]:
        """The outcomes of cases as they come, each with the number of its document."""
        numbers: dict[Future[Outcome], int] = {
            self._pool.submit(_run, document): number for number, document in enumerate(documents)
        }
        for done in as_completed(numbers):
            yield numbers[done], done.result()


@contextmanager
def _out_of_reach_of_interrupts() -> Iterator[None]:
    """Processes that are started meanwhile do not see Ctrl-C, which would strike as they import."""
    resource_tracker.ensure_running()  # unblocks the signal when it is started, so do that first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def crew(size: int, stack: str) -> Iterator[Crew]:
    """So many processes, which end with this one however it ends.

    Raises:
        CloudError: one of them died.
    """
    pool = ProcessPoolExecutor(
        size,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(stack,),
    )
    try:
        yield Crew(pool, size)
    except BrokenProcessPool as error:
        raise CloudError(f"a process that ran scenarios died: {error}") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(stack: str) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is interrupted ends the crew
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(stack)
    Finalize(None, _worker.close, exitpriority=_LAST)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the cloud's own guard takes it away


def _run(document: Mapping[str, Any]) -> Outcome:
    with _reported():
        return _own().run(document)


def _functions() -> Sequence[str]:
    with _reported():
        return _own().functions()


@contextmanager
def _reported() -> Iterator[None]:
    """A failed deployment as an error that another process can read."""
    try:
        yield
    except DeployError as error:
        raise CloudError(str(error)) from None


def _own() -> Worker:
    if _worker is None:
        raise RuntimeError("this process is none of a crew")
    return _worker
