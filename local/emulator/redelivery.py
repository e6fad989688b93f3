"""Messages that a function failed, and when they come again.

On AWS that is when the queue's visibility timeout is over; while waits pass faster it is soon.
How often a message was received, and when it goes to the dead-letter queue, stays as it was.
"""

import threading
import time
from typing import Any

from ministack.services import lambda_svc, sqs

from local.emulator import clock


def hasten(mapping: dict[str, Any], queue_url: str, receipts: frozenset[str]) -> None:
    """Let the messages of a batch that are still in their queue be seen soon.

    Args:
        mapping: the event source mapping, which pauses when its function has failed.
        queue_url: the queue.
        receipts: the receipt handles of the batch, of which succeeded messages are deleted.
    """
    if not clock.is_faster():
        return
    now = time.time()
    with sqs._queues_lock:
        failed = [each for each in _messages(queue_url) if each["receipt_handle"] in receipts]
        waits = [clock.redelivery_seconds(each["visible_at"] - now) for each in failed]
        for message, seconds in zip(failed, waits, strict=True):
            message["visible_at"] = now + seconds
    pause = lambda_svc._esm_backoff_until
    if mapping["UUID"] in pause:
        seconds = clock.redelivery_seconds(pause[mapping["UUID"]] - now)
        pause[mapping["UUID"]] = now + seconds
    if waits:
        _wake_in(min(waits))


def _messages(queue_url: str) -> list[dict[str, Any]]:
    queue = sqs._queues.get(queue_url) or {"messages": []}
    return list(queue["messages"])


def _wake_in(seconds: float) -> None:
    """Have the poller, which looks once a second, look when the first message is visible."""
    timer = threading.Timer(max(seconds, 0), lambda_svc._esm_wake.set)
    timer.daemon = True
    timer.start()
