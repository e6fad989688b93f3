"""How long a machine may take, and how long its history may get: all retries of all calls used."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from workflows.order_processing import reserve as stock
from workflows.shared import retries

Machine = Mapping[str, Any]
State = Mapping[str, Any]
Rounds = Mapping[str, int]

_TWICE = ("ClaimSession", "ReadSession", "RefuseSession", "ReadStanding", "WhyNotRefused")
ROUNDS: Rounds = {
    **dict.fromkeys(("ReserveStock", "ReadStock", "JudgeStock", "AwaitStock"), stock.ATTEMPTS),
    **dict.fromkeys(("RecordOrder", "WhyNotRecorded"), retries.ROUNDS),
    **dict.fromkeys(("ConfirmOrder", "WhyNotConfirmed"), retries.ROUNDS),
    # Who is kept out of closing an order reads once more what stands.
    **dict.fromkeys(("ReadOrder", "DoesOrderStand"), 2),
    # A session that is paid while it is refused is claimed once more.
    **dict.fromkeys(_TWICE, 2),
}
"""How often the states of circles may be entered; every other state once."""


def longest(machine: Machine, rounds: Rounds = ROUNDS, items: int = 1) -> float:
    """The seconds of the longest way through a machine, every call lasting as long as it may.

    Args:
        machine: a definition, or a part of one with StartAt and States.
        rounds: how often states may be entered, of a machine that goes in circles; the Wait
            of an n-th round is 2 to the power of n seconds, the most that ours draw.
        items: how many items a Map works on, as many at a time as it may.
    """
    return _most(machine, partial(_seconds, rounds=rounds, items=items), rounds)


def most_events(machine: Machine, rounds: Rounds = ROUNDS, items: int = 1) -> float:
    """The events in the longest history of a machine, but for those of its start and its end.

    Args:
        machine: a definition, or a part of one with StartAt and States.
        rounds: how often states may be entered, of a machine that goes in circles.
        items: how many items a Map works on.
    """
    return _most(machine, partial(_events, rounds=rounds, items=items), rounds)


def _most(machine: Machine, cost: Callable[[State, int], float], rounds: Rounds) -> float:
    """The cost of the most expensive way; `cost` is that of a state as it is entered again."""
    states = machine["States"]

    def after(name: str | None, entered: Counter[str]) -> float:
        if name is None or entered[name] == rounds.get(name, 1):
            return 0
        now = entered + Counter([name])
        rest = max(after(target, now) for target in _targets(states[name]))
        return cost(states[name], now[name]) + rest

    return after(machine["StartAt"], Counter())


def _targets(state: State) -> set[str | None]:
    ways = [*state.get("Catch", ()), *state.get("Choices", ())]
    return {state.get("Next"), state.get("Default"), *(way["Next"] for way in ways)}


def _seconds(state: State, entry: int, *, rounds: Rounds, items: int) -> float:
    match state["Type"]:
        case "Wait":
            return float(2**entry)
        case "Parallel":
            return max(longest(branch, rounds, items) for branch in state["Branches"])
        case "Map":
            turns: int = -(-items // state["MaxConcurrency"])
            return turns * longest(state["ItemProcessor"], rounds, items)
        case "Task":
            # Without an answer within its heartbeat a call fails with what is not retried.
            one_call = state.get("HeartbeatSeconds", state["TimeoutSeconds"])
            return float(_retries(state) * one_call + state["TimeoutSeconds"] + _pauses(state))
        case _:
            return 0


def _events(state: State, _entry: int, *, rounds: Rounds, items: int) -> float:
    """AWS, API Reference of Step Functions, HistoryEvent: the types of events of each state.

    A state is entered and left, a call scheduled, started, perhaps submitted, and ends.
    """
    match state["Type"]:
        case "Task":
            each = 4 if state["Resource"].endswith(".waitForTaskToken") else 3
            return float(2 + each * (1 + _retries(state)))
        case "Parallel":
            return 4 + sum(most_events(branch, rounds, items) for branch in state["Branches"])
        case "Map":
            return 4 + items * (2 + most_events(state["ItemProcessor"], rounds, items))
        case _:
            return 2


def _retries(state: State) -> int:
    return sum(rule["MaxAttempts"] for rule in state.get("Retry", ()))


def _pauses(state: State) -> float:
    rules = state.get("Retry", ())
    return sum(_pause(rule, n) for rule in rules for n in range(rule["MaxAttempts"]))


def _pause(rule: Mapping[str, Any], failures: int) -> float:
    drawn = rule["IntervalSeconds"] * rule["BackoffRate"] ** failures
    return float(min(drawn, rule["MaxDelaySeconds"]))
