"""Every function an expression may call: JSONata's, corrected, and those of Step Functions."""

import copy
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from jsonata import Jsonata, Utils
from jsonata.signature import Signature

from local.emulator.expressions import (
    array_functions,
    aws_functions,
    number_functions,
    pictures,
    text_functions,
    texts,
    timestamps,
)


class _Signature(Signature):  # type: ignore[misc]
    """A signature for which null is a value of its own, not a missing one."""

    def get_symbol(self, value: Any) -> str:
        """The letter of a value's type."""
        return "l" if value is Utils.NULL_VALUE else str(super().get_symbol(value))


class Function(Jsonata.JFunction):  # type: ignore[misc]
    """A function of this project's, which the library calls as its own."""

    def __init__(self, name: str, call: Callable[..., Any], signature: str) -> None:
        super().__init__(None, None)
        self.function_name = name
        self.signature = _Signature(signature, name)
        self._call = call
        self._parameters = len(inspect.signature(call).parameters)

    def call(self, _input: Any, arguments: Any) -> Any:
        """The function's value; arguments left out are nothing."""
        given = list(arguments or ())[: self._parameters]
        return self._call(*given, *([None] * (self._parameters - len(given))))

    def get_number_of_args(self) -> int:
        """How many it takes, for those that are given some of them."""
        return self._parameters


_CORRECTED: Mapping[str, tuple[Callable[..., Any], str]] = {
    "abs": (number_functions.absolute, "<n-:n>"),
    "average": (number_functions.average, "<a<n>:n>"),
    "base64decode": (text_functions.base64decode, "<s-:s>"),
    "distinct": (array_functions.distinct, "<x:x>"),
    "formatInteger": (pictures.format_integer, "<n-s:s>"),
    "formatNumber": (pictures.format_number, "<n-so?:s>"),
    "lowercase": (text_functions.lowercase, "<s-:s>"),
    "max": (number_functions.largest, "<a<n>:n>"),
    "min": (number_functions.smallest, "<a<n>:n>"),
    "number": (number_functions.number, "<(nsb)-:n>"),
    "parseInteger": (pictures.parse_integer, "<s-s:n>"),
    "replace": (text_functions.replace, "<s-(sf)(sf)n?:s>"),
    "round": (number_functions.round_, "<n-n?:n>"),
    "sort": (array_functions.sort, "<af?:a>"),
    "split": (text_functions.split, "<s-(sf)n?:a<s>>"),
    "string": (texts.string, "<x-b?:s>"),
    "sum": (number_functions.sum_, "<a<n>:n>"),
    "toMillis": (timestamps.to_millis, "<s-s?:n>"),
    "type": (texts.type_, "<x:s>"),
}
_ADDED: Mapping[str, tuple[Callable[..., Any], str]] = {
    "hash": (aws_functions.hash_, "<s-s?:s>"),
    "parse": (aws_functions.parse, "<s-:x>"),
    "partition": (aws_functions.partition, "<an?:a>"),
    "random": (aws_functions.random, "<n?:n>"),
    "range": (aws_functions.range_, "<n?n?n?:a>"),
    "uuid": (aws_functions.uuid, "<:s>"),
}
_REFUSED = "eval"  # "not supported", says AWS's page


def every() -> Mapping[str, Any]:
    """The functions by name, without the dollar sign."""
    own = {name: Function(name, *made) for name, made in {**_CORRECTED, **_ADDED}.items()}
    kept = {name: _with_nulls(native) for name, native in Jsonata.static_frame.bindings.items()}
    return {**kept, **own, _REFUSED: None}


def _with_nulls(native: Any) -> Any:
    """A function of the library, for which null is a value."""
    made = copy.copy(native)
    made.signature = copy.copy(native.signature)
    made.signature.__class__ = _Signature
    return made
