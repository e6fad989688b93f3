"""AWS clients whose patience is shorter than the functions' own time limit."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# Three attempts of at most 1 s + 3 s, and the pauses between them, end before a function's 20 s.
_PATIENCE = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)


@cache
def client(service: str) -> Any:
    """The client of an AWS service, made at its first use and kept for later invocations."""
    return boto3.client(service, config=_PATIENCE)
