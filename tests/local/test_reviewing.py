"""`orders review`: what waits for a human is listed, and settled once, by whom and when."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from tests.emulator.bench import Bench
from tests.local.known import Known, call_as_root, make
from tests.local.test_cli import Ended, orders

_EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:orders:o-1"
_ROOT = "arn:aws:iam::000000000000:root"


@pytest.fixture
def known(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Known:
    stack = make(Bench(cloud), tmp_path)
    call_as_root(monkeypatch, cloud)
    monkeypatch.setenv("ORDERS_OUTPUTS", str(stack.file))
    return stack


def review(known: Known, order: str, step: str, since: str, **columns: Any) -> dict[str, Any]:
    row = {
        "OrderId": order,
        "ReviewId": f"{step} {columns.get('ExecutionArn', _EXECUTION)}",
        "Step": step,
        "ExecutionArn": _EXECUTION,
        "Reason": "ProcessingError",
        "Cause": "the gateway [bold]did not answer",
        "ToDo": "refund it by hand",
        "CreatedAt": since,
        **({} if "SettledAt" in columns else {"OpenSince": since}),
        **columns,
    }
    return known.put("ManualReview", row)


def said(ended: Ended) -> str:
    """The text printed, its lines joined where a table broke them."""
    return " ".join(ended.stdout.split())


def refused(ended: Ended) -> str:
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()[-1]


def test_open_reviews_are_listed_the_longest_waiting_first(known: Known) -> None:
    review(known, "o-2", "VoidPayment", "2026-01-02T00:00:00.000Z")
    review(known, "o-1", "ReleaseStock", "2026-01-01T00:00:00.000Z")
    review(known, "o-3", "VoidPayment", "2026-01-01T00:00:00.000Z", SettledAt="2026-01-03")

    listed = json.loads(orders("review", "list", "--json").stdout)

    assert [row["OrderId"] for row in listed] == ["o-1", "o-2"]
    assert listed[0]["Step"] == "ReleaseStock"


def test_a_person_sees_of_each_order_what_happened_and_what_to_do(known: Known) -> None:
    review(known, "o-1", "ReleaseStock", "2026-01-01T00:00:00.000Z")

    ended = orders("review", "list")

    assert ended.returncode == 0
    for part in (
        "o-1",
        "ReleaseStock",
        "2026-01-01 00:00",
        "ProcessingError",
        "[bold]",
        "1 review",
    ):
        assert part in said(ended)
    assert "refund" in ended.stdout


def test_settled_reviews_are_listed_with_who_settled_them_when_asked_for(known: Known) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01", SettledAt="2026-02-02", SettledBy="ann")

    assert "No open review" in orders("review", "list").stdout
    ended = orders("review", "list", "--all")
    assert "ann" in ended.stdout
    assert "2026-02" in ended.stdout


def test_where_there_is_none_that_is_said(known: Known) -> None:
    assert orders("review", "list", "--json").stdout == "[]\n"
    assert "No review" in orders("review", "list", "--all").stdout


def test_a_review_is_settled_by_the_caller_and_its_row_stays(known: Known) -> None:
    before = review(known, "o-1", "VoidPayment", "2026-01-01T00:00:00.000Z")

    ended = orders("review", "settle", "o-1")

    (row,) = known.rows("ManualReview")
    assert ended.returncode == 0
    assert ended.stdout.startswith("Settled: order o-1, VoidPayment")
    assert row.pop("SettledBy") == _ROOT
    assert row.pop("SettledAt") > "2026"
    del before["OpenSince"]
    assert row == before


def test_who_settled_it_may_be_named(known: Known) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01")
    orders("review", "settle", "o-1", "--by", "ann")
    assert [row["SettledBy"] for row in known.rows("ManualReview")] == ["ann"]
    assert orders("review", "list", "--json").stdout == "[]\n"


def test_one_that_was_settled_before_stays_as_it_is(known: Known) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01", SettledAt="2026-02-02", SettledBy="ann")

    ended = orders("review", "settle", "o-1", "--by", "bob")

    assert ended.returncode == 0
    assert "Settled before, by ann at 2026-02-02" in ended.stdout
    assert [row["SettledBy"] for row in known.rows("ManualReview")] == ["ann"]


def test_of_several_the_one_meant_must_be_named(known: Known) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01")
    again = f"{_EXECUTION}-2"
    review(known, "o-1", "VoidPayment", "2026-01-01", ExecutionArn=again)
    review(known, "o-1", "ReleaseStock", "2026-01-01")

    ended = orders("review", "settle", "o-1", "--by", "ann")

    assert "3 such open reviews" in refused(ended)
    assert f"--step VoidPayment --execution {again}" in ended.stderr
    assert "2 such" in refused(orders("review", "settle", "o-1", "--step", "VoidPayment"))
    options = ("--step", "VoidPayment", "--execution", again, "--by", "ann")
    assert orders("review", "settle", "o-1", *options).returncode == 0
    settled = [row["ReviewId"] for row in known.rows("ManualReview") if "SettledAt" in row]
    assert settled == [f"VoidPayment {again}"]


def test_the_last_open_one_needs_no_name(known: Known) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01", SettledAt="2026-02-02", SettledBy="ann")
    review(known, "o-1", "ReleaseStock", "2026-01-01")
    assert "ReleaseStock" in orders("review", "settle", "o-1").stdout


@pytest.mark.parametrize("options", [("o-9",), ("o-1", "--step", "Capture")])
def test_a_review_that_there_is_none_of_cannot_be_settled(
    known: Known, options: tuple[str, ...]
) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01")
    assert f"no such review of the order {options[0]}" in refused(
        orders("review", "settle", *options)
    )
    assert all("OpenSince" in row for row in known.rows("ManualReview"))


def test_whoever_settles_it_has_a_name(known: Known) -> None:
    review(known, "o-1", "VoidPayment", "2026-01-01")
    assert "--by" in refused(orders("review", "settle", "o-1", "--by", " "))
