"""`orders serve` tells where everything is, stays until told to stop, and leaves nothing."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from rich.console import Console

from local.walkthrough import commands, show
from tests.emulator.bench import until

_ROOT = Path(__file__).parents[2]
_READY: dict[str, Any] = {
    "endpoint": "http://127.0.0.1:4566",
    "api": "http://127.0.0.1:4566/_aws/execute-api/0123456789",
    "stateMachines": {"checkout": "arn:aws:states:us-east-1:000000000000:stateMachine:checkout"},
    "credentials": {"accessKeyId": "test", "secretAccessKey": "test"},
    "region": "us-east-1",
    "outputs": {
        "tables": {"Inventory": "Inventory-1"},
        "queues": {"serviceRequests": "http://127.0.0.1:4566/000000000000/requests"},
        "callbackSecretArn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:callbacks",
    },
}


@contextmanager
def _serving(folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "local.cli", "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as server:
        try:
            yield server
        finally:
            server.kill()  # or a failed test would wait for ever


def test_one_line_tells_a_script_where_to_go(tmp_path: Path) -> None:
    with _serving(tmp_path, "--json") as server:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        credentials = ready["credentials"]
        states = boto3.client(
            "stepfunctions",
            endpoint_url=ready["endpoint"],
            region_name=ready["region"],
            aws_access_key_id=credentials["accessKeyId"],
            aws_secret_access_key=credentials["secretAccessKey"],
        )
        machines = states.list_state_machines()["stateMachines"]
        states.close()
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=20)
    assert "order_processing" in ready["stateMachines"]
    known = {machine["stateMachineArn"] for machine in machines}
    assert set(ready["stateMachines"].values()) == known
    assert set(ready) == {"endpoint", "api", "stateMachines", "credentials", "region"}
    assert set(credentials) == {"accessKeyId", "secretAccessKey"}
    assert (server.returncode, rest) == (0, "")
    until(lambda: not list(tmp_path.iterdir()))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_stopping_it_while_it_starts_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    with _serving(tmp_path) as server:
        # Python tries out a temporary folder with a file; the cloud's own is a folder in it.
        until(lambda: any(path.is_dir() for path in tmp_path.iterdir()), seconds=20)
        server.send_signal(number)
        server.communicate(timeout=20)
    assert server.returncode == 0
    until(lambda: not list(tmp_path.iterdir()))


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _serving(tmp_path, "--json", "--port", str(port)) as server:
            _, errors = server.communicate(timeout=20)
    assert server.returncode == 1
    assert f"Port {port} cannot be listened on" in errors
    assert "Traceback" not in errors


def test_commands_are_copied_whole_from_a_narrow_terminal() -> None:
    shown = io.StringIO()
    show(Console(file=shown, width=40), _READY)
    text = shown.getvalue()
    assert all(line in text.splitlines() for line in commands(_READY).splitlines())


def test_the_walk_names_what_this_stack_has() -> None:
    text = commands(_READY)
    outputs = _READY["outputs"]
    for part in (
        f"--state-machine-arn {_READY['stateMachines']['checkout']}",
        f"--queue-url {outputs['queues']['serviceRequests']}",
        f"--secret-id {outputs['callbackSecretArn']}",
        f"AWS_ENDPOINT_URL={_READY['endpoint']}",
        'curl -si "$url"',
    ):
        assert part in text


def test_a_stack_without_checkout_has_another_walk() -> None:
    text = commands({**_READY, "stateMachines": {}})
    assert "list-state-machines" in text
    assert "curl" not in text
