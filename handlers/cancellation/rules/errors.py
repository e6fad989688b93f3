"""Errors of a cancellation."""


class NotCancellable(Exception):
    """An order for whose cancellation it is too late, or that has none."""
