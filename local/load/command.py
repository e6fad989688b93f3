"""The command `orders load`: many orders at once, on a cloud of its own, counted at the end."""

import sys
import threading
import time
from dataclasses import replace
from functools import partial
from typing import Annotated, NamedTuple

import typer
from botocore.credentials import Credentials

from local.cloud import Cloud
from local.emulator.settings import ROOT_KEY
from local.http_api import HttpApi
from local.interruptible import interruptible
from local.load import asked
from local.load.counting import count
from local.load.counts import Counts, Times, line
from local.load.customers import Answers, post_all
from local.load.disturbing import Disturber
from local.load.judging import broken
from local.load.report import Progress, table
from local.load.watching import Stalled, await_quiet
from local.options import StackName
from local.stack import Stack, deploy
from local.sweeping import sweep_all
from local.tables import put
from local.terminal import Say, err, out, progress

_REAL_TIME, _FASTER = 1.0, 20.0
_NOT_MET = 3


def load(
    orders: Annotated[int, typer.Option(min=1, max=100_000, help="How many orders.")] = 200,
    connections: Annotated[
        int, typer.Option(min=1, max=512, help="Customers who ask at the same time.")
    ] = 16,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON at the end.")] = False,
    stack: StackName = "dev",
    seed: Annotated[int, typer.Option(help="Which orders; the same for the same seed.")] = 1,
    disturb: Annotated[
        bool,
        typer.Option(
            "--disturb", help="Stop executions, cancel orders and kill functions meanwhile."
        ),
    ] = False,
) -> None:
    """Post many orders at once, and count their ends.

    They go to a cloud of its own. A tenth are sent twice with the same Idempotency-Key. Waits until
    nothing runs and every queue is empty. Exit 0: none is lost, charged twice or left to a human,
    and no stock is missing; 3: otherwise.

    With --disturb executions are stopped, orders cancelled and functions killed at random, and at
    the end the schedules run as if hours had passed. Then an order may fail, be cancelled or be
    left to a human, but each must be in one final state or have a review, no money may be taken
    for nothing, and no last mail may contradict its order.
    """
    asked_for = _Load(orders, connections, seed, disturb)
    counts, times, stalled = interruptible(lambda: _deploy_and_run(stack, asked_for, quiet=as_json))
    if as_json:
        sys.stdout.write(line(counts, times, connections, stalled) + "\n")
    else:
        out.print(table(counts, times, connections))
    if stalled:
        err.print(f"orders: {stalled}", style="red", markup=False)
    raise typer.Exit(0 if counts.met and not stalled else _NOT_MET)


class _Load(NamedTuple):
    """What is asked for."""

    orders: int
    connections: int
    seed: int
    disturb: bool


def _deploy_and_run(stack: str, load: _Load, *, quiet: bool) -> tuple[Counts, Times, str | None]:
    with progress(quiet=quiet) as say:
        say("Starting the embedded cloud")
        with Cloud.start(clock_scale=_FASTER if load.disturb else _REAL_TIME) as cloud:
            say(f"Deploying the stack {stack}")
            return _run(deploy(cloud, stack), load, say)


def _run(stack: Stack, load: _Load, say: Say) -> tuple[Counts, Times, str | None]:
    put(stack, "Inventory", asked.catalogue())
    wanted = asked.with_repetitions(asked.orders(load.orders, load.seed), load.seed)
    api = HttpApi(str(stack.outputs["api"]).rstrip("/"), _credentials(), stack.cloud.region)
    answers, start, stalled = Answers(), time.monotonic(), None
    asking = _Asking(api, wanted, load.connections, answers)
    disturber = Disturber(stack, api, answers, load.seed)
    asking.start()
    if load.disturb:
        disturber.start()
    see = Progress(load.orders, answers, say).see
    try:
        await_quiet(stack, lambda: asking.is_alive() or disturber.is_disturbing, see)
        if load.disturb:
            say("Running the schedules, as if hours had passed")
            settle = partial(await_quiet, stack, lambda: False, see)
            sweep_all(stack, sorted(answers.order_ids()), settle)
    except Stalled as error:
        stalled = str(error)
    times = Times(asking.seconds, time.monotonic() - start)
    say("Counting")
    counts = count(stack, load.orders, answers)
    if load.disturb:
        counts = replace(counts, disturbed=dict(disturber.acts), broken=broken(stack))
    return counts, times, stalled


class _Asking(threading.Thread):
    """Posts the orders meanwhile; `seconds` is how long that took."""

    def __init__(
        self, api: HttpApi, wanted: list[asked.Asked], connections: int, answers: Answers
    ) -> None:
        super().__init__(name="customers", daemon=True)
        self._post = api, wanted, connections, answers
        self.seconds = 0.0

    def run(self) -> None:
        start = time.monotonic()
        post_all(*self._post)
        self.seconds = time.monotonic() - start


def _credentials() -> Credentials:
    return Credentials(ROOT_KEY, ROOT_KEY)
