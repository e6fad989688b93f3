"""The gate of a pull request, and its way to Pulumi's CLI."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("bash", "dirname")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with hardly any tools: the folder that its PATH names."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        found = next(
            Path(folder) / name
            for folder in os.environ["PATH"].split(":")
            if (Path(folder) / name).is_file()
        )
        (tools / name).symlink_to(found)
    return tools


def find_pulumi(project: Path, machine: Path) -> subprocess.CompletedProcess[str]:
    """Runs `.ci/pulumi` of a project that has built none yet."""
    script = project / ".ci" / "pulumi"
    script.parent.mkdir()
    script.write_bytes((ROOT / ".ci" / "pulumi").read_bytes())
    return subprocess.run(
        ["bash", script], env={"PATH": str(machine)}, capture_output=True, text=True, check=False
    )


def test_the_pulumi_on_the_path_is_the_one_that_is_used(tmp_path: Path, machine: Path) -> None:
    (machine / "pulumi").write_text("#!/bin/sh\n")
    (machine / "pulumi").chmod(0o755)
    found = find_pulumi(tmp_path, machine)
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{machine}\n", "")


def test_without_pulumi_and_go_one_sentence_says_what_to_install(
    tmp_path: Path, machine: Path
) -> None:
    found = find_pulumi(tmp_path, machine)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("There is no pulumi on the PATH, and no go to build it with")
    assert found.stderr.count("\n") == 1


def test_a_pull_request_must_pass_every_check_and_the_engine() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    for target in ("check", "test", "engine"):
        assert any(line.endswith(f"make {target}") for line in lines), target
