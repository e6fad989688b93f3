"""Logs and traces of every function: JSON lines with the order's id, and X-Ray segments.

Nothing logs an event or a response, whatever the environment says: they may hold personal data.
"""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.shared.adapters import transient

Handler = Callable[[Any, LambdaContext], Any]

logger = Logger()
tracer = Tracer()


def entry_point(handler: Handler) -> Handler:
    """A Lambda handler that is traced, and whose log lines carry the invocation's context.

    What passes by itself leaves it under a name that every state machine's task retries.
    """
    patient = transient.named()(handler)
    logged: Handler = logger.inject_lambda_context(patient, log_event=False, clear_state=True)
    traced: Handler = tracer.capture_lambda_handler(logged, capture_response=False)
    return traced


def about(order_id: str) -> None:
    """Puts the order's id on every log line and into the trace until the invocation ends."""
    logger.append_keys(orderId=order_id)
    tracer.put_annotation("orderId", order_id)
