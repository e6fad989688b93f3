"""Lambda reading tables' streams: each mapping on a thread of its own, a batch at a time, in order.

The thread lives while there is something to do; ministack's poller, which must not wait, starts it.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ministack.services import dynamodb, lambda_svc

from local.emulator import clock
from local.emulator.stream_batches import Batch, is_exhausted, left, too_old

Mapping = dict[str, Any]

_DEFAULT_BATCH = 100


@dataclass
class Reader:
    """Batches that one mapping has read and not handled, and whether its thread runs."""

    waiting: deque[Batch] = field(default_factory=deque)
    runs: bool = False


_readers: dict[str, Reader] = {}
_lock = threading.Lock()


def poll() -> bool:
    """Start a thread for each mapping that has something to do; whether there was one."""
    started = [_start(mapping) for mapping in _mappings()]
    return any(started)


def busy() -> list[str]:
    """The mappings that have records unread, waiting or running: `table stream to function`."""
    return [_name(mapping) for mapping in _mappings() if _has_work(mapping)]


def _name(mapping: Mapping) -> str:
    return f"{_table(mapping)} stream to {mapping['FunctionName']}"


def _mappings() -> Iterator[Mapping]:
    """The mappings of tables' streams, each while its account and region are the current ones."""
    found = list(lambda_svc._iter_all_esms())
    _forget({mapping["UUID"] for *_, mapping in found})
    for account, region, mapping in found:
        if ":dynamodb:" not in mapping["EventSourceArn"]:
            continue
        account_token = lambda_svc._request_account_id.set(account)
        region_token = lambda_svc._request_region.set(region)
        try:
            yield mapping
        finally:
            lambda_svc._request_account_id.reset(account_token)
            lambda_svc._request_region.reset(region_token)


def _forget(known: set[str]) -> None:
    with _lock:
        for gone in _readers.keys() - known:
            del _readers[gone]


def _start(mapping: Mapping) -> bool:
    with _lock:
        reader = _readers.setdefault(mapping["UUID"], Reader())
        if reader.runs or not _may_read(mapping) or not (reader.waiting or _unread(mapping)):
            return False
        reader.runs = True
    lambda_svc.spawn_background(partial(_run, mapping, reader), thread_name="stream-reader")
    return True


def _has_work(mapping: Mapping) -> bool:
    with _lock:
        reader = _readers.get(mapping["UUID"], Reader())
        return reader.runs or (_may_read(mapping) and bool(reader.waiting or _unread(mapping)))


def _may_read(mapping: Mapping) -> bool:
    """Whether the mapping is on, its function is there, and its stream is the table's present."""
    table = dynamodb._tables.get(_table(mapping)) or {}
    return bool(
        mapping.get("Enabled", True)
        and lambda_svc._esms.get(mapping["UUID"]) is mapping
        and table.get("LatestStreamArn") == mapping["EventSourceArn"]
        and _function(mapping)
    )


def _function(mapping: Mapping) -> Any:
    names = mapping["FunctionName"], mapping.get("Qualifier")
    function, _config = lambda_svc._get_func_record_for_qualifier(*names)
    return function


def _table(mapping: Mapping) -> str:
    return str(mapping["EventSourceArn"].split("/")[1])


def _position(mapping: Mapping) -> int:
    """The place of the next record to read; records older than a day are gone."""
    start = int(dynamodb.stream_start_position(_table(mapping)))
    return max(start, int(lambda_svc._dynamodb_stream_positions.get(mapping["UUID"], start)))


def _unread(mapping: Mapping) -> bool:
    return bool(dynamodb.stream_end_position(_table(mapping)) > _position(mapping))


def _run(mapping: Mapping, reader: Reader) -> None:
    """Handle batches until there is none; what is read meanwhile is handled, too."""
    try:
        while _next(mapping, reader):
            _handle(mapping, reader)
    finally:
        with _lock:
            reader.runs = False


def _next(mapping: Mapping, reader: Reader) -> bool:
    """Whether a batch waits; if none does the thread is over, which nobody sees in between."""
    with _lock:
        may_read = _may_read(mapping)
        while may_read and not reader.waiting and _unread(mapping):
            _read(mapping, reader)
        reader.runs = may_read and bool(reader.waiting)
        return reader.runs


def _read(mapping: Mapping, reader: Reader) -> None:
    """Take the next records off the stream, and let those wait that pass the filters."""
    at, size = _position(mapping), mapping.get("BatchSize", _DEFAULT_BATCH)
    found = dynamodb.stream_records_since(_table(mapping), at, size)
    lambda_svc._dynamodb_stream_positions[mapping["UUID"]] = at + len(found)
    if passed := lambda_svc._apply_filter_criteria(found, mapping):
        reader.waiting.append(Batch(passed))


def _handle(mapping: Mapping, reader: Reader) -> None:
    """Give the function the first batch; what is to be tried again takes its place."""
    again = _tried(mapping, _young(mapping, reader.waiting[0]))
    reader.waiting.popleft()
    reader.waiting.extendleft(reversed(again))
    if len(again) == 1:  # a split is no retry yet
        time.sleep(clock.redelivery_seconds(lambda_svc._ESM_BACKOFF_SECONDS))


def _young(mapping: Mapping, batch: Batch) -> Batch:
    """The batch without the records that are too old, which are given up."""
    if old := too_old(batch, mapping, time.time()):
        _give_up(mapping, Batch(batch.records[:old]), {}, "RecordAgeExceeded")
    return batch.after(old)


def _tried(mapping: Mapping, batch: Batch) -> list[Batch]:
    if not batch.records:
        return []
    result = lambda_svc._execute_function(_function(mapping), {"Records": list(batch.records)})
    again = left(batch, mapping, result)
    mapping["LastProcessingResult"] = "PROBLEM: Function call failed" if again else "OK"
    if not any(is_exhausted(each, mapping) for each in again):
        return again
    _give_up(mapping, batch, result, "RetryAttemptsExhausted")
    return []


def _give_up(mapping: Mapping, batch: Batch, result: dict[str, Any], why: str) -> None:
    """Describe a batch to its mapping's destination, if it has one."""
    arguments = _function(mapping), list(batch.records), mapping["EventSourceArn"], result, why
    lambda_svc._send_ddb_stream_failure_record(mapping, *arguments)
