"""Errors of reserving and releasing stock."""


class StockCommitted(Exception):
    """A release of stock that belongs to a recorded order."""


class StockInconsistent(Exception):
    """The inventory does not hold what a reservation says is reserved."""
