"""Reading a JSON object field by field, every complaint naming the field's path."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.domain.errors import BadInput
from handlers.domain.names import shown
from handlers.domain.text import has_card_number, is_padded, is_plain


@dataclass(frozen=True)
class Reader:
    """One JSON object of a document, in which null is the same as not given.

    Attributes:
        fields: the object.
        path: where it stands, empty for the whole document: `orderContents.items[2]`.
    """

    fields: Mapping[str, Any]
    path: str = ""

    @classmethod
    def of(cls, value: Any, path: str, known: tuple[str, ...]) -> "Reader":
        """Reads a value that must be an object with no fields but the known ones."""
        where = path or "the order"
        if not isinstance(value, Mapping):
            raise BadInput(where, "must be a JSON object")
        for name in value:
            if name not in known:
                unknown = shown(name) if isinstance(name, str) else "a field whose name is no text"
                raise BadInput(where, f"must not have {unknown}; it takes {', '.join(known)}")
        return cls(value, path)

    def at(self, name: str) -> str:
        """The path of one of the object's fields."""
        return f"{self.path}.{name}" if self.path else name

    def required(self, name: str) -> Any:
        """The field's value, which must be given."""
        if self.fields.get(name) is None:
            raise BadInput(self.at(name), "is missing")
        return self.fields[name]

    def nested(self, name: str, known: tuple[str, ...]) -> "Reader":
        """The object in the field, which must be given."""
        return Reader.of(self.required(name), self.at(name), known)

    def text(self, name: str, longest: int) -> str:
        """The text in the field, which must be given; its length is counted in characters."""
        value = self.required(name)
        if not isinstance(value, str):
            raise BadInput(self.at(name), "must be text")
        if not 0 < len(value) <= longest:
            raise BadInput(self.at(name), f"must have 1 to {longest} characters")
        if is_padded(value):
            raise BadInput(self.at(name), "must not begin or end with a space")
        if not is_plain(value):
            raise BadInput(self.at(name), "must not have control characters, emoji or symbols")
        return value

    def safe_text(self, name: str, longest: int) -> str:
        """The text in the field, which must be given and must not hold a card number."""
        value = self.text(name, longest)
        if has_card_number(value):
            raise BadInput(self.at(name), "must not have a card number in it")
        return value

    def optional_text(self, name: str, longest: int) -> str | None:
        """The text in the field without a card number; None when it is not given."""
        return None if self.fields.get(name) is None else self.safe_text(name, longest)
