"""Files as they are named on a command line: what cannot be read is refused, never waited for."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.documents import LARGEST, BadDocument, read_document, write_text
from local.stack import ROOT
from tests.local.test_cli import orders


def refusal(path: Path) -> str:
    with pytest.raises(BadDocument) as refused:
        read_document(path)
    return str(refused.value)


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def test_a_pipe_that_nobody_writes_is_refused_by_every_command(fifo: Path) -> None:
    sentence = f"{fifo}: is a pipe; a file is needed"

    assert refusal(fifo) == sentence
    for command in ("check", "run", "place"):
        ended = orders(command, fifo)
        assert (ended.returncode, ended.stderr) == (2, f"{sentence}\n")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's whole name may have 108 characters
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("listener")
        assert refusal(Path("listener")) == "listener: is a socket; a file is needed"


def test_a_device_is_refused_though_it_could_be_read_for_ever() -> None:
    assert refusal(Path("/dev/zero")) == "/dev/zero: is a device; a file is needed"


def test_a_pipe_of_the_shell_is_read() -> None:
    command = f"{sys.executable} -m local.cli check <(echo '[1]')"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert (ran.returncode, ran.stderr) == (1, "")
    assert "1 problem" in ran.stdout


def test_of_a_huge_file_no_more_is_read_than_may_be(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * LARGEST)  # takes no room on the disk

    assert refusal(path).startswith(f"{path}: the document must be at most {LARGEST} bytes")


def test_results_are_not_written_to_a_pipe_that_nobody_reads(fifo: Path) -> None:
    with pytest.raises(BadDocument, match="is a pipe"):
        write_text(fifo, "", mode="a")
