"""Batches of a table's stream: what is left to do after an answer of the function.

AWS's "Configuring partial batch response with DynamoDB and Lambda" and "Retain discarded records
for a DynamoDB event source in Lambda".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WITHOUT_END = -1


@dataclass(frozen=True)
class Batch:
    """Records that are handled together; `failures` counts the tries that used up a retry."""

    records: Sequence[dict[str, Any]]
    failures: int = 0

    def after(self, place: int) -> "Batch":
        """The records from a place on; what was tried before counts."""
        return Batch(self.records[place:], self.failures)

    def halves(self) -> list["Batch"]:
        """Both halves, the first the larger."""
        middle = (len(self.records) + 1) // 2
        return [Batch(self.records[:middle], self.failures), self.after(middle)]


def left(batch: Batch, mapping: Mapping[str, Any], result: Mapping[str, Any]) -> list[Batch]:
    """What of a batch is to be tried again, in order, after the function's result.

    Splitting a batch consumes no retry, nor does a throttled invocation, nor progress.
    """
    if result.get("throttle"):
        return [batch]
    failed = _first_failed(batch, mapping, result)
    if failed is None:
        return []
    if failed.place:
        return [batch.after(failed.place)]
    if failed.whole and mapping.get("BisectBatchOnFunctionError") and len(batch.records) > 1:
        return batch.halves()
    return [Batch(batch.records, batch.failures + 1)]


@dataclass(frozen=True)
class _Failed:
    """Where a batch failed; `whole` if the function named no record of it."""

    place: int
    whole: bool


_WHOLE = _Failed(0, whole=True)


def _first_failed(
    batch: Batch, mapping: Mapping[str, Any], result: Mapping[str, Any]
) -> _Failed | None:
    body = result.get("body")
    if result.get("error"):
        return _WHOLE
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []) or not body:
        return None
    if not isinstance(body, dict):
        return _WHOLE
    places = {record["dynamodb"]["SequenceNumber"]: at for at, record in enumerate(batch.records)}
    named = [_named(failure) for failure in body.get("batchItemFailures") or []]
    if not named:
        return None
    if any(number not in places for number in named):
        return _WHOLE
    return _Failed(min(places[number] for number in named), whole=False)


def _named(failure: Any) -> str:
    number = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return number if isinstance(number, str) else ""


def is_exhausted(batch: Batch, mapping: Mapping[str, Any]) -> bool:
    """Whether a batch has failed once more often than its mapping retries."""
    most = mapping.get("MaximumRetryAttempts", _WITHOUT_END)
    return bool(most != _WITHOUT_END and batch.failures > most)


def too_old(batch: Batch, mapping: Mapping[str, Any], now: float) -> int:
    """How many records, from the first, are older than their mapping lets them be."""
    oldest = mapping.get("MaximumRecordAgeInSeconds", _WITHOUT_END)
    if oldest == _WITHOUT_END:
        return 0
    ages = [now - record["dynamodb"]["ApproximateCreationDateTime"] for record in batch.records]
    return next((at for at, age in enumerate(ages) if age <= oldest), len(ages))
