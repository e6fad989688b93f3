"""Packs Pulumi's assets and archives into zip files that are the same bytes on every run."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi.runtime import rpc

# The zip format's earliest date: a real one would change the bytes with every checkout.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


@dataclass(frozen=True)
class Package:
    """The zip file of an archive (or the bytes of a single asset)."""

    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Hex digest of `content`."""
        return hashlib.sha256(self.content).hexdigest()


def pack(value: dict[str, Any], root: Path) -> Package:
    """Packs an asset or archive in wire form, an object with `assets`, `path` or `text`.

    Raises:
        ValueError: the archive is remote, or a path of it does not exist.
    """
    if "text" in value:
        return Package(str(value["text"]).encode())
    if "path" in value and (path := root / value["path"]).is_file():
        return Package(path.read_bytes())
    return Package(zipped(dict(_entries(value, "", root))))


def zipped(entries: dict[str, bytes]) -> bytes:
    """Builds a zip of name → content; sorted, dated 1980, mode 0644, stored.

    Stored, because compressed bytes differ between versions of zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = _MODE
            archive.writestr(info, entries[name])
    return buffer.getvalue()


def _entries(value: dict[str, Any], name: str, root: Path) -> Iterator[tuple[str, bytes]]:
    if "assets" in value:
        for key, item in value["assets"].items():
            yield from _entries(item, _joined(name, key), root)
    elif "text" in value:
        yield name, str(value["text"]).encode()
    elif "path" not in value:
        raise ValueError(f"{value.get('uri')} is remote: only local files are packed")
    elif value[rpc._special_sig_key] == rpc._special_asset_sig:
        yield name, _existing(root / value["path"]).read_bytes()
    else:
        yield from _unpacked(_existing(root / value["path"]), name)


def _existing(path: Path) -> Path:
    if path.exists():
        return path
    raise ValueError(f"{path} is to be packed but does not exist")


def _unpacked(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in (found for found in path.rglob("*") if found.is_file()):
            yield _joined(name, file.relative_to(path).as_posix()), file.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for entry in (found for found in archive.infolist() if not found.is_dir()):
            yield _joined(name, entry.filename), archive.read(entry)


def _joined(folder: str, name: str) -> str:
    return "/".join(part for part in (folder, name.removeprefix("./")) if part not in ("", "."))
