"""AWS clients whose patience is shorter than the functions' own time limit."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# A call that finds no answer gives up after three attempts of 1 s + 3 s and the pauses between
# them, so the function can still say so within its 20 s.
_PATIENCE = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)


# For a call that must not be made again by the client when its first attempt may have worked.
_ONCE = Config(connect_timeout=1, read_timeout=10, retries={"total_max_attempts": 1})


@cache
def client(service: str) -> Any:
    """The client of an AWS service, made at its first use and kept for later invocations."""
    return boto3.client(service, config=_PATIENCE)


@cache
def signing_client(service: str) -> Any:
    """A client that signs URLs by the only version that every region takes (SigV4)."""
    return boto3.client(service, config=_PATIENCE.merge(Config(signature_version="s3v4")))


@cache
def client_without_retries(service: str) -> Any:
    """A client that makes every call once, for what must not happen twice."""
    return boto3.client(service, config=_ONCE)
