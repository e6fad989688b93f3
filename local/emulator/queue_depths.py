"""Which queues hold messages, asked of all at once."""

from collections.abc import Iterable

from ministack.services import sqs

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def busy(urls: Iterable[str]) -> list[str]:
    """Those of some queues, by URL, in which a message waits, is being worked on, or is delayed.

    Raises:
        ValueError: there is no such queue.
    """
    return [url for url in urls if _messages(url)]


def _messages(url: str) -> int:
    queue = sqs._queues.get(url)
    if queue is None:
        raise ValueError(f"There is no queue {url}.")
    sqs._refresh_counts(queue)
    return sum(int(queue["attributes"][name]) for name in _COUNTS)
