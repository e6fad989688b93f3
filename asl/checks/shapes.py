"""Which fields a state, and each object within one, may and must have.

Source: Amazon States Language specification, the table "State Types" and the sections of each
type; for data in S3, AWS Step Functions Developer Guide, "Distributed mode".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from asl.checks import kinds as k
from asl.checks.kinds import Kind
from asl.walk import JSONATA, JSONPATH


class Field(NamedTuple):
    """A field's kind, and the query language it belongs to if only one has it."""

    kind: Kind
    language: str | None = None


class Shape(NamedTuple):
    """The fields of one kind of object."""

    what: str
    fields: Mapping[str, Field]
    required: tuple[str, ...] = ()
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()


def _fields(language: str | None = None, **kinds: Kind) -> dict[str, Field]:
    return {name: Field(kind, language) for name, kind in kinds.items()}


_COMMON: Final = _fields(Type=k.TEXT, Comment=k.TEXT, QueryLanguage=k.one_of(JSONPATH, JSONATA))
_PATHS: Final = _fields(JSONPATH, InputPath=k.PATH_OR_NULL, OutputPath=k.PATH_OR_NULL)
_ASSIGN: Final = _fields(Assign=k.ASSIGNMENTS)
_OUTPUT: Final = _fields(JSONATA, Output=k.TEMPLATE)
_FLOW: Final = {**_COMMON, **_PATHS, **_ASSIGN, **_OUTPUT}
_STEP: Final = {**_FLOW, **_fields(Next=k.NAME, End=k.FLAG)}
_RESULT: Final = _fields(JSONPATH, ResultSelector=k.TEMPLATE_OBJECT, ResultPath=k.RESULT_PATH)
_RECOVERY: Final = _fields(Retry=k.LIST, Catch=k.LIST)
_ARGUMENTS: Final = {
    **_fields(JSONPATH, Parameters=k.TEMPLATE),
    **_fields(JSONATA, Arguments=k.TEMPLATE),
}
_SECONDS: Final = k.whole(1, k.MAX_SECONDS, computed=True)
_COUNT: Final = k.whole(0, k.MAX_SECONDS, computed=True)

