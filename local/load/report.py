"""A load as a person sees it: its progress, and its end."""

import time
from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from local.load.counts import Counts, Times
from local.load.customers import Answers
from local.load.watching import Look
from local.terminal import Say

_DECIDED_WELL = ("PROCESSED", "FULFILLED")


class Progress:
    """Says how many orders are answered, processed and fulfilled, and how many a second."""

    def __init__(self, orders: int, answers: Answers, say: Say) -> None:
        self._orders, self._answers, self._say = orders, answers, say
        self._before, self._at = (0, 0, 0), time.monotonic()

    def see(self, look: Look) -> None:
        """Say how things stand, and how fast they went on since the last time."""
        now = self._now(look)
        seconds = max(time.monotonic() - self._at, 0.001)
        names = ("answered", "processed", "fulfilled")
        parts = [
            f"{name} {count} ({(count - before) / seconds:.0f}/s)"
            for name, count, before in zip(names, now, self._before, strict=True)
        ]
        running = sum(look.running.values())
        busy = f", waiting: {', '.join(look.busy)}" if look.busy else ""
        self._say(f"{self._orders} orders: {', '.join(parts)}, {running} executions running{busy}")
        self._before, self._at = now, time.monotonic()

    def _now(self, look: Look) -> tuple[int, int, int]:
        processed = sum(look.states[state] for state in _DECIDED_WELL)
        return self._answers.taken, processed, look.states["FULFILLED"]


def table(counts: Counts, times: Times, connections: int) -> Table:
    """Every number; those that must be none are red where they are not."""
    shown = Table(show_header=False, pad_edge=False)
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column(overflow="fold")
    rate = counts.answered / max(times.answering, 0.001)
    pace = counts.orders / max(times.settling, 0.001)
    shown.add_row("orders", f"{counts.orders}, over {connections} connections")
    shown.add_row(
        "answered",
        f"{counts.answered} requests, {counts.distinct} orders;"
        f" {times.answering:.0f} s, {rate:.0f} a second",
    )
    shown.add_row("sent again", _numbers(counts.retries, "after "))
    shown.add_row("refused", _numbers(counts.refused))
    shown.add_row("by State", f"{_numbers(counts.states)}; {times.settling:.0f} s, {pace:.1f}/s")
    shown.add_row("lost", _wrong(counts.lost))
    shown.add_row("charged twice", _wrong(counts.double))
    shown.add_row("not charged", _wrong(counts.uncharged))
    shown.add_row("at a human", _wrong(counts.at_a_human, f", {counts.reviews} open reviews"))
    shown.add_row("stock missing", _wrong(len(counts.stock), f" items: {_numbers(counts.stock)}"))
    shown.add_row("dead letters", _numbers(counts.dead_letters))
    if counts.disturbed:
        shown.add_row("disturbed by", _numbers(counts.disturbed))
        shown.add_row("rules broken", _wrong(len(counts.broken), f": {_numbers(counts.broken)}"))
    for machine, statuses in counts.executions.items():
        shown.add_row(f"executions of {machine}", _numbers(statuses))
    shown.add_row("mails", f"{counts.mails}, {counts.mails_twice} of them repeated")
    return shown


def _numbers(counts: Mapping[str, int], why: str = "") -> str:
    return ", ".join(f"{count} {why}{name}" for name, count in sorted(counts.items())) or "none"


def _wrong(count: int, more: str = "") -> Text:
    return Text(f"{count}{more}", style="bold red") if count else Text("0", style="green")
