"""Sends botocore's signed requests to this very process's application, without a socket.

The application checks them as any other request: signature, policies, limits.
"""

import asyncio
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import ministack.app as ministack
from botocore.awsrequest import AWSResponse
from urllib3.response import HTTPResponse

_SECONDS = 900  # Lambda's longest; a task's own timeout ends the wait earlier

Answer = tuple[int, dict[str, str], bytes]


class Session:
    """Stands for the HTTP session that botocore sends prepared requests with."""

    def send(self, request: Any) -> AWSResponse:
        """The application's answer to a request."""
        call = _call(request.method, request.url, request.headers, _body(request.body))
        future = asyncio.run_coroutine_threadsafe(call, ministack._MAIN_LOOP)
        status, headers, content = future.result(_SECONDS)
        raw = HTTPResponse(
            body=io.BytesIO(content), headers=headers, status=status, preload_content=False
        )
        response = AWSResponse(request.url, status, raw.headers, raw)
        if not request.stream_output:
            _ = response.content  # reads it, as botocore's own session does
        return response

    def close(self) -> None:
        """Nothing is held."""


async def _call(method: str, url: str, headers: Mapping[str, Any], body: bytes) -> Answer:
    started: dict[str, Any] = {}
    content: list[bytes] = []
    request = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not request:
            await asyncio.Event().wait()  # nobody hangs up
        return request.pop()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            content.append(message.get("body", b""))

    await ministack.app(_scope(method, url, headers, body), receive, send)
    answered = {
        name.decode("latin-1"): value.decode("latin-1") for name, value in started["headers"]
    }
    return started["status"], answered, b"".join(content)


def _scope(method: str, url: str, headers: Mapping[str, Any], body: bytes) -> dict[str, Any]:
    """The request as an ASGI server would describe it."""
    parts = urlsplit(url)
    sent = {_bytes(name).lower(): _bytes(value) for name, value in headers.items()}
    sent.setdefault(b"host", parts.netloc.encode())
    sent.setdefault(b"content-length", str(len(body)).encode())
    path = parts.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "headers": list(sent.items()),
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", parts.port),
    }


def _body(given: Any) -> bytes:
    content = given.read() if hasattr(given, "read") else given or b""
    return content.encode() if isinstance(content, str) else bytes(content)


def _bytes(header: Any) -> bytes:
    return header if isinstance(header, bytes) else str(header).encode("latin-1")
