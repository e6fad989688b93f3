"""Tasks that ask an outside service and wait for its callback."""

from collections.abc import Callable

from handlers.checkout import wiring
from handlers.checkout.rules.answers import Answer, Step, answer
from handlers.checkout.rules.errors import CheckoutClosed
from handlers.shared.environment import variable
from handlers.shared.observability import logger


def ask(step: Step, order_id: str, token: str, request: Callable[[str], None]) -> None:
    """Notes the task's token and sends the request; the token comes first, as answers are fast.

    Args:
        step: what is asked.
        order_id: the order.
        token: the task's token.
        request: sends the request, given the URL to call back.

    Raises:
        CheckoutClosed: the order has failed.
    """
    row = wiring.pending_callbacks().wait(order_id, step, token)
    if row is None:
        raise CheckoutClosed(f"order {order_id} has failed; nothing is requested for it")
    if "Answer" in row:
        _pass_on(order_id, token, answer(step, row["Answer"]))
    else:
        request(_callback_url(step))
        logger.info("request sent", extra={"step": str(step)})


def _pass_on(order_id: str, token: str, kept: Answer) -> None:
    """Gives the task the answer that was there before it."""
    if wiring.waiting_tasks().answer(token, kept):
        wiring.pending_callbacks().mark(order_id, kept)
    logger.info("early answer passed on", extra={"step": str(kept.step), "word": kept.word})


def _callback_url(step: Step) -> str:
    """Name where an outside service sends its answer about a step."""
    return f"{variable('CALLBACK_URL').rstrip('/')}/callbacks/{step}"
