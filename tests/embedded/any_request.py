"""Requests of every kind that the OpenAPI document describes, signed as their routes want it."""

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, settings

from handlers.checkout.rules.signatures import sign
from local.emulator.settings import ROOT_KEY
from local.stack import Stack
from tests.embedded.intake import ORDER
from tests.handlers.openapi import DOCUMENT

_SCHEMA: Any = schemathesis.openapi.from_dict(deepcopy(DOCUMENT))
OPERATIONS = {found.ok().label: found.ok() for found in _SCHEMA.get_all_operations()}
"""By route, such as `POST /orders`."""

tried = settings(
    max_examples=10,
    derandomize=True,
    # A request costs some milliseconds, and what is drawn in one mode may often be none of it.
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Sender:
    """Sends requests to a stack's API: signed by AWS IAM, callbacks by the services' secret."""

    url: str
    region: str
    secret: bytes

    @classmethod
    def of(cls, stack: Stack) -> "Sender":
        secrets = stack.cloud.client("secretsmanager")
        found = secrets.get_secret_value(SecretId=stack.outputs["callbackSecretArn"])
        url = stack.outputs["api"].rstrip("/")
        return cls(url, stack.cloud.region, found["SecretString"].encode())

    def send(self, case: Any, *, forged: bool = False) -> Any:
        """The answer; a forged callback keeps the signature that was drawn for it."""
        callback = "callbacks" in case.operation.label
        how: Callable[[Any], Any] = self._stamp if callback else self._sign
        return case.call(base_url=self.url, **({} if callback and forged else {"auth": how}))

    def _sign(self, request: Any) -> Any:
        known = {"Content-Type": request.headers.get("Content-Type", "")}
        signed = AWSRequest(request.method, request.url, known, request.body or b"")
        credentials = Credentials(ROOT_KEY, ROOT_KEY)
        SigV4Auth(credentials, "execute-api", self.region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request

    def _stamp(self, request: Any) -> Any:
        now, body = str(int(time.time())), request.body or b""
        text = body.encode() if isinstance(body, str) else body
        signature = sign(self.secret, now, text)
        request.headers.update({"X-Orders-Timestamp": now, "X-Orders-Signature": signature})
        return request


@dataclass(frozen=True)
class Known:
    """Orders that there are.

    Attributes:
        placed: one that was placed over HTTP and is decided.
        open: a checkout that nobody has decided, and that may still ask an outside service.
    """

    placed: str
    open: str

    def aim(self, case: Any) -> None:
        """Have a request be about such an order, or be one that can be placed."""
        for name, value in {"orderId": self.placed, "customerId": ORDER["customerId"]}.items():
            if name in case.path_parameters:
                case.path_parameters[name] = value
        if case.operation.label == "POST /orders":
            case.body = {**ORDER, "currency": "USD"}
            case.headers["Idempotency-Key"] = str(uuid4())
        elif isinstance(case.body, dict):
            case.body["orderId"] = self.open
        case.query.pop("nextToken", None)
