"""The archives that functions are deployed with."""

import hashlib
import os
import stat
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pulumi
import pytest
from packaging.requirements import Requirement

from components.aws.archive import FOLDER, handlers_archive, layer_archive
from components.orders.functions import HANDLERS, LAYER

ROOT = Path(__file__).parents[2]
IN_THE_RUNTIME = {"botocore"}
LAYER_SHA256 = "47fb79b6ebca45090d61e6878a909de424150cc876e02149e9461c7b6ced9184"
"""Of the layer's zip. It changes with a pin of pyproject.toml, and with nothing else."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


SUBJECTS = ("shared", "orders")


def package(folder: Path) -> Path:
    """Handlers in a folder of their own, three subjects among caches and other things."""
    handlers = folder / "handlers"
    for subject in (*SUBJECTS, "stock"):
        (handlers / subject / "__pycache__").mkdir(parents=True)
    files = ("b.py", "a.py", "__pycache__/a.cpython.py", "__pycache__/a.pyc", "notes.swp")
    for name in ("__init__.py", *(f"orders/{file}" for file in files), "shared/c.py", "stock/d.py"):
        (handlers / name).write_text(f"# {name}")
    return handlers


def content(archive: pulumi.FileArchive) -> bytes:
    return Path(archive.path).read_bytes()


def entries(archive: pulumi.FileArchive) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(archive.path) as opened:
        return opened.infolist()


def names(archive: pulumi.FileArchive) -> list[str]:
    return [entry.filename for entry in entries(archive)]


def test_an_archive_holds_its_subjects_under_the_packages_name_and_no_caches(
    tmp_path: Path,
) -> None:
    assert names(handlers_archive(package(tmp_path), SUBJECTS)) == [
        "handlers/__init__.py",
        "handlers/orders/a.py",
        "handlers/orders/b.py",
        "handlers/shared/c.py",
    ]


def test_a_change_in_another_subject_leaves_an_archive_as_it_is(tmp_path: Path) -> None:
    handlers = package(tmp_path)
    before = handlers_archive(handlers, SUBJECTS)
    (handlers / "stock" / "d.py").write_text("# changed")
    assert handlers_archive(handlers, SUBJECTS).path == before.path


def test_an_archive_is_one_file_in_a_folder_that_git_ignores(tmp_path: Path) -> None:
    path = handlers_archive(package(tmp_path), SUBJECTS).path
    assert path.startswith(".build/handlers-orders-")
    assert [found.as_posix() for found in FOLDER.iterdir()] == [path]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{FOLDER}/" in ignored


def test_time_mode_place_and_caches_of_files_change_no_byte(tmp_path: Path) -> None:
    here = package(tmp_path / "here")
    there = package(tmp_path / "there")
    before = handlers_archive(here, SUBJECTS)
    for file in there.rglob("*.py"):
        file.chmod(0o700)
        os.utime(file, (1, 1))
    (there / "orders" / "__pycache__" / "b.pyc").write_bytes(b"compiled")
    after = handlers_archive(there, SUBJECTS)
    assert content(after) == content(before)
    assert after.path == before.path


def test_every_entry_is_dated_1980_and_readable_by_all(tmp_path: Path) -> None:
    for entry in entries(handlers_archive(package(tmp_path), SUBJECTS)):
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert stat.S_IMODE(entry.external_attr >> 16) == 0o644
        assert (entry.create_system, entry.compress_type) == (3, zipfile.ZIP_STORED)


def test_another_content_is_another_file_and_the_first_stays(tmp_path: Path) -> None:
    handlers = package(tmp_path)
    before = handlers_archive(handlers, SUBJECTS)
    (handlers / "orders" / "a.py").write_text("# changed")
    after = handlers_archive(handlers, SUBJECTS)
    assert after.path != before.path
    assert content(after) != content(before)


def test_a_subject_without_code_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path / "returns")):
        handlers_archive(tmp_path, ["returns"])


def test_every_entry_point_is_in_the_archive() -> None:
    assert "handlers/payments/capture_payment.py" in names(handlers_archive(HANDLERS, ["payments"]))


def test_the_layer_holds_python_code_only_where_the_runtime_looks() -> None:
    files = names(layer_archive("layer", LAYER))

    assert "python/aws_lambda_powertools/__init__.py" in files
    assert "python/aws_xray_sdk/__init__.py" in files
    assert all(file.startswith("python/") for file in files)
    assert not [file for file in files if file.endswith((".so", ".pyd", ".pyc"))]
    assert not [file for file in files if ".dist-info/" in file]


def test_the_layer_is_the_same_bytes_on_another_day_and_machine() -> None:
    digest = hashlib.sha256(content(layer_archive("layer", LAYER))).hexdigest()
    assert digest == LAYER_SHA256, "update LAYER_SHA256 if a pin of the layer was changed"


def test_the_layer_holds_all_that_its_distributions_require() -> None:
    found = {*required("aws-lambda-powertools", "tracer"), "aws-lambda-powertools"}
    assert set(LAYER) == found - IN_THE_RUNTIME


def test_every_distribution_of_the_layer_is_pinned_to_what_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {each.name: str(each.specifier) for each in map(Requirement, project["dependencies"])}
    for name in LAYER:
        assert pinned[name] == f"=={metadata.version(name)}", name


def required(distribution: str, extra: str = "") -> Iterator[str]:
    """What a distribution requires, and what that requires, without what the runtime has."""
    for line in metadata.requires(distribution) or ():
        requirement = Requirement(line)
        if not requirement.marker or requirement.marker.evaluate({"extra": extra}):
            yield requirement.name
            if requirement.name not in IN_THE_RUNTIME:
                yield from required(requirement.name)


def test_a_distribution_without_a_list_of_files_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: None)
    with pytest.raises(FileNotFoundError, match="wrapt is installed without a list of its files"):
        layer_archive("layer", ["wrapt"])
