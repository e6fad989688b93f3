"""Reading a JSON object field by field, every complaint naming the field's path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from handlers.shared.rules.card_numbers import has_card_number
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.field_errors import raise_any
from handlers.shared.rules.field_names import shown
from handlers.shared.rules.text import is_padded, is_plain, is_prose

T = TypeVar("T")


@dataclass(frozen=True)
class Reader:
    """One JSON object of a document, in which null is the same as not given.

    Attributes:
        fields: the object.
        path: where it stands, empty for the whole document: `orderContents.items[2]`.
        payment: whether it is about a payment, where more digits are taken for a card's.
    """

    fields: Mapping[str, Any]
    path: str = ""
    payment: bool = False

    @classmethod
    def of(cls, value: Any, path: str) -> "Reader":
        """Reads a value that must be an object."""
        if not isinstance(value, Mapping):
            raise BadInput(path or "the order", "must be a JSON object")
        return cls(value, path)

    def require_known(self, known: tuple[str, ...]) -> None:
        """Accepts an object with no fields but the known ones."""
        where, takes = self.path or "the order", ", ".join(known)
        raise_any(
            BadInput(where, f"must not have {_shown(name)}; it takes {takes}")
            for name in self.fields
            if name not in known
        )

    def at(self, name: str) -> str:
        """The path of one of the object's fields."""
        return f"{self.path}.{name}" if self.path else name

    def required(self, name: str) -> Any:
        """The field's value, which must be given."""
        if self.fields.get(name) is None:
            raise BadInput(self.at(name), "is missing")
        return self.fields[name]

    def nested(self, name: str) -> "Reader":
        """The object in the field, which must be given."""
        return Reader.of(self.required(name), self.at(name))

    def text(self, name: str, longest: int) -> str:
        """The id or name in the field, which must be given; its length counts characters."""
        value = self._bounded(name, self._text(name), longest)
        if not is_plain(value):
            raise BadInput(self.at(name), "must not have control characters, emoji or symbols")
        return value

    def safe_text(self, name: str, longest: int) -> str:
        """The id or name in the field, which must be given and must not hold a card number."""
        return self._without_card(name, self.text(name, longest))

    def prose(self, name: str, longest: int) -> str:
        """The line in the field that people read, which must be given, without a card number."""
        value = self._bounded(name, self._text(name), longest)
        if not is_prose(value):
            raise BadInput(self.at(name), "must not have control characters or line breaks")
        return self._without_card(name, value)

    def lines(self, name: str, longest: int) -> str:
        r"""The lines in the field that people read, which must be given, without a card number.

        A break is \n or \r\n, as forms send it; the answer has \n, and none at its ends.
        """
        written = self._text(name).replace("\r\n", "\n").strip("\n")
        value = self._bounded(name, written, longest)
        if not all(map(is_prose, value.split("\n"))):
            raise BadInput(self.at(name), "must not have control characters but line breaks")
        return self._without_card(name, value)

    def whole(self, name: str, most: int, kind: str = "an integer") -> int:
        """The integer from 1 to some number in the field, which must be given."""
        value = self.required(name)
        if type(value) is not int or not 1 <= value <= most:
            raise BadInput(self.at(name), f"must be {kind} from 1 to {most}")
        return value

    def optional(self, name: str, read: Callable[["Reader", str], T]) -> T | None:
        """The field's value, as `read` finds it in this object; None when it is not given."""
        return None if self.fields.get(name) is None else read(self, name)

    def _text(self, name: str) -> str:
        value = self.required(name)
        if not isinstance(value, str):
            raise BadInput(self.at(name), "must be text")
        return value

    def _bounded(self, name: str, value: str, longest: int) -> str:
        if not 0 < len(value) <= longest:
            raise BadInput(self.at(name), f"must have 1 to {longest} characters")
        if is_padded(value):
            raise BadInput(self.at(name), "must not begin or end with a space")
        return value

    def _without_card(self, name: str, value: str) -> str:
        if has_card_number(value, payment=self.payment):
            raise BadInput(self.at(name), "must not have a card number in it")
        return value


def _shown(name: Any) -> str:
    return shown(name) if isinstance(name, str) else "a field whose name is no text"
