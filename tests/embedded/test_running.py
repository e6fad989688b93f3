"""`orders run` on several files, as scripts see it."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from local import running
from local.stack import Stack
from tests.local.test_cli import orders, sample, write


def test_scenarios_run_in_order_a_line_each_and_bad_input_stops_no_other(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_deployed", lambda *_unused: nullcontext(stack))
    bad = sample("01", name="bad")
    bad["input"] = {**bad["input"], "orderTotal": 1}
    unmet = sample("01", name="unmet", expect={"status": "FAILED"})
    files = [
        write(tmp_path, "bad.json", bad),
        write(tmp_path, "unmet.json", unmet),
        write(tmp_path, "plain.json", {**sample("01", name="plain"), "expect": None}),
    ]

    ran = orders("run", *files, "--json")

    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(line["name"], line["status"], line["met"]) for line in lines] == [
        ("bad", "REFUSED", False),
        ("unmet", "SUCCEEDED", False),
        ("plain", "SUCCEEDED", True),
    ]
    assert "orderTotal" in lines[0]["cause"]
    assert lines[1]["unmet"] == ['status is "SUCCEEDED"; expected "FAILED"']
    assert lines[2]["transitions"] == 6
    assert lines[2]["lambdaCalls"] == 2
    assert ran.returncode == 2
    assert ran.stderr == f"{files[0]}: {lines[0]['cause']}\n"
