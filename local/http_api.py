"""A client of the stack's HTTP API, whose requests are signed as AWS IAM wants them."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_SECONDS = 120


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; headers by lower-case name, `document` its JSON body, None without one."""

    status: int
    headers: Mapping[str, str]
    document: Any

    @property
    def why(self) -> str:
        """What it says for itself: a problem's detail (RFC 9457), or API Gateway's message."""
        told = self.document if isinstance(self.document, dict) else {}
        return str(told.get("detail") or told.get("message") or "nothing more")


@dataclass(frozen=True)
class HttpApi:
    """The API at a URL.

    Attributes:
        url: without a trailing slash.
        credentials: who signs; None sends requests unsigned.
        region: that the API is in.
    """

    url: str
    credentials: Credentials | None = field(repr=False)
    region: str

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and return its answer, whatever its status.

        Raises:
            OSError: nobody answers there.
        """
        given = {"Content-Type": "application/json", **(headers or {})}
        signed = self.signed(method, path, body or b"", given)
        return _send(
            urllib.request.Request(self.url + path, body, signed, method=method)  # noqa: S310
        )

    def signed(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> dict[str, str]:
        """A request's headers and, if there are credentials, its signature's."""
        request = AWSRequest(method, self.url + path, headers=dict(headers), data=body)
        if self.credentials:
            SigV4Auth(self.credentials, "execute-api", self.region).add_auth(request)
        return dict(request.headers.items())


def _send(request: urllib.request.Request) -> Answer:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return _answer(answer.status, answer.headers.items(), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.headers.items(), error.read())


def _answer(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
    named = {name.lower(): value for name, value in headers}
    try:
        return Answer(status, named, json.loads(body))
    except ValueError:
        return Answer(status, named, None)
