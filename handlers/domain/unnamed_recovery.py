"""What follows when an execution was started with an input that names no order: a human is called.

There is no order to finish, and nobody else would hear of it.
"""

from dataclasses import dataclass

from handlers.domain.recovery import STEP, EndedExecution, Verdict, cause, tell_support
from handlers.domain.telling import Telling

_TO_DO = (
    "find out who started the execution; its input has no order's id, so see in its history"
    " whether it reserved or charged anything"
)


@dataclass(frozen=True)
class UnnamedRecovery:
    """Whom such an execution's end is told."""

    telling: Telling

    def reconcile(self, ended: EndedExecution) -> Verdict:
        """Calls a human, once, under the execution's name.

        Raises:
            Exception: whatever a step raised; the call is then to be made again.
        """
        review = self.telling.reviews.open(ended.name, STEP, cause(ended), _TO_DO)
        tell_support(self.telling, ended, {"OrderId": ended.name}, STEP, review)
        return Verdict.REVIEWED
