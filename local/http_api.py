"""A client of the stack's HTTP API, whose requests are signed as AWS IAM wants them."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `document` is its JSON body, None where it has none."""

    status: int
    headers: HTTPMessage
    document: Any


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
        request = AWSRequest(method, self.url + path, headers=given, data=body or b"")
        if self.credentials:
            SigV4Auth(self.credentials, "execute-api", self.region).add_auth(request)
        return _send(
            urllib.request.Request(  # noqa: S310
                self.url + path, body, dict(request.headers.items()), method=method
            )
        )


def _send(request: urllib.request.Request) -> Answer:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return _answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.headers, error.read())


def _answer(status: int, headers: HTTPMessage, body: bytes) -> Answer:
    try:
        return Answer(status, headers, json.loads(body))
    except ValueError:
        return Answer(status, headers, None)
