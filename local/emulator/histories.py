"""Histories as GetExecutionHistory answers them.

Moto would look for each of the forty kinds of details of each event under every name that Python
may give it, which takes longer than many an execution.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

_MOST_EVENTS_A_PAGE = 1000
_HEADERS = {"Content-Type": "application/x-amz-json-1.0"}

Answer = tuple[int, dict[str, str], str]


def page(events: Sequence[Mapping[str, Any]], size: int, token: str) -> Answer:
    """The HTTP status, headers and body of a page of a history.

    Args:
        events: the whole history in the order asked for, by AWS's names, None for what is absent.
        size: how many events at most.
        token: the `nextToken` of the page before; empty for the first.
    """
    start = int(token or 0)
    end = start + min(size, _MOST_EVENTS_A_PAGE)
    document = {
        "events": [_event(event) for event in events[start:end]],
        "nextToken": str(end) if end < len(events) else None,
    }
    return 200, _HEADERS, json.dumps(_present(document))


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    """AWS's JSON protocol tells times in seconds since 1970."""
    return {**event, "timestamp": datetime.fromisoformat(event["timestamp"]).timestamp()}


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_present(inner) for inner in value]
    return value
