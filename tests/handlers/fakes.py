"""A process that crashes between any two of its effects."""

from dataclasses import dataclass


class Crash(BaseException):
    """The process is gone; nothing catches that."""


@dataclass
class Fuse:
    """Lets `left` steps pass, then crashes once; with None it never does."""

    left: int | None = None

    def step(self) -> None:
        if self.left is None:
            return
        if self.left == 0:
            self.left = None
            raise Crash
        self.left -= 1

    def before(self) -> None:
        """An effect is about to take place."""
        self.step()

    def after(self) -> None:
        """An effect took place."""
        self.step()


class Cut(Fuse):
    """Crashes after effects only, for a test all of whose effects pass the fuse.

    What is seen of a crash just before the next effect is the same, and takes as long to try.
    """

    def before(self) -> None:
        """Nothing has changed since the effect before."""
