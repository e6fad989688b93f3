"""The code that functions are deployed with: one zip each, the same bytes from the same files.

Both are built from explicit, sorted lists of files: a directory's walk would take in caches, and
every function would change with every test run. The engine keeps a zip as one path and one hash;
of an archive of single files it would keep the whole list, once for each function.
"""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pulumi

FOLDER = Path(".build")
"""Where the zips are written, in the folder that the program runs in."""

_CODE = {".py", ".json", ".txt", ".html", ".typed"}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's earliest: a real date would change the bytes
_UNIX = 3  # the system that made the zip, also where another one does
_MODE = 0o644 << 16


def handlers_archive(folder: Path, subjects: Sequence[str]) -> pulumi.FileArchive:
    """Pack subjects of the package of Lambda handlers, importable under the folder's own name.

    Args:
        folder: the package; the files beside its subjects are packed too.
        subjects: its folders to take. The archive is named after the last of them.

    Raises:
        FileNotFoundError: a subject holds no Python file.
    """
    files = dict(_code(folder, folder.iterdir()))
    for subject in subjects:
        found = dict(_code(folder, (folder / subject).rglob("*")))
        if not found:
            raise FileNotFoundError(
                f"{folder / subject} holds no Python file to deploy; name a subject of {folder}"
            )
        files |= found
    return _archive("-".join([folder.name, *subjects[-1:]]), files)


def _code(folder: Path, paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for path in paths:
        if path.suffix in _CODE and "__pycache__" not in path.parts:
            yield path.relative_to(folder.parent).as_posix(), path


def layer_archive(name: str, distributions: Iterable[str]) -> pulumi.FileArchive:
    """A Lambda layer of installed distributions, under `python/` as the runtime expects.

    Compiled extensions are left out: they are this machine's, not Lambda's. So is what an
    installer writes beside the code (`*.dist-info`), in which one differs from the next.

    Raises:
        importlib.metadata.PackageNotFoundError: a distribution is not installed.
        FileNotFoundError: the installer kept no list of a distribution's files.
    """
    return _archive(name, dict(file for each in distributions for file in _modules(each)))


def _modules(distribution: str) -> Iterator[tuple[str, Path]]:
    files = metadata.files(distribution)
    if not files:
        raise FileNotFoundError(
            f"{distribution} is installed without a list of its files; install it again with pip"
        )
    for file in files:
        if file.suffix in _CODE and not _is_installers(file.parts):
            yield f"python/{file.as_posix()}", Path(str(file.locate()))


def _is_installers(parts: tuple[str, ...]) -> bool:
    return parts[0].endswith(".dist-info") or ".." in parts or "__pycache__" in parts


def _archive(name: str, files: Mapping[str, Path]) -> pulumi.FileArchive:
    content = _zipped({entry: path.read_bytes() for entry, path in files.items()})
    path = FOLDER / f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.zip"
    if not path.exists():
        _write(path, content)
    return pulumi.FileArchive(path.as_posix())


def _zipped(entries: Mapping[str, bytes]) -> bytes:
    """Stored, because compressed bytes differ between versions of zlib."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, entries[name])
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Writes the whole file or none: another run may read it meanwhile."""
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
