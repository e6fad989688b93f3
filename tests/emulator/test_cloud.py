"""A cloud starts on its own, and leaves nothing behind however its user ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud, CloudError
from local.emulator import process
from tests.emulator.bench import Bench, until

_ROOT = Path(__file__).parents[2]

HOST_SETTINGS = {
    "AWS_PROFILE": "no-such-profile",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_SESSION_TOKEN": "real",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "AUTH": "false",
}

_USER = """
    import json, os, pathlib, signal, sys, threading
    from local.cloud import Cloud
    from tests.emulator.bench import Bench
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job would ignore it
    cloud = Cloud.start()
    bench = Bench(cloud)
    source = "import time, os\\ndef handler(event, context): time.sleep(event); return os.getpid()"
    function = bench.function(source, Timeout=60)
    worker = bench.invoke(function, 0)
    threading.Thread(target=bench.invoke, args=(function, 50), daemon=True).start()
    print(json.dumps({"port": cloud.endpoint.rsplit(":", 1)[1], "worker": worker}), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        cloud.close()
        raise
    """


def _alive(pid: int) -> bool:
    """Whether a process runs; one that is dead but not yet collected does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


def _descendants(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    pairs = list(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    found = [pid]
    for parent in found:
        found += [child for child, above in pairs if above == parent]
    return found[1:]


def _is_open(port: str) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def other() -> Iterator[Cloud]:
    """A second cloud, on a port that was asked for, whose user has settings of their own."""
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as freed:
        for name, value in HOST_SETTINGS.items():
            patch.setenv(name, value)
        port = freed.getsockname()[1]
        freed.close()
        with Cloud.start(port=port) as running:
            assert running.endpoint == f"http://127.0.0.1:{port}"
            yield running


# Of the signals that a process may have a handler for, Ctrl-C is the one that has one.
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=lambda n: n.name)
def test_nothing_outlives_the_user_of_a_cloud(number: signal.Signals, tmp_path: Path) -> None:
    user = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_USER)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "TMPDIR": str(tmp_path)},
    )
    with user:
        assert user.stdout is not None
        told = json.loads(user.stdout.readline())
        below = until(lambda: [p for p in _descendants(user.pid) if p != told["worker"]])
        assert _is_open(told["port"])
        assert list(tmp_path.iterdir())
        user.send_signal(number)
        user.wait()
        until(lambda: not any(_alive(pid) for pid in [*below, told["worker"]]))
    assert not _is_open(told["port"])
    until(lambda: not list(tmp_path.iterdir()))


@pytest.mark.parametrize("victim", ["guard", "server"])
def test_nothing_is_left_when_one_process_dies(
    tmp_path: Path, monkeypatch: Any, victim: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Cloud.start() as cloud:
        worker = Bench(cloud).invoke(
            Bench(cloud).function("import os\ndef handler(event, context): return os.getpid()\n")
        )
        guard = cloud._server.guard.pid
        server, evaluator, nursery, *workers = _descendants(guard)
        pids = {"guard": guard, "server": server, "evaluator": evaluator, "nursery": nursery}
        assert workers == [worker]
        os.kill(pids[victim], signal.SIGKILL)
        until(lambda: not any(_alive(pid) for pid in (*pids.values(), worker)))
        until(lambda: not list(tmp_path.iterdir()))


def test_a_closed_cloud_is_gone_and_may_be_closed_again(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    cloud = Cloud.start()
    cloud.close()
    cloud.close()
    assert not _is_open(cloud.endpoint.rpartition(":")[2])
    assert list(tmp_path.iterdir()) == []


def test_two_clouds_know_nothing_of_each_other(cloud: Cloud, other: Cloud) -> None:
    name = Bench(other).name("table")
    other.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert name in other.client("dynamodb").list_tables()["TableNames"]
    assert name not in cloud.client("dynamodb").list_tables()["TableNames"]


def test_a_server_that_does_not_start_is_told_with_its_log(monkeypatch: Any) -> None:
    monkeypatch.setattr(process, "_SERVER", ("-c", "raise SystemExit('no such emulator')"))
    with pytest.raises(CloudError, match="ended with status 1 while starting") as failure:
        Cloud.start()
    assert "no such emulator" in str(failure.value)


def test_a_port_that_is_taken_is_told(cloud: Cloud) -> None:
    port = int(cloud.endpoint.rpartition(":")[2])
    with pytest.raises(CloudError, match=f"port {port} cannot be listened on: Address already in"):
        Cloud.start(port=port)


def test_a_cloud_listens_on_the_port_asked_for(other: Cloud) -> None:
    assert _is_open(other.endpoint.rpartition(":")[2])


def test_the_hosts_settings_do_not_reach_the_cloud(other: Cloud) -> None:
    bench = Bench(other)
    function = bench.function(
        "import boto3\ndef handler(e, c): boto3.client('dynamodb').list_tables()\n"
    )
    assert bench.invoke(function)["errorType"] == "ClientError"


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's table of sockets")
def test_it_listens_on_loopback_only(cloud: Cloud) -> None:
    port = int(cloud.endpoint.rpartition(":")[2])
    listening = [
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_clients_are_made_once(cloud: Cloud) -> None:
    assert cloud.client("sqs") is cloud.client("sqs")
    identity = cloud.client("sts").get_caller_identity()
    assert (identity["Account"], cloud.client("sqs").meta.region_name) == (
        cloud.account,
        cloud.region,
    )


def test_an_unknown_control_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ValueError, match="No such control"):
        cloud.control("nonsense", {})
    with pytest.raises(ValueError, match="There is no mend named nonsense"):
        cloud.control("mends", {"without": ["nonsense"]})
