"""How long a machine may take when every call lasts as long as it may and every retry is used."""

from collections import Counter
from collections.abc import Mapping
from typing import Any


def longest(machine: Mapping[str, Any], rounds: int = 1) -> float:
    """The seconds of the longest way through a machine or a branch of one.

    Args:
        machine: a definition, or a part of one with StartAt and States.
        rounds: how often a state may be entered, for a machine that goes in circles; the Wait
            of its n-th round is 2 to the power of n seconds, the most that ours draw.
    """
    states = machine["States"]

    def after(name: str | None, entered: Counter[str]) -> float:
        if name is None or entered[name] == rounds:
            return 0
        now = entered + Counter([name])
        rest = max(after(target, now) for target in _targets(states[name]))
        return _seconds(states[name], now[name], rounds) + rest

    return after(machine["StartAt"], Counter())


def _targets(state: Mapping[str, Any]) -> set[str | None]:
    ways = [*state.get("Catch", ()), *state.get("Choices", ())]
    return {state.get("Next"), state.get("Default"), *(way["Next"] for way in ways)}


def _seconds(state: Mapping[str, Any], entry: int, rounds: int) -> float:
    if state["Type"] == "Wait":
        return float(2**entry)
    if state["Type"] == "Parallel":
        return max(longest(branch, rounds) for branch in state["Branches"])
    if state["Type"] != "Task":
        return 0
    rules = state.get("Retry", ())
    again = sum(rule["MaxAttempts"] for rule in rules)
    # A call that does not answer within the heartbeat fails with an error that is not retried.
    one_call = state.get("HeartbeatSeconds", state["TimeoutSeconds"])
    pauses = sum(_pause(rule, n) for rule in rules for n in range(rule["MaxAttempts"]))
    return float(again * one_call + state["TimeoutSeconds"] + pauses)


def _pause(rule: Mapping[str, Any], failures: int) -> float:
    drawn = rule["IntervalSeconds"] * rule["BackoffRate"] ** failures
    return float(min(drawn, rule["MaxDelaySeconds"]))
