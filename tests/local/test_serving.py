"""`orders serve` tells where everything is, stays until told to stop, and leaves nothing."""

import io
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore.credentials import Credentials
from rich.console import Console

from handlers.intake.rules.order_request import parse_order
from handlers.shared.rules.json_text import exact
from local.cloud import FunctionNotStarted
from local.http_api import HttpApi
from local.known_stack import known_stack
from local.rows import typed
from local.serving import show_failed_start
from local.stack import Stack
from local.walkthrough import commands, show
from tests.emulator.bench import until
from tests.local import doubles
from tests.local.test_cli import orders

_ROOT = Path(__file__).parents[2]
_ORDER_FILE = _ROOT / "samples" / "order_processing" / "01_one_item.json"
_READY: dict[str, Any] = {
    "endpoint": "http://127.0.0.1:4566",
    "api": "http://127.0.0.1:4566/_aws/execute-api/0123456789",
    "stateMachines": {
        name: f"arn:aws:states:us-east-1:000000000000:stateMachine:{name}"
        for name in ("checkout", "order_processing")
    },
    "credentials": {"accessKeyId": "test", "secretAccessKey": "test"},
    "region": "us-east-1",
    "outputs": {
        "tables": {"Inventory": "Inventory-1"},
        "queues": {
            "serviceRequests": "http://127.0.0.1:4566/000000000000/requests",
            "unpublishedOutcomes": "http://127.0.0.1:4566/000000000000/unpublished",
        },
        "eventBus": "orders-1",
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


def _client(ready: dict[str, Any], service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=ready["endpoint"],
        region_name=ready["region"],
        aws_access_key_id=ready["credentials"]["accessKeyId"],
        aws_secret_access_key=ready["credentials"]["secretAccessKey"],
    )


def test_it_tells_a_script_where_to_go_serves_orders_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = tmp_path / "outputs" / "stack.json"
    outputs.parent.mkdir()
    with _serving(tmp_path, "--json", "--outputs", str(outputs)) as server:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        machines = _machines(ready)
        _sell(ready)
        for name, value in _environment(ready).items():
            monkeypatch.setenv(name, value)
        placed = orders("place", _ORDER_FILE, "--wait")
        shipped = until(lambda: _fulfilled(ready, json.loads(placed.stdout)["orderId"]), seconds=60)
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=20)
    assert known_stack(outputs).outputs["stateMachines"] == ready["stateMachines"]
    shutil.rmtree(outputs.parent)
    assert "order_processing" in ready["stateMachines"]
    assert set(ready["stateMachines"].values()) == machines
    assert set(ready) == {"endpoint", "api", "stateMachines", "credentials", "region"}
    assert set(ready["credentials"]) == {"accessKeyId", "secretAccessKey"}
    assert placed.returncode == 0
    assert json.loads(placed.stdout)["state"] in ("PROCESSED", "FULFILLED")
    assert [part["fulfillmentCenterId"] for part in shipped["shipments"]] == ["fc-1"]
    assert (server.returncode, rest) == (0, "")
    until(lambda: not list(tmp_path.iterdir()))


def _machines(ready: dict[str, Any]) -> set[str]:
    states = _client(ready, "stepfunctions")
    found = states.list_state_machines()["stateMachines"]
    states.close()
    return {machine["stateMachineArn"] for machine in found}


def _sell(ready: dict[str, Any]) -> None:
    """What the sample orders, as the walk puts it."""
    dynamodb = _client(ready, "dynamodb")
    tables = dynamodb.list_tables()["TableNames"]
    (inventory,) = (name for name in tables if name.startswith("Inventory-"))
    numbers = {"Price": 100000, "OnHand": 9, "Reserved": 0}
    texts = {"ProductId": "item-c9f4x", "Currency": "USD", "FulfillmentCenterId": "fc-1"}
    dynamodb.put_item(TableName=inventory, Item=typed({**numbers, **texts}))
    dynamodb.close()


def _environment(ready: dict[str, Any]) -> dict[str, str]:
    return {
        "ORDERS_API": ready["api"],
        "AWS_DEFAULT_REGION": ready["region"],
        "AWS_ACCESS_KEY_ID": ready["credentials"]["accessKeyId"],
        "AWS_SECRET_ACCESS_KEY": ready["credentials"]["secretAccessKey"],
    }


def _fulfilled(ready: dict[str, Any], order_id: str) -> dict[str, Any] | None:
    credentials = Credentials(*ready["credentials"].values())
    api = HttpApi(ready["api"], credentials, ready["region"])
    order: dict[str, Any] = api.send("GET", f"/orders/{order_id}").document
    return order if order["state"] == "FULFILLED" else None


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
    why = f"port {port} cannot be listened on: Address already in use; choose another"
    assert errors.splitlines() == [f"orders: {why}"]


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
        f"export ORDERS_API={_READY['api']}",
        f"--table-name {outputs['tables']['Inventory']}",
        'curl -si "$url"',
    ):
        assert part in text


