"""Requests of DynamoDB Streams."""

import json
from typing import Any

from ministack.services import dynamodb_streams


def stream_arn(body: bytes) -> str:
    """The ARN of the stream that a request is about, by name or by iterator; `*` if of none."""
    request: Any = json.loads(body or b"{}")
    iterator = dynamodb_streams._decode_iterator(request.get("ShardIterator") or "") or {}
    return str(request.get("StreamArn") or iterator.get("arn") or "*")
