"""How a Map in distributed mode reads its items: the ReaderConfig, whose fields go together.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from asl.checks.arguments import Target, argument_problems
from asl.checks.data_shapes import READER, READER_CONFIG
from asl.checks.objects import object_problems
from asl.checks.placeholders import is_filled_in
from asl.checks.problems import shown
from asl.services import sdk_request

_LIST: Final = "s3:listObjectsV2"
_READS: Final = ("s3:getObject", _LIST)
_WITH_COLUMNS: Final = ("CSV", "MANIFEST")
_IN_ATHENA: Final = ("CSV", "JSONL", "PARQUET")
_CONFIG: Final = "ItemReader.ReaderConfig"

_Config = Mapping[Any, Any]


def reader_problems(reader: Any, api: str | None, field: str, language: str) -> Iterator[str]:
    """What is wrong with an ItemReader.

    Args:
        reader: the ItemReader.
        api: what it calls, such as `s3:getObject`; None if that is known only once deployed.
        field: the name of its arguments, `Arguments` or `Parameters`.
        language: the state's query language.
    """
    yield from object_problems(reader, READER, language, "ItemReader")
    if api and api not in _READS:
        yield f"ItemReader.Resource must be one of {', '.join(_READS)}, not {api}"
    elif api and (shape := sdk_request("s3", api.removeprefix("s3:"))):
        target = Target(api, language)
        yield from argument_problems(reader.get(field), shape, target, f"ItemReader.{field}")
    if field not in reader:
        yield f"ItemReader lacks {field}, which say what to read"
    config = reader.get("ReaderConfig")
    if isinstance(config, Mapping):
        yield from object_problems(config, READER_CONFIG, language, _CONFIG)
        if not any(is_filled_in(value) for value in config.values()):
            yield from _config_problems(config)
        if config.get("Transformation") == "LOAD_AND_FLATTEN" and api not in (_LIST, None):
            yield f"{_CONFIG}.Transformation needs {_LIST}, and {api} is called"


def _config_problems(config: _Config) -> Iterator[str]:
    for name in ("CSVDelimiter", "CSVHeaderLocation", "CSVHeaders"):
        if name in config and not _has_columns(config):
            kinds = " or ".join(_WITH_COLUMNS)
            yield f"{_CONFIG}.{name} needs the InputType {kinds}, not {_kind(config)}"
    for is_broken, rule in _RULES:
        if is_broken(config):
            yield f"{_CONFIG} {rule}"


def _has_columns(config: _Config) -> bool:
    return config.get("InputType") in _WITH_COLUMNS or "ManifestType" in config


def _kind(config: _Config) -> str:
    return shown(config.get("InputType"))


_RULES: Final[tuple[tuple[Callable[[_Config], bool], str], ...]] = (
    (
        lambda config: (
            config.get("InputType") == "CSV"
            and not {"CSVHeaderLocation", "ManifestType"} & config.keys()
        ),
        "lacks CSVHeaderLocation, which the InputType CSV needs",
    ),
    (
        lambda config: config.get("CSVHeaderLocation") == "GIVEN" and "CSVHeaders" not in config,
        "lacks CSVHeaders, which the CSVHeaderLocation GIVEN needs",
    ),
    (
        lambda config: "CSVHeaders" in config and config.get("CSVHeaderLocation") != "GIVEN",
        "has CSVHeaders, which need the CSVHeaderLocation GIVEN",
    ),
    (
        lambda config: "ItemsPointer" in config and config.get("InputType") != "JSON",
        "has an ItemsPointer, which needs the InputType JSON",
    ),
    (
        lambda config: (
            config.get("Transformation") == "LOAD_AND_FLATTEN"
            and config.get("InputType") in (None, "MANIFEST")
        ),
        "must say the InputType of the objects that LOAD_AND_FLATTEN reads",
    ),
    (
        lambda config: config.get("ManifestType") == "S3_INVENTORY" and "InputType" in config,
        "must leave out InputType, since an S3_INVENTORY is CSV",
    ),
    (
        lambda config: (
            config.get("ManifestType") == "ATHENA_DATA"
            and config.get("InputType") not in _IN_ATHENA
        ),
        f"needs one of {', '.join(_IN_ATHENA)} as InputType beside ATHENA_DATA",
    ),
)
"""By a test of a ReaderConfig, what it breaks."""