STATES: Final[Mapping[str, Shape]] = {
    "Task": Shape(
        "a Task state",
        {
            **_STEP,
            **_RESULT,
            **_RECOVERY,
            **_ARGUMENTS,
            **_fields(
                Resource=k.TEXT,
                TimeoutSeconds=_SECONDS,
                HeartbeatSeconds=_SECONDS,
                Credentials=k.TEMPLATE_OBJECT,
            ),
            **_fields(JSONPATH, TimeoutSecondsPath=k.REFERENCE, HeartbeatSecondsPath=k.REFERENCE),
        },
        required=("Resource",),
        at_most_one=(
            ("TimeoutSeconds", "TimeoutSecondsPath"),
            ("HeartbeatSeconds", "HeartbeatSecondsPath"),
        ),
    ),
    "Pass": Shape(
        "a Pass state",
        {
            **_STEP,
            **_fields(JSONPATH, Result=k.ANY, Parameters=k.TEMPLATE, ResultPath=k.RESULT_PATH),
        },
    ),
    "Choice": Shape(
        "a Choice state",
        {**_FLOW, **_fields(Choices=k.FULL_LIST, Default=k.NAME)},
        required=("Choices",),
    ),
    "Wait": Shape(
        "a Wait state",
        {
            **_STEP,
            **_fields(Seconds=k.whole(0, k.MAX_SECONDS, computed=True), Timestamp=k.TIMESTAMP),
            **_fields(JSONPATH, SecondsPath=k.REFERENCE, TimestampPath=k.REFERENCE),
        },
        exactly_one=(("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),),
    ),
    "Succeed": Shape("a Succeed state", {**_COMMON, **_PATHS, **_OUTPUT}),
    "Fail": Shape(
        "a Fail state",
        {
            **_COMMON,
            **_fields(Error=k.COMPUTED_TEXT, Cause=k.COMPUTED_TEXT),
            **_fields(JSONPATH, ErrorPath=k.PATH_OR_CALL, CausePath=k.PATH_OR_CALL),
        },
        at_most_one=(("Error", "ErrorPath"), ("Cause", "CausePath")),
    ),
    "Parallel": Shape(
        "a Parallel state",
        {**_STEP, **_RESULT, **_RECOVERY, **_ARGUMENTS, **_fields(Branches=k.FULL_LIST)},
        required=("Branches",),
    ),
    "Map": Shape(
        "a Map state",
        {
            **_STEP,
            **_RESULT,
            **_RECOVERY,
            **_fields(
                ItemProcessor=k.OBJECT,
                Iterator=k.OBJECT,
                ItemSelector=k.TEMPLATE,
                MaxConcurrency=_COUNT,
                ItemReader=k.OBJECT,
                ItemBatcher=k.OBJECT,
                ResultWriter=k.OBJECT,
                Label=k.TEXT,
                ToleratedFailureCount=_COUNT,
                ToleratedFailurePercentage=k.number(0, 100, computed=True),
            ),
            **_fields(
                JSONPATH,
                Parameters=k.TEMPLATE,
                ItemsPath=k.REFERENCE,
                MaxConcurrencyPath=k.REFERENCE,
                ToleratedFailureCountPath=k.REFERENCE,
                ToleratedFailurePercentagePath=k.REFERENCE,
            ),
            **_fields(JSONATA, Items=k.ITEMS),
        },
        exactly_one=(("ItemProcessor", "Iterator"),),
        at_most_one=(
            ("ItemSelector", "Parameters"),
            ("MaxConcurrency", "MaxConcurrencyPath"),
            ("ToleratedFailureCount", "ToleratedFailureCountPath"),
            ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
        ),
    ),
}
"""By a state's `Type`."""

RETRY: Final = Shape(
    "a Retry rule",
    _fields(
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
        **_ASSIGN,
        **_OUTPUT,
        **_fields(Comment=k.TEXT, ErrorEquals=k.FULL_LIST, Next=k.NAME),
        **_fields(JSONPATH, ResultPath=k.RESULT_PATH),
    },
    required=("ErrorEquals", "Next"),
)
MACHINE: Final = Shape(
    "a state machine",
    _fields(
        Comment=k.TEXT,
        QueryLanguage=k.one_of(JSONPATH, JSONATA),
        StartAt=k.NAME,
        States=k.OBJECT,
        TimeoutSeconds=k.whole(1, k.MAX_SECONDS),
        Version=k.one_of("1.0"),
    ),
    required=("StartAt", "States"),
)
_BODY: Final = _fields(Comment=k.TEXT, StartAt=k.NAME, States=k.OBJECT)
BRANCH: Final = Shape("a branch", _BODY, required=("StartAt", "States"))
PROCESSOR: Final = Shape(
    "an item processor",
    {**_BODY, **_fields(ProcessorConfig=k.OBJECT)},
    required=("StartAt", "States"),
)
CONFIG: Final = Shape(
    "a ProcessorConfig",
    _fields(Mode=k.one_of("INLINE", "DISTRIBUTED"), ExecutionType=k.one_of("STANDARD", "EXPRESS")),
)
READER: Final = Shape(
    "an ItemReader",
    {**_ARGUMENTS, **_fields(Resource=k.TEXT, ReaderConfig=k.TEMPLATE_OBJECT)},
    required=("Resource",),
)
WRITER: Final = Shape(
    "a ResultWriter",
    {**_ARGUMENTS, **_fields(Resource=k.TEXT, WriterConfig=k.TEMPLATE_OBJECT)},
)
BATCHER: Final = Shape(
    "an ItemBatcher",
    {
        **_fields(
            BatchInput=k.TEMPLATE_OBJECT, MaxItemsPerBatch=_SECONDS, MaxInputBytesPerBatch=_SECONDS
        ),
        **_fields(
            JSONPATH, MaxItemsPerBatchPath=k.REFERENCE, MaxInputBytesPerBatchPath=k.REFERENCE
        ),
    },
    at_most_one=(
        ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
        ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    ),
)
