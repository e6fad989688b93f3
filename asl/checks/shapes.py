"""Which fields a machine, a body, and each object within a state may and must have.

Source: Amazon States Language specification; for data in S3, AWS Step Functions Developer Guide,
"Distributed mode".
"""

from __future__ import annotations

import math
from typing import Final

from asl.checks import kinds as k
from asl.checks.shape import ARGUMENTS, ASSIGN, OUTPUT, SECONDS, Shape, fields
from asl.walk import JSONATA, JSONPATH

RETRY: Final = Shape(
    "a Retry rule",
    fields(
        Comment=k.TEXT,
        ErrorEquals=k.FULL_LIST,
        IntervalSeconds=k.whole(1, k.MAX_SECONDS),
        MaxAttempts=k.whole(0, k.MAX_SECONDS),
        BackoffRate=k.number(1, math.inf),
        MaxDelaySeconds=k.whole(1, k.MAX_DELAY_SECONDS),
        JitterStrategy=k.one_of("FULL", "NONE"),
    ),
    required=("ErrorEquals",),
)
CATCH: Final = Shape(
    "a Catch rule",
    {
        **ASSIGN,
        **OUTPUT,
        **fields(Comment=k.TEXT, ErrorEquals=k.FULL_LIST, Next=k.NAME),
        **fields(JSONPATH, ResultPath=k.RESULT_PATH),
    },
    required=("ErrorEquals", "Next"),
)
MACHINE: Final = Shape(
    "a state machine",
    fields(
        Comment=k.TEXT,
        QueryLanguage=k.one_of(JSONPATH, JSONATA),
        StartAt=k.NAME,
        States=k.OBJECT,
        TimeoutSeconds=k.whole(1, k.MAX_SECONDS),
        Version=k.one_of("1.0"),
    ),
    required=("StartAt", "States"),
)
_BODY: Final = fields(Comment=k.TEXT, StartAt=k.NAME, States=k.OBJECT)
BRANCH: Final = Shape("a branch", _BODY, required=("StartAt", "States"))
PROCESSOR: Final = Shape(
    "an item processor",
    {**_BODY, **fields(ProcessorConfig=k.OBJECT)},
    required=("StartAt", "States"),
)
CONFIG: Final = Shape(
    "a ProcessorConfig",
    fields(Mode=k.one_of("INLINE", "DISTRIBUTED"), ExecutionType=k.one_of("STANDARD", "EXPRESS")),
)
READER: Final = Shape(
    "an ItemReader",
    {**ARGUMENTS, **fields(Resource=k.TEXT, ReaderConfig=k.TEMPLATE_OBJECT)},
    required=("Resource",),
)
WRITER: Final = Shape(
    "a ResultWriter",
    {**ARGUMENTS, **fields(Resource=k.TEXT, WriterConfig=k.TEMPLATE_OBJECT)},
)
BATCHER: Final = Shape(
    "an ItemBatcher",
    {
        **fields(
            BatchInput=k.TEMPLATE_OBJECT, MaxItemsPerBatch=SECONDS, MaxInputBytesPerBatch=SECONDS
        ),
        **fields(JSONPATH, MaxItemsPerBatchPath=k.REFERENCE, MaxInputBytesPerBatchPath=k.REFERENCE),
    },
    at_most_one=(
        ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
        ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    ),
)
