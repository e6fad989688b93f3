"""Errors of a checkout."""


class CheckoutClosed(Exception):
    """What a checkout does after it was failed and compensated; it has no effect any more."""


class BadSignature(Exception):
    """A callback that nobody with the shared secret has signed just now."""
