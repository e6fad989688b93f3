"""The archives that functions are deployed with."""

from pathlib import Path

import pytest

from components.archive import handlers_archive, layer_archive
from components.order_code import HANDLERS, LAYER


def test_the_archive_holds_the_package_under_its_own_name_and_no_caches(tmp_path: Path) -> None:
    package = tmp_path / "handlers"
    (package / "__pycache__").mkdir(parents=True)
    (package / "b.py").write_text("")
    (package / "a.py").write_text("")
    (package / "__pycache__" / "a.cpython.py").write_text("")
    (package / "notes.swp").write_text("")

    assert list(handlers_archive(package).assets) == ["handlers/a.py", "handlers/b.py"]


def test_a_folder_without_code_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        handlers_archive(tmp_path)


def test_every_entry_point_is_in_the_archive() -> None:
    assert "handlers/payments/capture_payment.py" in handlers_archive(HANDLERS).assets


def test_the_layer_holds_python_code_only_where_the_runtime_looks() -> None:
    files = list(layer_archive(LAYER).assets)

    assert "python/aws_lambda_powertools/__init__.py" in files
    assert "python/aws_xray_sdk/__init__.py" in files
    assert all(file.startswith("python/") for file in files)
    assert not [file for file in files if file.endswith((".so", ".pyd"))]
