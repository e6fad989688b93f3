"""Step Functions' JSONata, beside JSONata's own: no input document, functions of its own.

Sources: https://states-language.net/spec.html#jsonata-restrictions;
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html, "JSONata functions
provided by Step Functions".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl import jsonata
from asl.checks.problems import shown
from asl.intrinsic_rules import HASHES
from asl.jsonata_input import called_without_dollar, input_references

_MISSING: Final = "eval"
_HASH: Final = "hash"
_ARITY: Final[Mapping[str, tuple[int, ...]]] = {
    "partition": (2,),
    "range": (3,),
    _HASH: (2,),
    "random": (0, 1),
    "uuid": (0,),
    "parse": (1,),
}
OWN_FUNCTIONS: Final = frozenset(_ARITY)
"""The functions that Step Functions adds to those of JSONata, without their `$`."""


def dialect_problems(tree: Any, where: str) -> Iterator[str]:
    """What JSONata allows in an expression and Step Functions does not."""
    if _MISSING in jsonata.called(tree):
        yield f"{where} calls $eval, which Step Functions does not have"
    functions = called_without_dollar(tree)
    for name in functions:
        yield f"{where} calls {name} without its $: write ${name}"
    for name in input_references(tree):
        if name not in functions:
            yield f"{where} {_reading(name)}"
    for call in jsonata.calls(tree):
        yield from (f"{where} {text}" for text in _call_problems(call, jsonata.bound(tree)))


def _reading(name: str) -> str:
    why = "which Step Functions does not give an expression: read $states.input or a variable"
    if name == "$$":
        return f"reads $$, JSONata's input document, {why}"
    return f"reads {name} at the top level, where it stands for JSONata's input document, {why}"


def _call_problems(call: jsonata.FunctionCall, bound: set[str]) -> Iterator[str]:
    if call.function not in OWN_FUNCTIONS or call.function in bound:
        return
    allowed = _ARITY[call.function]
    if call.given not in allowed:
        wanted = " or ".join(str(count) for count in allowed)
        yield f"gives ${call.function} {call.given} arguments, and it takes {wanted}"
    elif call.function == _HASH and not call.partial:
        name = jsonata.literal(call.arguments[-1])
        if name is not None and name not in HASHES:
            yield f"calls $hash with {shown(name)}, and it knows {', '.join(HASHES)}"
