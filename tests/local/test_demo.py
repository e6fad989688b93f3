"""The demo on a terminal, interrupted."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from local.stack import ROOT
from tests.emulator.bench import until
from tests.local.test_terminal import PLAIN, read_until

INTERRUPT = b"\x03"


def test_ctrl_c_keeps_the_results_that_there_are_and_leaves_nothing(tmp_path: Path) -> None:
    results, folder = tmp_path / "results.json", tmp_path / "temporary"
    folder.mkdir()
    command = [sys.executable, "-m", "local.cli", "demo", "--only", "order_processing/*"]
    terminal, theirs = pty.openpty()
    with subprocess.Popen(
        [*command, "--json", str(results)],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**PLAIN, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80", "TMPDIR": str(folder)},
        preexec_fn=_take_the_terminal,
    ) as demo:
        os.close(theirs)
        shown = read_until(terminal, "ok ")
        os.write(terminal, INTERRUPT)
        shown += read_until(terminal, "resources deployed in")
        code = demo.wait(20)
    os.close(terminal)
    kept = json.loads(results.read_text())

    assert code == 130
    assert "Traceback" not in shown
    assert f"{len(kept)} of 16 orders, all as expected: " in shown
    assert 0 < len(kept) < 16
    assert all(result["met"] for result in kept)
    assert "\x1b[?25h" in shown  # the cursor is there again
    until(lambda: not list(folder.iterdir()))


def _take_the_terminal() -> None:
    """Be the program that the terminal interrupts, as a shell arranges it."""
    os.setsid()
    os.close(os.open(os.ttyname(0), os.O_RDWR))
