"""Which tasks are tried again when no answer came in time: nearly all.

A call without an answer may have taken effect, and may take it while the next one runs. Every
task of these machines finds its own earlier effect, so another call is safe: a payment by
the gateway's idempotency key, a release or a void by the order's id, a write by its condition or
because it writes the same again. Two kinds of tasks are not simply called again:

- A wait for an outside service: that it did not call back is an answer. Only an invocation that
  was cut off is made again; the service knows the order's id.
- A publication: a second one is a second event, if only a repeated one. It is made once more, then
  left to the republisher, which finds out first whether the event came round the bus.
"""

from typing import Final

CALL: Final = ["States.Timeout"]
"""A task on a service that did not answer."""

FUNCTION_CUT_OFF: Final = ["Sandbox.Timedout"]
"""Lambda's own name for a function that reached its time limit."""

FUNCTION: Final = [*CALL, *FUNCTION_CUT_OFF]
"""A task on a function that did not answer, or was cut off."""
