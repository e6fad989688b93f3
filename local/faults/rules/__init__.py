"""The rules of the design, each a pure function over one order's story."""

from local.faults.rules import endings, messages, money, secrets, stock
from local.faults.rules.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: tuple[Rule, ...] = (
    *endings.RULES,
    *money.RULES,
    *stock.RULES,
    *messages.RULES,
    *secrets.RULES,
)
