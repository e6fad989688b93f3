"""Runs the demo on every Python that the project supports and this machine has.

On the Python that runs this, in its own environment, the project's; on each other one in
`.venvs/VERSION`, which holds only what the demo needs. A version after the last supported one is
tried as well where it is found. Exit 1 if the demo fails on one.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / ".venvs"
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")
_ASKED = "import sys; print('%d.%d' % sys.version_info[:2], sys.version_info.releaselevel)"
_ASKED_SECONDS = 60
_DEMO_SECONDS = 900


def supported() -> list[str]:
    """The versions that `pyproject.toml` names, oldest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [match[1] for each in project["classifiers"] if (match := _CLASSIFIER.fullmatch(each))]


def wanted() -> list[str]:
    """The supported versions, and the one after them."""
    versions = supported()
    major, minor = versions[-1].split(".")
    return [*versions, f"{major}.{int(minor) + 1}"]


def folders() -> Iterator[Path]:
    """The folders of the PATH, then those of pyenv's versions, the newest first."""
    yield from map(Path, os.get_exec_path())
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/*/bin"), reverse=True)


def find(version: str, places: Iterable[Path]) -> Path | None:
    """The first interpreter that is of this version when it is asked, or None.

    One that is no final release is passed over, and so is a command of pyenv's that leads nowhere.
    """
    candidates = (place / f"python{version}" for place in places)
    return next((each for each in candidates if _answer(each) == f"{version} final"), None)


def _answer(python: Path) -> str | None:
    try:
        asked = subprocess.run(
            [python, "-c", _ASKED], capture_output=True, text=True, timeout=_ASKED_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def install(version: str, python: Path) -> Path:
    """The folder of commands of the version's environment, made anew if `pyproject.toml` changed.

    Raises:
        subprocess.CalledProcessError: it could not be made, or what is needed not be installed.
    """
    folder, project = ENVIRONMENTS / version, ROOT / "pyproject.toml"
    installed, commands = folder / "pyproject.toml", folder / "bin"
    if not installed.exists() or installed.read_bytes() != project.read_bytes():
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        pip = [str(commands / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
        needed = ["--quiet", "--no-compile", "--editable", f"{ROOT}[local]"]
        subprocess.run([*pip, *needed], check=True)
        shutil.copyfile(project, installed)
    return commands


def demo(version: str, commands: Path) -> bool:
    """Run the demo; its last line is shown, and everything if it failed."""
    start = time.monotonic()
    try:
        ran = subprocess.run(
            [commands / "orders", "demo"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_DEMO_SECONDS,
        )
    except subprocess.TimeoutExpired:
        print(f"Python {version}: the demo did not end within {_DEMO_SECONDS} s", flush=True)
        return False
    lines, seconds = ran.stdout.splitlines() or [""], time.monotonic() - start
    if ran.returncode:
        print(*lines, sep="\n")
    outcome = f"FAILED with status {ran.returncode}" if ran.returncode else lines[-1]
    print(f"Python {version}: demo in {seconds:.0f} s: {outcome}", flush=True)
    return ran.returncode == 0


def _demo_in_own_environment(version: str, python: Path) -> bool:
    try:
        commands = install(version, python)
    except subprocess.CalledProcessError as error:
        print(f"Python {version}: not installed: {error}", flush=True)
        return False
    return demo(version, commands)


def main() -> int:
    """Run all of them, however many fail, and say which ran and which were not found."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    others = {each: find(each, folders()) for each in wanted() if each != here}
    passed = {here: demo(here, Path(sys.executable).parent)}
    for version, python in others.items():
        if python:
            passed[version] = _demo_in_own_environment(version, python)
    missing = [version for version, python in others.items() if not python]
    print(f"The demo ran on Python {_list(passed)}; not found: {_list(missing)}")
    if failed := [version for version, ended_well in passed.items() if not ended_well]:
        print(f"It failed on Python {_list(failed)}")
    return 1 if failed else 0


def _list(versions: Iterable[str]) -> str:
    return ", ".join(sorted(versions)) or "none"


if __name__ == "__main__":
    sys.exit(main())
