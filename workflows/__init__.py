"""The state machines: pure functions from names and ARNs to a definition."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.checkout import definition as checkout
from workflows.fulfillment import definition as fulfillment
from workflows.order_processing import definition as order_processing

DEFINITIONS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "order_processing": lambda: order_processing.definition(order_processing.Resources()),
    "checkout": lambda: checkout.definition(checkout.Resources()),
    "fulfillment": lambda: fulfillment.definition(fulfillment.Resources()),
}
"""Every machine by name, rendered with placeholder names: for checks, diagrams and costs."""
