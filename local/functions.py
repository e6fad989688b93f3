"""The functions of the stack, as its own program registers them."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from local.deploy import Registration, preview
from local.stack import ROOT, Stack

_FUNCTION = "aws:lambda/function:Function"
_SCHEDULE = "aws:scheduler/schedule:Schedule"
_STACK = "dev"  # every stack has the same functions


@cache
def modules_of_the_program() -> Collection[str]:
    """The modules of every function that the program registers, found by a preview."""
    return sorted(map(_module, _functions(preview(ROOT, _STACK))))


def names(stack: Stack) -> Mapping[str, str]:
    """The names of the deployed functions, by module."""
    return {
        _module(made): str(made.outputs["name"])
        for made in _functions(stack.deployment.registrations)
    }


def scheduled(stack: Stack) -> Mapping[str, str]:
    """The names of the functions that schedules invoke, by module."""
    targets = {
        made.outputs["target"]["arn"]
        for made in stack.deployment.registrations
        if made.type == _SCHEDULE
    }
    return {
        _module(made): str(made.outputs["name"])
        for made in _functions(stack.deployment.registrations)
        if made.outputs["arn"] in targets
    }


def _functions(registrations: Iterable[Registration]) -> list[Registration]:
    return [made for made in registrations if made.type == _FUNCTION]


def _module(function: Registration) -> str:
    """`publish_outcomes` of the handler `handlers.orders.publish_outcomes.handler`."""
    return str(function.inputs["handler"]).split(".")[-2]
