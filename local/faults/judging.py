"""Holding the result of a case against the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.faults.rules import RULES, Rule
from local.faults.story import Story
from local.result import Result
from local.scenario import Scenario

ENDS = "comes to an end"


@dataclass(frozen=True)
class Violation:
    """A rule that did not hold; `seen` is a sentence."""

    rule: str
    seen: str


def judge(scenario: Scenario, result: Result) -> list[Violation]:
    """Every rule that a result breaks."""
    if result.status in ("BROKEN", "REFUSED"):
        return [Violation(ENDS, str(result.cause))]
    story = Story(scenario, result)
    return [violation for rule in RULES for violation in _broken(rule, story)]


def _broken(rule: Rule, story: Story) -> list[Violation]:
    try:
        return [Violation(rule.name, seen) for seen in rule.broken(story)]
    except (KeyError, TypeError, ValueError) as error:  # a row or an event of another shape
        return [Violation(rule.name, f"cannot be judged: {type(error).__name__}: {error}")]


def document(violation: Violation, scenario: str) -> Mapping[str, Any]:
    """A violation as the command prints it; `scenario` is its file."""
    return {"rule": violation.rule, "scenario": scenario, "seen": violation.seen}
