"""Archives of functions and layers."""

import asyncio
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from local.deploy.archives import Package, pack, zipped
from local.deploy.values import read


def packed(asset: Any, root: Path) -> Package:
    properties = asyncio.run(rpc.serialize_properties({"code": asset}, {}))
    package = read(properties, root)["code"]
    assert isinstance(package, Package)
    return package


def content(package: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6})?", fullmatch=True), st.binary()))
def test_the_order_of_files_does_not_change_a_byte(files: dict[str, bytes]) -> None:
    assert zipped(files) == zipped(dict(reversed(list(files.items()))))


def test_the_time_and_mode_of_a_file_do_not_change_a_byte(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text("x = 1")
    archive = pulumi.AssetArchive({"a.py": pulumi.FileAsset("a.py")})
    before = packed(archive, tmp_path)
    os.utime(source, (1, 1))
    source.chmod(0o700)
    assert packed(archive, tmp_path).content == before.content


def test_a_package_is_known_by_its_sha256() -> None:
    assert Package(b"zip").sha256 == hashlib.sha256(b"zip").hexdigest()


def test_every_kind_of_entry_finds_its_place(tmp_path: Path) -> None:
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "lib" / "deep" / "b.py").write_text("b")
    (tmp_path / "c.zip").write_bytes(zipped({"inside/c.py": b"c"}))
    archive = pulumi.AssetArchive(
        {
            "a.py": pulumi.StringAsset("a"),
            "python": pulumi.FileArchive("lib"),
            "more": pulumi.FileArchive("c.zip"),
            "kept.zip": pulumi.FileAsset("c.zip"),
            "nested": pulumi.AssetArchive({"d.py": pulumi.StringAsset("d")}),
        }
    )
    assert content(packed(archive, tmp_path)) == {
        "a.py": b"a",
        "kept.zip": (tmp_path / "c.zip").read_bytes(),
        "more/inside/c.py": b"c",
        "nested/d.py": b"d",
        "python/deep/b.py": b"b",
    }


def test_a_folder_is_packed_from_its_root(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("a")
    assert content(packed(pulumi.FileArchive("./src"), tmp_path)) == {"a.py": b"a"}


def test_a_zip_file_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "code.zip").write_bytes(zipped({"a.py": b"a"}))
    package = packed(pulumi.FileArchive("code.zip"), tmp_path)
    assert package.content == (tmp_path / "code.zip").read_bytes()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nope\.py is to be packed but does not exist"):
        packed(pulumi.AssetArchive({"a.py": pulumi.FileAsset("nope.py")}), tmp_path)


def test_a_remote_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"https://example\.com/a\.zip is remote"):
        pack({"uri": "https://example.com/a.zip"}, tmp_path)
