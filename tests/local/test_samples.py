"""Which samples `orders demo --only` takes."""

from pathlib import Path

import pytest

from local.command_error import UnknownName
from local.samples import matching, samples
from tests.local.test_cli import orders


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("stock runs out", ["order_processing/08_out_of_stock"]),
        ("*Stock runs*", ["order_processing/08_out_of_stock"]),
        ("08_out*", ["order_processing/08_out_of_stock"]),
        (
            "lifecycle/0[12]_*",
            ["lifecycle/01_processed_and_fulfilled", "lifecycle/02_placed_by_http"],
        ),
    ],
)
def test_a_pattern_is_a_glob_on_the_name_or_the_file(pattern: str, files: list[str]) -> None:
    assert [sample.file for sample in matching(samples(), pattern)] == files


def test_a_pattern_that_matches_nothing_is_bad_input_with_the_samples_there_are() -> None:
    ended = orders("demo", "--only", "stock")

    assert ended.returncode == 2
    assert ended.stderr.startswith("orders: no sample's name or file matches 'stock'; there are\n")
    assert [line.split(None, 1) for line in ended.stderr.splitlines()[1:]] == [
        [sample.file, sample.scenario.name] for sample in samples()
    ]
    assert "Starting" not in ended.stderr


def test_a_folder_without_samples_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="run this in a clone of the project"):
        samples(tmp_path)
