"""One generated scenario: a base, and what disturbs it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Document = Mapping[str, Any]

_TAG = "TAG"
_SESSION = "SESSION"


@dataclass(frozen=True)
class Base:
    """A scenario whose order takes one of the ways that there are.

    Attributes:
        name: what is special about it.
        document: the scenario; TAG in its texts is replaced for each run, SESSION by a UUID.
    """

    name: str
    document: Document

    @property
    def workflow(self) -> str:
        """The workflow that it starts."""
        return str(self.document["workflow"])


@dataclass(frozen=True)
class Case:
    """A base with faults and actions.

    Attributes:
        kind: what it is counted as.
        base: the scenario that is disturbed.
        what: how, in a few words.
        faults: what fails beside what fails in the base, as a scenario has it.
        actions: the same of who acts.
        path: the calls of the base in their order, by which the actions are put in order.
    """

    kind: str
    base: Base
    what: str
    faults: Sequence[Document] = ()
    actions: Sequence[Document] = ()
    path: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The name of its scenario."""
        return f"{self.what}; {self.base.name}" if self.what else self.base.name

    def document(self, tag: str) -> dict[str, Any]:
        """The scenario as a file has it.

        Args:
            tag: makes its items, cart and session its own, so that no other run is in its way.
        """
        own = {_SESSION: str(uuid5(NAMESPACE_URL, tag)), _TAG: tag}
        base = json.loads(_replaced(json.dumps(self.base.document), own))
        faults, actions = [*base.get("faults", ()), *self.faults], self._actions(base)
        return {
            "name": self.name,
            **base,
            "follow": True,
            **({"faults": faults} if faults else {}),
            **({"actions": actions} if actions else {}),
            "sweep": True,
            "expect": {},
        }

    def _actions(self, base: Document) -> list[Document]:
        every = [*base.get("actions", ()), *self.actions]
        place = {named: number for number, named in enumerate(self.path)}
        return sorted(every, key=lambda action: place.get(action["after"], len(place)))


def _replaced(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text
