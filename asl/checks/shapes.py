"""Which fields a machine, a body, and each object within a state may and must have.

Source: https://states-language.net/spec.html; the limits of a Retry rule:
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import math
from typing import Final

from asl.checks import kinds as k
from asl.checks.shape import ASSIGN, OUTPUT, Shape, fields
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
        JitterStrategy=k.one_of("FULL", "NONE", filled=True),
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
    fields(
        Mode=k.one_of("INLINE", "DISTRIBUTED"),
        ExecutionType=k.one_of("STANDARD", "EXPRESS", filled=True),
    ),
)
