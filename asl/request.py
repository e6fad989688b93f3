"""What can be seen at build time of the request that a state will make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from asl import jsonata
from asl.walk import JSONATA, Visit


class HiddenTarget(ValueError):
    """A request whose target is made at run time, so that no permission can name it."""


def is_pattern(name: str) -> bool:
    """Whether IAM reads more in a resource's name than the name."""
    return "*" in name or "?" in name or "${" in name


class Request(NamedTuple):
    """A state's request, read in the state's own query language."""

    state: str
    fields: Any
    language: str

    def literal(self, name: str) -> str | None:
        """A field's text; None if the field is absent.

        Raises:
            HiddenTarget: if its value, or the whole request, is made at run time.
        """
        if not isinstance(self.fields, Mapping):
            raise self.hidden(name)
        if f"{name}.$" in self.fields:
            raise self.hidden(name)
        value = self.fields.get(name)
        return None if value is None else self._text(name, value)

    def required(self, name: str) -> str:
        """A field's text.

        Raises:
            HiddenTarget: if it is absent or made at run time.
        """
        value = self.literal(name)
        if value is None:
            raise self.hidden(name)
        return value

    def part(self, name: str, value: Any) -> Request:
        """The same state's request, narrowed to one member called `name`."""
        if not isinstance(value, Mapping):
            raise self.hidden(name)
        return Request(self.state, value, self.language)

    def hidden(self, name: str) -> HiddenTarget:
        """The error that this request's `name` cannot be seen."""
        return HiddenTarget(
            f"State {self.state!r}: the target {name} of its request cannot be seen in the "
            "definition: write it as a literal, so that the role can be limited to it."
        )

    def _text(self, name: str, value: Any) -> str:
        expression = self._is_expression(value)
        text = self._constant(value) if expression else value
        if not isinstance(text, str):
            raise self.hidden(name)
        return self._plain(name, text)

    def _plain(self, name: str, text: str) -> str:
        if is_pattern(text):
            raise HiddenTarget(
                f"State {self.state!r}: the target {name} of its request is {text!r}, which IAM "
                "would read as a pattern: name one resource."
            )
        return text

    def _is_expression(self, value: Any) -> bool:
        return self.language == JSONATA and jsonata.is_expression(value)

    @staticmethod
    def _constant(expression: str) -> str | None:
        try:
            return jsonata.literal(jsonata.parse(jsonata.source(expression)))
        except jsonata.ExpressionError:
            return None


def request_of(visit: Visit) -> Request:
    """The request of a Task state: its `Arguments` in JSONata, its `Parameters` in JSONPath."""
    field = "Arguments" if visit.language == JSONATA else "Parameters"
    return Request(visit.name, visit.state.get(field, {}), visit.language)
