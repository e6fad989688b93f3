"""`orders place` as scripts see it, before an API that answers as it is told to."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local import orders_api
from tests.local.test_cli import Ended, orders, sample, write

ORDER = {"customerId": "c-1", "orderTotal": 19.99}
TAKEN = {"orderId": "o-1", "state": "PENDING"}


class Api(ThreadingHTTPServer):
    """Gives the answers that it was told to, the last of them for ever; keeps what it was sent."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/stage"


class _Handler(BaseHTTPRequestHandler):
    server: Api

    def answer(self) -> None:
        api = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        api.seen.append((f"{self.command} {self.path}", dict(self.headers), body))
        status, document = api.answers.pop(0) if len(api.answers) > 1 else api.answers[0]
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def log_message(self, *_arguments: Any) -> None:
        """Tests print nothing."""


@contextmanager
def answering(*answers: tuple[int, Any]) -> Iterator[Api]:
    with Api(*answers) as api:
        threading.Thread(target=api.serve_forever, args=(0.01,), daemon=True).start()
        yield api
        api.shutdown()


@pytest.fixture(autouse=True)
def caller(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"ACCESS_KEY_ID": "caller", "SECRET_ACCESS_KEY": "s", "DEFAULT_REGION": "eu-west-1"}
    for name, value in known.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "ORDERS_API"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(orders_api, "_POLL_SECONDS", 0.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path, "order.json", ORDER)


def assert_told(ended: Ended, code: int, *parts: str, begin: str = "orders: ") -> None:
    assert (ended.returncode, ended.stdout) == (code, "")
    sentence = ended.stderr.splitlines()[-1]
    assert sentence.startswith(begin)
    assert all(part in sentence for part in parts), sentence
    assert "Traceback" not in ended.stderr


def test_an_order_is_posted_signed_and_the_answer_printed(file: Path) -> None:
    with answering((202, TAKEN)) as api:
        ended = orders("place", file, "--api", api.url + "/", "--key", "once")

    ((request, headers, body),) = api.seen
    assert request == "POST /stage/orders"
    assert json.loads(body) == ORDER
    assert headers["Idempotency-Key"] == "once"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=caller/")
    assert "/eu-west-1/execute-api/aws4_request" in headers["Authorization"]
    assert (ended.returncode, json.loads(ended.stdout)) == (0, TAKEN)


def test_the_environment_may_say_where_the_api_is_and_a_scenario_has_an_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = sample("01")
    with answering((202, TAKEN)) as api:
        monkeypatch.setenv("ORDERS_API", api.url)
        ended = orders("place", write(tmp_path, "scenario.json", scenario))

    assert ended.returncode == 0
    ((_, headers, body),) = api.seen
    assert json.loads(body) == scenario["input"]
    assert "Idempotency-Key" not in headers


@pytest.mark.parametrize(
    ("state", "code"), [("PROCESSED", 0), ("FULFILLED", 0), ("FAILED", 3), ("CANCELLED", 3)]
)
def test_an_order_is_followed_until_it_is_decided(file: Path, state: str, code: int) -> None:
    end = {**TAKEN, "state": state, "reason": "as it is"}
    with answering((202, TAKEN), (200, TAKEN), (503, {}), (429, {}), (200, end)) as api:
        ended = orders("place", file, "--api", api.url, "--wait")

    assert [request for request, _, _ in api.seen[1:]] == ["GET /stage/orders/o-1"] * 4
    assert (ended.returncode, json.loads(ended.stdout)) == (code, end)
    assert f"o-1 is {state}" in ended.stderr


def test_an_order_that_is_not_decided_in_time_is_told_with_its_id(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders_api, "_PATIENCE_SECONDS", 0.05)
    with answering((202, TAKEN), (200, TAKEN)) as api:
        assert_told(orders("place", file, "--api", api.url, "--wait"), 1, "o-1", "not decided")


@pytest.mark.parametrize(
    ("status", "document", "code", "sentence"),
    [
        (400, {"detail": "orderTotal must be the sum"}, 2, "orderTotal must be the sum"),
        (403, {"message": "Forbidden"}, 2, "403: Forbidden"),
        (404, None, 2, "404: nothing more"),
        (500, {"message": "Internal Server Error"}, 1, "500: Internal Server Error"),
        (200, TAKEN, 1, "answered 200"),
        (202, {"anything": "else"}, 1, "answered 202"),
        (202, [], 1, "answered 202"),
    ],
)
def test_any_other_answer_is_one_sentence(
    file: Path, status: int, document: Any, code: int, sentence: str
) -> None:
    with answering((status, document)) as api:
        begin = f"{file}: refused with 400: " if status == 400 else "orders: "
        assert_told(orders("place", file, "--api", api.url), code, sentence, begin=begin)


def test_when_nobody_answers_it_is_told_where(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert_told(orders("place", file, "--api", url), 1, f"{url}/orders", "Connection refused")


def test_what_does_not_speak_http_is_no_answer(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        def speak() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(b"220 mail.example.com ESMTP\r\n")

        speaker = threading.Thread(target=speak)
        speaker.start()
        assert_told(orders("place", file, "--api", url), 1, "nobody answers", "220")
        speaker.join()


@pytest.mark.parametrize(
    "url",
    ["", "ftp://h", "file:///etc/hosts", "h", "http://", "http://[", "http://h:x", "http://h?a=b"],
)
def test_what_is_no_apis_url_is_not_asked(file: Path, url: str) -> None:
    assert_told(orders("place", file, "--api", url), 2, "API")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (None, "cannot be read"),
        ("{", "must be JSON"),
        ('{"orderTotal": 0.12345678901234567890}', "more digits"),
        ('{"orderTotal": 1e999}', "more digits"),
        ('{"workflow": "checkout", "input": {}}', "workflow is not order_processing"),
    ],
)
def test_a_file_that_has_no_order_is_not_sent(tmp_path: Path, text: str | None, part: str) -> None:
    path = tmp_path / "order.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert_told(orders("place", path, "--api", "http://127.0.0.1:1"), 2, part, begin=f"{path}: ")


@pytest.mark.parametrize("key", ["", "two words", "line\nend", "k" * 129])
def test_a_key_that_the_api_would_refuse_is_not_sent(file: Path, key: str) -> None:
    ended = orders("place", file, "--api", "http://127.0.0.1:1", "--key", key)
    assert_told(ended, 2, "Idempotency-Key")


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("AWS_ACCESS_KEY_ID", None, "no AWS credentials"),
        ("AWS_SECRET_ACCESS_KEY", None, "no AWS credentials"),
        ("AWS_DEFAULT_REGION", None, "AWS_DEFAULT_REGION"),
        ("AWS_PROFILE", "nobody", "nobody"),
    ],
)
def test_who_cannot_sign_is_told_what_is_missing(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, part: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    if value:
        monkeypatch.setenv(name, value)
    assert_told(orders("place", file, "--api", "http://127.0.0.1:1"), 2, part)


def test_the_help_is_enough_to_start() -> None:
    ended = orders("place", "--help")
    assert ended.returncode == 0
    assert all(word in ended.stdout for word in ("ORDERS_API", "--key", "--wait", "Exit 0"))
