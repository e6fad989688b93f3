"""ItemReader, ItemBatcher and ResultWriter of a Map in distributed mode.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html,
input-output-itembatcher.html and input-output-resultwriter.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.asl.dialect.test_labels import distributed
from tests.asl.samples import assert_told_apart, jsonpath, machine

GET = "arn:aws:states:::s3:getObject"
LIST = "arn:aws:states:::s3:listObjectsV2"
PUT = "arn:aws:states:::s3:putObject"
OBJECT = {"Bucket": "b", "Key": "k"}
BUCKET = {"Bucket": "b", "Prefix": "p/"}
CSV = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}

Config = dict[str, Any]


def reading(config: Config, resource: str = GET) -> dict[str, Any]:
    given = OBJECT if resource == GET else BUCKET
    reader = {"Resource": resource, "Arguments": given, "ReaderConfig": config}
    return machine(distributed(ItemReader=reader))


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        ({"InputType": "XML"}, "InputType must be 'CSV' or 'JSON'", {"InputType": "JSON"}),
        ({"InputType": "csv"}, "InputType must be 'CSV' or", {**CSV}),
        ({"Type": "JSON"}, "Type is not a field of a ReaderConfig", {"InputType": "JSONL"}),
        ({"InputType": "CSV"}, " lacks CSVHeaderLocation", CSV),
        (
            {**CSV, "CSVHeaderLocation": "LAST_ROW"},
            "CSVHeaderLocation must be 'FIRST_ROW' or 'GIVEN'",
            CSV,
        ),
        (
            {**CSV, "CSVHeaderLocation": "GIVEN"},
            " lacks CSVHeaders",
            {**CSV, "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"]},
        ),
        (
            {**CSV, "CSVHeaders": ["a"]},
            " has CSVHeaders, which need the CSVHeaderLocation GIVEN",
            CSV,
        ),
        (
            {**CSV, "CSVHeaderLocation": "GIVEN", "CSVHeaders": []},
            "CSVHeaders must be a list of at least one string",
            {**CSV, "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"]},
        ),
        (
            {**CSV, "CSVHeaderLocation": "GIVEN", "CSVHeaders": [1]},
            "CSVHeaders must be a list of at least one string",
            CSV,
        ),
        (
            {**CSV, "CSVDelimiter": ";"},
            "CSVDelimiter must be 'COMMA' or 'PIPE'",
            {**CSV, "CSVDelimiter": "SEMICOLON"},
        ),
        (
            {"InputType": "JSON", "CSVDelimiter": "TAB"},
            "CSVDelimiter needs the InputType CSV or MANIFEST, not 'JSON'",
            {"InputType": "MANIFEST", "CSVDelimiter": "TAB"},
        ),
        (
            {"InputType": "JSONL", "CSVHeaderLocation": "FIRST_ROW"},
            "CSVHeaderLocation needs the InputType",
            {"InputType": "JSONL"},
        ),
        (
            {"InputType": "JSON", "MaxItems": 0},
            "MaxItems must be a whole number from 1",
            {"InputType": "JSON", "MaxItems": 1},
        ),
        (
            {"InputType": "JSON", "MaxItems": 100_000_001},
            "MaxItems must be a whole number",
            {"InputType": "JSON", "MaxItems": 100_000_000},
        ),
        (
            {"InputType": "JSON", "MaxItems": "ten"},
            "MaxItems must be a whole number",
            {"InputType": "JSON", "MaxItems": "{% 5 * 2 %}"},
        ),
        (
            {"InputType": "JSON", "MaxItemsPath": "$.n"},
            "MaxItemsPath belongs to JSONPath",
            {"InputType": "JSON"},
        ),
        (
            {"InputType": "JSONL", "ItemsPointer": "/a"},
            " has an ItemsPointer, which needs the InputType JSON",
            {"InputType": "JSON", "ItemsPointer": "/a"},
        ),
        (
            {"ManifestType": "OTHER"},
            "ManifestType must be 'ATHENA_DATA' or",
            {"ManifestType": "S3_INVENTORY"},
        ),
        (
            {"ManifestType": "S3_INVENTORY", "InputType": "CSV"},
            " must leave out InputType",
            {"ManifestType": "S3_INVENTORY"},
        ),
        (
            {"ManifestType": "ATHENA_DATA"},
            " needs one of CSV, JSONL, PARQUET",
            {"ManifestType": "ATHENA_DATA", "InputType": "PARQUET"},
        ),
        (
            {"InputType": "JSON", "Transformation": "FLATTEN"},
            "Transformation must be 'NONE' or 'LOAD_AND_FLATTEN'",
            {"InputType": "JSON", "Transformation": "NONE"},
        ),
        (
            {"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"},
            "Transformation needs s3:listObjectsV2, and s3:getObject is called",
            {"InputType": "${Kind}", "CSVDelimiter": "TAB"},
        ),
        ("{% $config %}", " must be an object", {"InputType": "PARQUET"}),
    ],
)
def test_a_reader_config_that_reads_nothing_is_refused(
    illegal: Any, sentence: str, legal: Config
) -> None:
    dot = "" if sentence.startswith(" ") else "."
    assert_told_apart(reading(illegal), f"ItemReader.ReaderConfig{dot}{sentence}", reading(legal))


def test_what_is_listed_is_loaded_by_its_type() -> None:
    flatten = {"Transformation": "LOAD_AND_FLATTEN"}
    assert_told_apart(
        reading(flatten, LIST),
        "must say the InputType of the objects that LOAD_AND_FLATTEN reads",
        reading({**flatten, "InputType": "JSONL"}, LIST),
    )


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        ({}, " lacks Resource", {"Resource": LIST, "Arguments": BUCKET}),
        ({"Resource": GET}, " lacks Arguments", {"Resource": GET, "Arguments": OBJECT}),
        (
            {"Resource": PUT, "Arguments": OBJECT},
            ".Resource must be one of s3:getObject, s3:listObjectsV2, not s3:putObject",
            {"Resource": GET, "Arguments": OBJECT},
        ),
        (
            {"Resource": "s3:getObject"},
            ".Resource must be one of",
            {"Resource": "${Reader}", "Arguments": OBJECT},
        ),
        (
            {"Resource": f"{GET}.sync"},
            ".Resource must be one of",
            {"Resource": GET.replace("aws", "aws-cn"), "Arguments": OBJECT},
        ),
        (
            {"Resource": GET, "Arguments": {"Bucket": "b"}},
            ".Arguments lacks Key",
            {"Resource": GET, "Arguments": OBJECT},
        ),
        (
            {"Resource": GET, "Arguments": {"Key": "k"}},
            ".Arguments lacks Bucket",
            {"Resource": GET, "Arguments": {**OBJECT, "VersionId": "v"}},
        ),
        (
            {"Resource": GET, "Arguments": {**OBJECT, "Version": "v"}},
            ".Arguments.Version is no parameter of s3:getObject",
            {"Resource": GET, "Arguments": {**OBJECT, "ExpectedBucketOwner": "1"}},
        ),
        (
            {"Resource": LIST, "Arguments": {**BUCKET, "Key": "k"}},
            ".Arguments.Key is no parameter of s3:listObjectsV2",
            {"Resource": LIST, "Arguments": {"Bucket": "b"}},
        ),
        (
            {"Resource": LIST, "Arguments": {"Bucket": 5}},
            ".Arguments.Bucket must be a string",
            {"Resource": LIST, "Arguments": {"Bucket": "{% $b %}"}},
        ),
        (
            {"Resource": GET, "Parameters": OBJECT},
            ".Parameters belongs to JSONPath",
            {"Resource": GET, "Arguments": "{% $states.input %}"},
        ),
        (
            {"Resource": GET, "Arguments": OBJECT, "Config": {}},
            ".Config is not a field of an ItemReader",
            {"Resource": GET, "Arguments": OBJECT, "ReaderConfig": {"InputType": "JSON"}},
        ),
    ],
)
def test_a_reader_of_no_data_is_refused(
    illegal: dict[str, Any], sentence: str, legal: dict[str, Any]
) -> None:
    fields: Config = {"Assign": {"b": "x"}}
    assert_told_apart(
        machine(distributed("Each", ItemReader=illegal, **fields)),
        f"ItemReader{sentence}",
        machine(distributed("Each", ItemReader=legal, **fields)),
    )


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        ({}, " needs at least one of MaxItemsPerBatch", {"MaxItemsPerBatch": 10}),
        (
            {"BatchInput": {"a": 1}},
            " needs at least one of",
            {"BatchInput": {"a": 1}, "MaxItemsPerBatch": 1},
        ),
        (
            {"MaxItemsPerBatch": 0},
            ".MaxItemsPerBatch must be a whole number from 1",
            {"MaxItemsPerBatch": 1},
        ),
        (
            {"MaxItemsPerBatch": "10"},
            ".MaxItemsPerBatch must be a whole number",
            {"MaxItemsPerBatch": "${N}"},
        ),
        (
            {"MaxItemsPerBatch": 1.5},
            ".MaxItemsPerBatch must be a whole number",
            {"MaxItemsPerBatch": "{% 3 %}"},
        ),
        (
            {"MaxInputBytesPerBatch": 0},
            ".MaxInputBytesPerBatch must be a whole number from 1 to 262144",
            {"MaxInputBytesPerBatch": 1},
        ),
        (
            {"MaxInputBytesPerBatch": 262_145},
            ".MaxInputBytesPerBatch must be a whole number",
            {"MaxInputBytesPerBatch": 262_144},
        ),
        (
            {"MaxItemsPerBatchPath": "$.n"},
            ".MaxItemsPerBatchPath belongs to JSONPath",
            {"MaxItemsPerBatch": "{% $states.input.n %}"},
        ),
        (
            {"BatchSize": 10},
            ".BatchSize is not a field of an ItemBatcher",
            {"MaxItemsPerBatch": 10},
        ),
        (
            {"MaxItemsPerBatch": 5, "BatchInput": "{% total %}"},
            ".BatchInput reads total at the top level",
            {"MaxItemsPerBatch": 5, "BatchInput": "{% $states.input.total %}"},
        ),
        (
            {"MaxItemsPerBatch": None},
            ".MaxItemsPerBatch must be",
            {"MaxItemsPerBatch": 5, "MaxInputBytesPerBatch": 9},
        ),
    ],
)
def test_a_batcher_without_a_limit_is_refused(
    illegal: Config, sentence: str, legal: Config
) -> None:
    assert_told_apart(
        machine(distributed(ItemBatcher=illegal)),
        f"ItemBatcher{sentence}",
        machine(distributed(ItemBatcher=legal)),
    )


def test_in_jsonpath_a_batchers_limit_may_come_from_a_path() -> None:
    both = {"MaxItemsPerBatch": 5, "MaxItemsPerBatchPath": "$.n"}
    assert_told_apart(
        jsonpath(distributed(ItemBatcher=both)),
        "ItemBatcher may have only one of MaxItemsPerBatch, MaxItemsPerBatchPath",
        jsonpath(distributed(ItemBatcher={"MaxItemsPerBatchPath": "$.n"})),
    )


WRITER = {"Resource": PUT, "Arguments": BUCKET}
HOW = {"Transformation": "FLATTEN", "OutputType": "JSON"}


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        ({}, " needs Resource and Arguments, WriterConfig, or all three", {"WriterConfig": HOW}),
        ({"Resource": PUT}, " needs both of Resource and Arguments", WRITER),
        (
            {"Arguments": BUCKET},
            " needs both of Resource and Arguments",
            {**WRITER, "WriterConfig": HOW},
        ),
        ({**WRITER, "Resource": GET}, ".Resource must be s3:putObject, not s3:getObject", WRITER),
        (
            {**WRITER, "Arguments": {}},
            ".Arguments lacks Bucket",
            {**WRITER, "Arguments": {"Bucket": "b"}},
        ),
        ({**WRITER, "Arguments": OBJECT}, ".Arguments.Key is no parameter of s3:putObject", WRITER),
        (
            {**WRITER, "Arguments": {**BUCKET, "Prefix": 5}},
            ".Arguments.Prefix must be a string",
            {**WRITER, "Arguments": {**BUCKET, "Prefix": "{% $p %}"}},
        ),
        (
            {"WriterConfig": {}},
            ".WriterConfig needs Transformation or OutputType",
            {"WriterConfig": {"OutputType": "JSONL"}},
        ),
        (
            {"WriterConfig": {"Transformation": "ZIP"}},
            ".WriterConfig.Transformation must be 'NONE' or 'COMPACT' or 'FLATTEN'",
            {"WriterConfig": {"Transformation": "COMPACT"}},
        ),
        (
            {"WriterConfig": {"OutputType": "CSV"}},
            ".WriterConfig.OutputType must be 'JSON' or 'JSONL'",
            {"WriterConfig": {"OutputType": "JSON"}},
        ),
        (
            {"WriterConfig": {"Type": "JSON"}},
            ".WriterConfig.Type is not a field of a WriterConfig",
            {"WriterConfig": {"OutputType": "${Type}"}},
        ),
        ({"WriterConfig": "{% $how %}"}, ".WriterConfig must be an object", {"WriterConfig": HOW}),
        ({**WRITER, "Parameters": BUCKET}, ".Parameters belongs to JSONPath", WRITER),
    ],
)
def test_a_writer_that_writes_nowhere_is_refused(
    illegal: dict[str, Any], sentence: str, legal: dict[str, Any]
) -> None:
    fields: Config = {"Assign": {"p": "x", "how": {}}}
    assert_told_apart(
        machine(distributed("Each", ResultWriter=illegal, **fields)),
        f"ResultWriter{sentence}",
        machine(distributed("Each", ResultWriter=legal, **fields)),
    )
