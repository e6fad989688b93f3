"""Programs to deploy, and a cloud that remembers what it was asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """Writes a Pulumi project with stack `dev`, whose program starts with the usual imports."""

    def write(program: str = "", settings: str = "", dev: str = "") -> Path:
        (tmp_path / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\n{settings}")
        (tmp_path / "Pulumi.dev.yaml").write_text(dev)
        imports = "import json, pulumi, pulumi_aws as aws\n"
        (tmp_path / "__main__.py").write_text(imports + program)
        return tmp_path

    return write


class Recorder:
    """A cloud that gives each operation the same answer every time and remembers the calls."""

    region = "us-east-1"
    account = "000000000000"
    endpoint = "http://127.0.0.1:1"

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {
            "create_queue": {"QueueUrl": "http://sqs/queue"},
            "create_topic": {"TopicArn": "arn:topic"},
        }
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def client(self, service: str) -> Any:
        return _Client(self, service)

    def params(self, operation: str) -> list[dict[str, Any]]:
        return [params for _, name, params in self.calls if name == operation]


class _Client:
    def __init__(self, recorder: Recorder, service: str) -> None:
        self._recorder = recorder
        self._service = service

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**params: Any) -> dict[str, Any]:
            self._recorder.calls.append((self._service, operation, params))
            return self._recorder.answers.get(operation, {})

        return call


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()
