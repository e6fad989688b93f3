"""The DynamoDB attribute types that SDK integrations do not handle as DynamoDB does.

They return BOOL and NULL as `Bool` and `Nul`, and nothing documents how they take them, while the
optimized `dynamodb:putItem` and its like take both as DynamoDB does. Stricter than AWS may be: what
is not documented shows on AWS alone, and can change there.
Sources: https://github.com/aws/aws-sdk-js/issues/4294, https://github.com/boto/boto3/issues/4253;
https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl import jsonata
from asl.walk import JSONATA

_UNSURE: Final = frozenset({"BOOL", "NULL", "NUL"})
_WHY: Final = (
    "SDK integrations return BOOL and NULL as Bool and Nul, and do not document them as input: "
    "leave out an attribute that is absent, and write a flag as S or N"
)


def attribute_type_problems(value: Any, language: str, where: str) -> Iterator[str]:
    """The places in a request where an attribute is a BOOL or a NULL, in its expressions too."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            place = f"{where}.{key}"
            if key.removesuffix(".$").upper() in _UNSURE and not isinstance(member, Mapping):
                yield f"{place} is not safe: {_WHY}"
            else:
                yield from attribute_type_problems(member, language, place)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from attribute_type_problems(member, language, f"{where}[{index}]")
    elif language == JSONATA and jsonata.is_expression(value):
        yield from _in_expression(value, where)


def _in_expression(text: str, where: str) -> Iterator[str]:
    try:
        tree = jsonata.parse(jsonata.source(text))
    except jsonata.ExpressionError:
        return  # already a problem of its own
    names = {pair.key for pair in jsonata.pairs(tree) if not jsonata.is_object(pair.value)}
    for name in sorted(name for name in names if name.upper() in _UNSURE):
        yield f"{where} makes a {name}, which is not safe: {_WHY}"
