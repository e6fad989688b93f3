"""SQS's message move tasks: the redrive of a dead-letter queue, done at once."""

import time
import uuid
from typing import Any

from ministack.core.concurrency import esm_wake
from ministack.services import sqs

_tasks: list[dict[str, Any]] = []


def start(request: dict[str, Any], _queue_url: str) -> dict[str, Any]:
    """Move every message to the destination, or back to the queue it came from."""
    source = sqs._queue_by_arn(request["SourceArn"])
    if source is None:
        missing = "The resource that you specified for the SourceArn parameter doesn't exist."
        raise sqs._Err("ResourceNotFoundException", missing, 404)
    moved = [m for m in list(source["messages"]) if _move(m, source, request)]
    esm_wake.set()
    _tasks.insert(0, _task(request, len(moved)))
    return {"TaskHandle": _tasks[0]["TaskHandle"]}


def listed(request: dict[str, Any], _queue_url: str) -> dict[str, Any]:
    """The move tasks of a source queue, the latest first."""
    return {"Results": [task for task in _tasks if task["SourceArn"] == request["SourceArn"]]}


def _move(message: dict[str, Any], source: dict[str, Any], request: dict[str, Any]) -> bool:
    origin = (message.get("sys") or {}).get("DeadLetterQueueSourceArn")
    destination = sqs._queue_by_arn(request.get("DestinationArn") or origin or "")
    if destination is None:
        return False
    source["messages"].remove(message)
    fresh = {"receipt_handle": None, "receive_count": 0, "first_receive_at": None}
    destination["messages"].append({**message, **fresh, "visible_at": time.time()})
    return True


def _task(request: dict[str, Any], moved: int) -> dict[str, Any]:
    return {
        "TaskHandle": str(uuid.uuid4()),
        "Status": "COMPLETED",
        "SourceArn": request["SourceArn"],
        "ApproximateNumberOfMessagesMoved": moved,
        "StartedTimestamp": int(time.time() * 1000),
    }
