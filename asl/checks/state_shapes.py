"""Which fields a state of each type may and must have.

Source: Amazon States Language specification, the table "State Types" and the sections of each
type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asl.checks import kinds as k
from asl.checks.shape import (
    ARGUMENTS,
    COMMON,
    COUNT,
    FLOW,
    OUTPUT,
    PATHS,
    RECOVERY,
    RESULT,
    SECONDS,
    STEP,
    Shape,
    fields,
)
from asl.walk import JSONATA, JSONPATH

STATES: Final[Mapping[str, Shape]] = {
    "Task": Shape(
        "a Task state",
        {
            **STEP,
            **RESULT,
            **RECOVERY,
            **ARGUMENTS,
            **fields(
                Resource=k.TEXT,
                TimeoutSeconds=SECONDS,
                HeartbeatSeconds=SECONDS,
                Credentials=k.TEMPLATE_OBJECT,
            ),
            **fields(JSONPATH, TimeoutSecondsPath=k.REFERENCE, HeartbeatSecondsPath=k.REFERENCE),
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
            **STEP,
            **fields(JSONPATH, Result=k.ANY, Parameters=k.TEMPLATE, ResultPath=k.RESULT_PATH),
        },
    ),
    "Choice": Shape(
        "a Choice state",
        {**FLOW, **fields(Choices=k.FULL_LIST, Default=k.NAME)},
        required=("Choices",),
    ),
    "Wait": Shape(
        "a Wait state",
        {
            **STEP,
            **fields(Seconds=k.whole(0, k.MAX_SECONDS, computed=True), Timestamp=k.TIMESTAMP),
            **fields(JSONPATH, SecondsPath=k.REFERENCE, TimestampPath=k.REFERENCE),
        },
        exactly_one=(("Seconds", "SecondsPath", "Timestamp", "TimestampPath"),),
    ),
    "Succeed": Shape("a Succeed state", {**COMMON, **PATHS, **OUTPUT}),
    "Fail": Shape(
        "a Fail state",
        {
            **COMMON,
            **fields(Error=k.COMPUTED_TEXT, Cause=k.COMPUTED_TEXT),
            **fields(JSONPATH, ErrorPath=k.TEXT, CausePath=k.TEXT),
        },
        at_most_one=(("Error", "ErrorPath"), ("Cause", "CausePath")),
    ),
    "Parallel": Shape(
        "a Parallel state",
        {**STEP, **RESULT, **RECOVERY, **ARGUMENTS, **fields(Branches=k.FULL_LIST)},
        required=("Branches",),
    ),
    "Map": Shape(
        "a Map state",
        {
            **STEP,
            **RESULT,
            **RECOVERY,
            **fields(
                ItemProcessor=k.OBJECT,
                Iterator=k.OBJECT,
                ItemSelector=k.TEMPLATE,
                MaxConcurrency=COUNT,
                ItemReader=k.OBJECT,
                ItemBatcher=k.OBJECT,
                ResultWriter=k.OBJECT,
                Label=k.TEXT,
                ToleratedFailureCount=COUNT,
                ToleratedFailurePercentage=k.number(0, 100, computed=True),
            ),
            **fields(
                JSONPATH,
                Parameters=k.TEMPLATE,
                ItemsPath=k.REFERENCE,
                MaxConcurrencyPath=k.REFERENCE,
                ToleratedFailureCountPath=k.REFERENCE,
                ToleratedFailurePercentagePath=k.REFERENCE,
            ),
            **fields(JSONATA, Items=k.ITEMS),
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
