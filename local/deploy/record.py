"""The record of a run: what was registered, what failed, what had to be skipped."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

from local.deploy.deployment import Registration


@dataclass
class Record:
    """Thread-safe, because the SDK registers independent resources at the same time."""

    outputs: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    _registrations: dict[str, Registration] = field(default_factory=dict)
    _unavailable: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, registration: Registration) -> None:
        """Records a registration.

        Raises:
            ValueError: its URN is taken.
        """
        with self._lock:
            if registration.urn in self._registrations:
                raise ValueError("the program registers it twice, under one URN")
            self._registrations[registration.urn] = registration

    def finish(self, urn: str, id_: str | None, outputs: dict[str, Any]) -> None:
        """Adds what came of a registered resource."""
        with self._lock:
            self._registrations[urn] = replace(self._registrations[urn], id=id_, outputs=outputs)

    def fail(self, failure: str, urn: str | None = None) -> None:
        """Records a failure; what depends on `urn` will be skipped."""
        with self._lock:
            self.failures.append(failure)
            self._unavailable.update([urn] if urn else [])

    def skip(self, urn: str) -> None:
        """Marks a resource as not created because of another's failure."""
        with self._lock:
            self._unavailable.add(urn)

    def is_available(self, urns: list[str]) -> bool:
        """Whether none of the resources failed or was skipped."""
        with self._lock:
            return self._unavailable.isdisjoint(urns)

    def lineage(self, urn: str) -> list[str]:
        """The URN and its ancestors' URNs, nearest first; empty for ""."""
        found = []
        with self._lock:
            while urn:
                found.append(urn)
                known = self._registrations.get(urn)
                urn = (known.parent if known else None) or ""
        return found

    def registrations(self) -> list[Registration]:
        """All registrations, sorted by URN."""
        with self._lock:
            return [self._registrations[urn] for urn in sorted(self._registrations)]
