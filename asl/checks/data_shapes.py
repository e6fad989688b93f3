"""The fields by which a Map in distributed mode reads items, batches them and writes results.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html,
input-output-itembatcher.html and input-output-resultwriter.html;
https://states-language.net/spec.html#batching-items
"""

from __future__ import annotations

from typing import Final

from asl.checks import kinds as k
from asl.checks.shape import ARGUMENTS, SECONDS, Shape, fields
from asl.walk import JSONPATH

_MAX_ITEMS: Final = 100_000_000
_MAX_BATCH: Final = 256 * 1024  # bytes, what an execution's input may have

READER: Final = Shape(
    "an ItemReader",
    {**ARGUMENTS, **fields(Resource=k.TEXT, ReaderConfig=k.OBJECT)},
    required=("Resource",),
)
READER_CONFIG: Final = Shape(
    "a ReaderConfig",
    {
        **fields(
            InputType=k.one_of("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST", filled=True),
            Transformation=k.one_of("NONE", "LOAD_AND_FLATTEN", filled=True),
            ManifestType=k.one_of("ATHENA_DATA", "S3_INVENTORY", filled=True),
            CSVDelimiter=k.one_of("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB", filled=True),
            CSVHeaderLocation=k.one_of("FIRST_ROW", "GIVEN", filled=True),
            CSVHeaders=k.TEXTS,
            ItemsPointer=k.TEXT,
            MaxItems=k.whole(1, _MAX_ITEMS, computed=True),
        ),
        **fields(JSONPATH, MaxItemsPath=k.REFERENCE),
    },
    at_most_one=(("MaxItems", "MaxItemsPath"),),
)
WRITER: Final = Shape(
    "a ResultWriter",
    {**ARGUMENTS, **fields(Resource=k.TEXT, WriterConfig=k.OBJECT)},
)
WRITER_CONFIG: Final = Shape(
    "a WriterConfig",
    fields(
        Transformation=k.one_of("NONE", "COMPACT", "FLATTEN", filled=True),
        OutputType=k.one_of("JSON", "JSONL", filled=True),
    ),
)
BATCHER: Final = Shape(
    "an ItemBatcher",
    {
        **fields(
            BatchInput=k.TEMPLATE,
            MaxItemsPerBatch=SECONDS,
            MaxInputBytesPerBatch=k.whole(1, _MAX_BATCH, computed=True),
        ),
        **fields(
            JSONPATH,
            MaxItemsPerBatchPath=k.REFERENCE,
            MaxInputBytesPerBatchPath=k.REFERENCE,
        ),
    },
    at_most_one=(
        ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
        ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    ),
)
