"""Which Pythons the demo is run on, and that it counts when it fails on one."""

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("pythons", ROOT / ".ci" / "pythons.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pythons = _script()
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def _command(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / name
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    command.chmod(0o755)
    return command


def test_the_readme_names_the_versions_that_are_tested() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"\(tested on ([^;]*);", readme)

    assert re.findall(r"3\.\d+", named) == pythons.supported()


def test_the_version_after_the_supported_ones_is_tried_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "supported", lambda: ["3.8", "3.9"])

    assert pythons.wanted() == ["3.8", "3.9", "3.10"]


def test_the_first_python_is_found_that_says_it_is_of_the_version(tmp_path: Path) -> None:
    shims, old, early, right = (tmp_path / name for name in ("shims", "old", "early", "right"))
    _command(shims, "python3.20", "echo no such version; exit 127")
    _command(old, "python3.20", "echo 3.19 final")
    _command(early, "python3.20", "echo 3.20 beta")
    found = _command(right, "python3.20", "echo 3.20 final")
    places = [tmp_path / "nowhere", shims, old, early, right]

    assert pythons.find("3.20", places) == found
    assert pythons.find("3.21", places) is None


def test_the_path_is_searched_before_pyenvs_versions_the_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [tmp_path / "versions" / version / "bin" for version in ("3.20.1", "3.20.2")]
    for folder in versions:
        folder.mkdir(parents=True)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "first"))

    assert list(pythons.folders()) == [tmp_path / "first", *reversed(versions)]


def test_an_installed_python_is_found_and_asked() -> None:
    assert pythons.find(HERE, [Path(sys.executable).resolve().parent])


@pytest.mark.parametrize("failing", [{HERE}, {"3.20"}, {"3.21"}, set()])
def test_the_demo_runs_on_every_python_found_and_fails_the_run_on_one(
    failing: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {"3.20": Path("/20"), "3.21": Path("/21"), "3.22": None}
    monkeypatch.setattr(pythons, "wanted", lambda: [HERE, *found])
    monkeypatch.setattr(pythons, "find", lambda version, _places: found[version])
    monkeypatch.setattr(pythons, "install", lambda _version, python: python / "bin")
    monkeypatch.setattr(pythons, "demo", lambda version, _commands: version not in failing)

    assert pythons.main() == (1 if failing else 0)
    told = capsys.readouterr().out
    assert f"The demo ran on Python {HERE}, 3.20, 3.21; not found: 3.22\n" in told
    assert [line for line in told.splitlines() if "failed" in line] == [
        f"It failed on Python {version}" for version in failing
    ]


def test_what_cannot_be_installed_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = _command(tmp_path, "python3.20", "exit 4")
    monkeypatch.setattr(pythons, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(pythons, "wanted", lambda: [HERE, "3.20"])
    monkeypatch.setattr(pythons, "find", lambda _version, _places: broken)
    monkeypatch.setattr(pythons, "demo", lambda _version, _commands: True)

    assert pythons.main() == 1
    told = capsys.readouterr().out
    assert "Python 3.20: not installed: Command" in told
    assert told.endswith("It failed on Python 3.20\n")


@pytest.mark.parametrize("status", [0, 1])
def test_a_demo_shows_its_last_line_and_all_of_them_if_it_failed(
    status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _command(tmp_path, "orders", f"echo first; echo last >&2; exit {status}")

    assert pythons.demo("3.20", tmp_path) == (status == 0)
    told = capsys.readouterr().out
    assert ("first" in told, "last" in told) == (status == 1, True)


def test_an_environment_is_made_once_and_anew_if_the_project_needs_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, calls = tmp_path / "project", []
    project.mkdir()

    def run(command: list[Any], *, check: bool) -> None:
        calls.append([str(part) for part in command[1:4]])
        (project / ".venvs" / "3.20").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(pythons.subprocess, "run", run)
    monkeypatch.setattr(pythons, "ROOT", project)
    monkeypatch.setattr(pythons, "ENVIRONMENTS", project / ".venvs")
    made = [["-m", "venv", "--clear"], ["-m", "pip", "install"]]
    for text, expected in (("one", made), ("one", made), ("two", [*made, *made])):
        (project / "pyproject.toml").write_text(text, encoding="utf-8")
        assert pythons.install("3.20", Path("python3.20")) == project / ".venvs" / "3.20" / "bin"
        assert calls == expected
