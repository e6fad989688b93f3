"""JSONata's reference implementation, in Node.js, of the version that AWS supports."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

VERSION = "2.0.6"
_SCRIPT = Path(__file__).with_name("evaluate.js")
_INSTALL_SECONDS, _EVALUATE_SECONDS = 60, 120
_QUIET = ("--silent", "--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline")


def install(folder: Path) -> Path:
    """Install the package into an empty folder; the folder.

    Skips the test, with the reason, where there is no Node.js or nobody to install from.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node.js is not there, so the reference implementation cannot be asked.")
    command = [npm, "install", *_QUIET, f"--prefix={folder}", f"jsonata@{VERSION}"]
    try:
        subprocess.run(
            command, check=True, capture_output=True, timeout=_INSTALL_SECONDS, cwd=folder
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm cannot install jsonata@{VERSION} here: {error}")
    return folder


def answers(folder: Path, now: int, asked: Sequence[Any]) -> list[dict[str, Any]]:
    """What the reference implementation answers to expressions, in one process."""
    done = subprocess.run(
        ["node", str(_SCRIPT)],
        input=json.dumps({"now": now, "asked": asked}),
        env={"NODE_PATH": str(folder / "node_modules"), "PATH": _path()},
        capture_output=True,
        text=True,
        check=True,
        timeout=_EVALUATE_SECONDS,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _path() -> str:
    return str(Path(shutil.which("node") or "node").parent)
