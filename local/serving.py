"""The command `orders serve`: the deployed stack stays up, for any SDK, CLI or HTTP client."""

import json
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from local.cloud import Cloud, CloudError, FunctionNotStarted
from local.emulator.settings import ROOT_KEY
from local.interruptible import interruptible
from local.known_stack import write_outputs
from local.options import StackName
from local.stack import Stack, deploy
from local.terminal import err, out, progress
from local.walkthrough import show

_REAL_TIME = 1.0
_POLL_SECONDS = 0.5


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON when ready.")] = False,
    stack: StackName = "dev",
    outputs: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the stack's outputs there, for ORDERS_OUTPUTS."),
    ] = None,
) -> None:
    """Keep the stack up on this machine until Ctrl-C.

    AWS's services and the HTTP API answer any SDK, CLI or HTTP client.
    """
    if outputs:
        write_outputs(outputs, {}, mode="a")  # writable, or refused before anything is started
    clouds: list[Cloud] = []

    def work() -> None:
        with progress(quiet=as_json) as say:
            say("Starting the embedded cloud")
            with Cloud.start(clock_scale=_REAL_TIME, port=port) as cloud:
                clouds.append(cloud)
                say(f"Deploying the stack {stack}")
                deployed = deploy(cloud, stack)
                if outputs:
                    write_outputs(outputs, deployed.outputs)
                _announce(deployed, as_json, outputs)
                say("Serving until Ctrl-C")
                _await_end(deployed)

    def last_words() -> None:
        for cloud in clouds:
            cloud.close()
        err.print("Stopped; nothing is left behind.", style="dim")

    interruptible(work, last_words, also_on=(signal.SIGTERM,), exit_code=0)


def _announce(stack: Stack, as_json: bool, outputs: Path | None) -> None:
    if as_json:
        sys.stdout.write(json.dumps(ready(stack)) + "\n")
        sys.stdout.flush()
    else:
        file = str(outputs.resolve()) if outputs else None
        show(out, {**ready(stack), "outputs": stack.outputs, "outputsFile": file})


def ready(stack: Stack) -> dict[str, Any]:
    """What any client needs to know; scripts rely on these names and on no other."""
    return {
        "endpoint": stack.cloud.endpoint,
        "api": str(stack.outputs["api"]).rstrip("/") if "api" in stack.outputs else None,
        "stateMachines": stack.outputs["stateMachines"],
        "credentials": {"accessKeyId": ROOT_KEY, "secretAccessKey": ROOT_KEY},
        "region": stack.cloud.region,
    }


def _await_end(stack: Stack) -> None:
    """Return never: a signal ends this. Shows meanwhile why a function does not start.

    Raises:
        CloudError: the server died.
    """
    pause = threading.Event()
    while stack.cloud.is_running:
        pause.wait(_POLL_SECONDS)
        with suppress(OSError):  # the server died: the loop ends
            show_failed_start(stack)
    raise CloudError("The embedded cloud's server died; start it again.")


def show_failed_start(stack: Stack) -> None:
    """Say on stderr which function did not start since this was last asked, if any, and why."""
    try:
        stack.cloud.require_functions()
    except FunctionNotStarted as error:
        err.print(f"orders: {error}", style="red", markup=False, highlight=False)
        stack.cloud.watch_functions(stack.functions)
