"""The folders a function's process sees: archives and layers by content, and the runtime's own.

All lie in the cloud's temporary folder. An archive is unpacked once, whatever number of functions
and processes share it.
"""

import hashlib
import io
import re
import shutil
import tempfile
import threading
import zipfile
from importlib import metadata
from pathlib import Path

_RUNTIME_DISTRIBUTIONS = ("boto3",)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_unpacking = threading.Lock()


def unpacked(archive: bytes) -> Path:
    """The folder with a zip archive's files."""
    folder = _root() / "archives" / hashlib.sha256(archive).hexdigest()
    with _unpacking:
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            with zipfile.ZipFile(io.BytesIO(archive)) as opened:
                opened.extractall(partial)
            partial.rename(folder)
    return folder


def scratch() -> Path:
    """A new empty folder: a function's `/tmp`."""
    return Path(tempfile.mkdtemp(prefix="function-"))


def runtime() -> Path:
    """The folder with what AWS's runtime brings: boto3 and all it needs, by links."""
    folder = _root() / "runtime"
    with _unpacking:
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            for source in sorted(_packages(_RUNTIME_DISTRIBUTIONS)):
                (partial / source.name).symlink_to(source)
            partial.rename(folder)
    return folder


def _root() -> Path:
    root = Path(tempfile.gettempdir())
    (root / "archives").mkdir(exist_ok=True)
    return root


def _packages(names: tuple[str, ...]) -> set[Path]:
    """The top-level folders and modules of the distributions and of what they require."""
    found: set[Path] = set()
    for name in _closure(names):
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            if file.parts[0] not in ("..", "__pycache__"):
                found.add(Path(str(distribution.locate_file(file.parts[0]))))
    return found


def _closure(names: tuple[str, ...]) -> set[str]:
    seen: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending += _requirements(name)
    return seen


def _requirements(name: str) -> list[str]:
    """What a distribution requires without extras."""
    required = metadata.distribution(name).requires or []
    plain = [line for line in required if "extra ==" not in line]
    return [match.group() for line in plain if (match := _NAME.match(line))]
