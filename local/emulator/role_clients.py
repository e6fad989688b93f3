"""AWS clients that act with the credentials of a state machine's role.

The engine asks for a client for every task. One per role and service is kept, since making a
boto3 client takes tens of milliseconds and is not thread-safe.
"""

import hashlib
import threading
from functools import partial
from typing import Any

import boto3
from botocore.config import Config
from ministack.services import sts

from local.emulator import in_process
from local.emulator.settings import ROOT_KEY, endpoint

_READ_SECONDS = 900  # Lambda's longest; a task's own timeout ends the wait earlier
_CONNECTIONS = 64

_session = boto3.Session()  # one for all roles, since each would read AWS's models anew
_clients: dict[tuple[str, str, str | None], Any] = {}
_making = threading.Lock()


def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
    """A client for a task; the replacement of the engine's own `boto_client_for`.

    Args:
        region: the region to call.
        service: the service's name in boto3, or `sfn`.
        state_credentials: the engine's object with the `role_arn` to act as; None is the root.
    """
    role = getattr(state_credentials, "role_arn", None)
    key = (region, "stepfunctions" if service == "sfn" else service, role)
    with _making:
        if key not in _clients:
            _clients[key] = _make(*key)
        return _clients[key]


def _make(region: str, service: str, role: str | None) -> Any:
    client = _session.client(
        service,
        region_name=region,
        endpoint_url=endpoint(),
        **(_assume(role) if role else _root()),
        config=Config(
            parameter_validation=False,  # as in AWS, the service judges the arguments
            retries={"total_max_attempts": 1},  # retrying is the definition's business
            read_timeout=_READ_SECONDS,
            max_pool_connections=_CONNECTIONS,
            s3={"addressing_style": "path"},
        ),
    )
    client.meta.events.register("after-call.*", _ensure_request_id)
    client._endpoint.http_session = in_process.Session()
    return client


def _root() -> dict[str, str]:
    return {"aws_access_key_id": ROOT_KEY, "aws_secret_access_key": ROOT_KEY}


def _assume(role_arn: str) -> dict[str, str]:
    """Register a session of the role that does not expire, and return its credentials."""
    digest = partial(_digest, role_arn)
    role = role_arn.rsplit("/", 1)[-1]
    account = role_arn.split(":")[4]
    key, secret, token = f"ASIA{digest('key')[:16].upper()}", digest("secret"), digest("token")
    sts.register_session(
        key,
        {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/states",
            "UserId": f"{role}:states",
            "SecretAccessKey": secret,
            "SessionToken": token,
        },
    )
    return {
        "aws_access_key_id": key,
        "aws_secret_access_key": secret,
        "aws_session_token": token,
    }


def _digest(role_arn: str, purpose: str) -> str:
    return hashlib.sha256(f"states:{purpose}:{role_arn}".encode()).hexdigest()


def _ensure_request_id(parsed: dict[str, Any], **_kwargs: Any) -> None:
    """Denials of ministack carry no request id, which the engine quotes in an error's cause."""
    parsed.setdefault("ResponseMetadata", {}).setdefault("RequestId", "local")