def test_the_order_of_the_walk_is_one_and_what_it_asks_for_was_put_to_sell() -> None:
    words = shlex.split(commands(_READY), comments=True)
    post = words[words.index("curl") :]
    order = parse_order(exact(json.loads(post[post.index("-d") + 1])))
    sold = {words[at + 1]: words[at + 2] for at, word in enumerate(words) if word == "sell"}

    assert post[2] == f"{_READY['api']}/orders"
    assert post[post.index("--aws-sigv4") + 1] == "aws:amz:us-east-1:execute-api"
    assert [sold[item.item_id].rstrip(";") for item in order.items] == ["100000"]
    assert [item.price for item in order.items] == [100000]
    assert _ROOT / words[words.index("place") + 1] == _ORDER_FILE


def _written(text: str, folder: Path) -> Path:
    """The file of outputs that the walk writes and names, its shell run in a folder."""
    begin = text.index("# Whoever is on call")
    script = text[begin : text.index(".venv/bin/orders review list")] + 'echo "$ORDERS_OUTPUTS"'
    ran = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True)
    return Path(ran.stdout.strip())


def test_the_walk_leads_whoever_is_on_call_to_reviews_and_unpublished_outcomes(
    tmp_path: Path,
) -> None:
    stack = known_stack(_written(commands(_READY), tmp_path))
    outputs = _READY["outputs"]
    assert stack.table("Inventory") == outputs["tables"]["Inventory"]
    assert stack.output("queues", "unpublishedOutcomes").endswith("/unpublished")
    assert stack.output("eventBus") == "orders-1"


def test_outputs_that_were_written_are_only_named() -> None:
    text = commands({**_READY, "outputsFile": "/a folder/stack.json"})
    assert "export ORDERS_OUTPUTS='/a folder/stack.json'" in text
    assert "cat >" not in text
    assert "orders republish --dry-run" in text


def test_a_file_for_the_outputs_that_cannot_be_written_starts_nothing(tmp_path: Path) -> None:
    ended = orders("serve", "--outputs", tmp_path)
    assert ended.returncode == 2
    assert "cannot be written" in ended.stderr


def test_a_stack_without_checkout_has_another_walk() -> None:
    orders_only = {"order_processing": _READY["stateMachines"]["order_processing"]}
    text = commands({**_READY, "stateMachines": orders_only})
    assert "orders place" in text
    assert "start-execution" not in text


def test_in_a_stack_of_which_nothing_is_known_one_can_look_around() -> None:
    text = commands({**_READY, "api": None, "stateMachines": {}})
    assert "list-state-machines" in text
    assert "curl" not in text
    assert "ORDERS_API" not in text


def test_a_function_that_does_not_start_is_told_of_each_time_and_serving_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    function = doubles.registration("aws:lambda/function:Function", "Bake", {}, name="Bake-1")
    cloud = Mock()
    cloud.require_functions.side_effect = [FunctionNotStarted("Bake-1 did not"), None]
    stack = Stack(cloud, Mock(registrations=[function]), 0.0)
    show_failed_start(stack)
    assert capsys.readouterr().err == "orders: Bake-1 did not\n"
    cloud.watch_functions.assert_called_once_with(["Bake-1"])
    show_failed_start(stack)
    assert capsys.readouterr().err == ""
