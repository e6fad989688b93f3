"""What a shape is: the fields of an object, and those that many objects share."""

from __future__ import annotations

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


def fields(language: str | None = None, **kinds: Kind) -> dict[str, Field]:
    """Fields by name, all of one query language or of both."""
    return {name: Field(kind, language) for name, kind in kinds.items()}


COMMON: Final = fields(Type=k.TEXT, Comment=k.TEXT, QueryLanguage=k.one_of(JSONPATH, JSONATA))
PATHS: Final = fields(JSONPATH, InputPath=k.PATH_OR_NULL, OutputPath=k.PATH_OR_NULL)
ASSIGN: Final = fields(Assign=k.ASSIGNMENTS)
OUTPUT: Final = fields(JSONATA, Output=k.TEMPLATE)
FLOW: Final = {**COMMON, **PATHS, **ASSIGN, **OUTPUT}
STEP: Final = {**FLOW, **fields(Next=k.NAME, End=k.FLAG)}
RESULT: Final = fields(JSONPATH, ResultSelector=k.TEMPLATE_OBJECT, ResultPath=k.RESULT_PATH)
RECOVERY: Final = fields(Retry=k.LIST, Catch=k.LIST)
ARGUMENTS: Final = {
    **fields(JSONPATH, Parameters=k.TEMPLATE),
    **fields(JSONATA, Arguments=k.TEMPLATE),
}
CREDENTIALS: Final = Shape(
    "Credentials",
    {**fields(RoleArn=k.ROLE_ARN), **{"RoleArn.$": Field(k.ANY, JSONPATH)}},
    exactly_one=(("RoleArn", "RoleArn.$"),),
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html"""

SECONDS: Final = k.whole(1, k.MAX_SECONDS, computed=True)
COUNT: Final = k.whole(0, k.MAX_SECONDS, computed=True)
