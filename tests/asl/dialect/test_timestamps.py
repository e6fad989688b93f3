"""Timestamps that no calendar or clock can show, in Wait and Choice.

https://states-language.net/spec.html#timestamps, https://www.rfc-editor.org/rfc/rfc3339
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import END, assert_told_apart, jsonpath, machine


def wait(timestamp: str) -> dict[str, Any]:
    return machine({"Type": "Wait", "Timestamp": timestamp, "End": True})


def choice(timestamp: str) -> dict[str, Any]:
    rule = {"Variable": "$.at", "TimestampLessThan": timestamp, "Next": "Done"}
    return jsonpath({"Type": "Choice", "Choices": [rule], "Default": "Done"}, Done=END)


@pytest.mark.parametrize("place", [wait, choice], ids=["Wait", "Choice"])
@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("2030-02-30T00:00:00Z", "2030-02-28T00:00:00Z"),
        ("2030-02-29T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("9999-02-29T00:00:00Z", "9996-02-29T00:00:00Z"),
        ("2100-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
        ("2030-13-01T00:00:00Z", "2030-12-01T00:00:00Z"),
        ("2030-00-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("2030-04-31T00:00:00Z", "2030-04-30T00:00:00Z"),
        ("2030-01-00T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T24:00:00Z", "2030-01-01T23:59:59Z"),
        ("2030-01-01T00:60:00Z", "2030-01-01T00:59:00Z"),
        ("2030-01-01T00:00:61Z", "2030-01-01T00:00:59Z"),
        ("2030-01-01T00:00:60Z", "2016-12-31T23:59:60Z"),
        ("2030-06-30T23:59:60+01:00", "2030-07-01T00:59:60+01:00"),
        ("2030-01-01T00:00:00+24:00", "2030-01-01T00:00:00+23:59"),
        ("2030-01-01T00:00:00-01:60", "2030-01-01T00:00:00-01:59"),
        ("2030-01-01t00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T00:00:00z", "2030-01-01T00:00:00.123456789Z"),
        ("2030-01-01 00:00:00Z", "9999-12-31T23:59:59-23:59"),
        ("2030-01-01T00:00:00", "2030-01-01T00:00:00-00:00"),
        ("٢030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T00:00:00.Z", "2030-01-01T00:00:00.0Z"),
    ],
)
def test_an_impossible_timestamp_is_refused(place: Any, illegal: str, legal: str) -> None:
    assert_told_apart(place(illegal), "must be an RFC 3339 timestamp", place(legal))
