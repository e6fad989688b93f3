"""The life of a stack on Pulumi's engine, step by step; each comes after those before it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from components.orders import functions as order_code
from tests.engine.leftovers import empty, left
from tests.engine.ordering import order
from tests.engine.steps import Step, timed
from tests.engine.workplace import ROOT, Workplace
from workflows import order_processing

SENDER = "orders@shop.example.com"
ONE_LINE_MORE = "# One line more."


class Story:
    """One stack, from an empty cloud to an empty cloud. Asking for a step runs those before it."""

    def __init__(self, place: Workplace, name: str, patch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.name = name
        self.said: list[str] = []
        self._patch = patch
        if name == "prod":
            self.place.stack.set_config("orders:mailSender", automation.ConfigValue(SENDER))

    @cached_property
    def preview(self) -> Step:
        return self._run("preview", self.place.stack.preview)

    @cached_property
    def up(self) -> Step:
        assert self.preview
        return self._run("up", self.place.stack.up)

    @cached_property
    def order(self) -> dict[str, Any]:
        assert self.up
        return order(self.place.cloud, self.place.stack.outputs())

    @cached_property
    def up_again(self) -> Step:
        assert self.order
        return self._run("up again", self.place.stack.up)

    @cached_property
    def changed_definition(self) -> Step:
        assert self.up_again
        self._patch.setattr(order_processing, "definition", _with_one_more_state)
        return self._run("up, a definition changed", self.place.stack.up)

    @cached_property
    def changed_handler(self) -> Step:
        assert self.changed_definition
        self._patch.setattr(order_code, "HANDLERS", self._changed_handlers())
        return self._run("up, a handler changed", self.place.stack.up)

    @cached_property
    def second_order(self) -> dict[str, Any]:
        assert self.changed_handler
        return order(self.place.cloud, self.place.stack.outputs())

    @cached_property
    def refresh(self) -> Step:
        assert self.second_order
        return self._run("refresh", partial(self.place.stack.refresh, run_program=False))

    @cached_property
    def unprotected(self) -> Step:
        assert self.refresh
        off = automation.ConfigValue("false")
        self.place.stack.set_config("orders:deletionProtection", off)
        return self._run("up, protection off", self.place.stack.up)

    @cached_property
    def destroy(self) -> Step:
        assert self.unprotected if self.name == "prod" else self.refresh
        bucket = self.place.stack.outputs()["buckets"].value["labels"]
        assert empty(self.place.cloud, bucket) > 0
        return self._run("destroy", partial(self.place.stack.destroy, run_program=False))

    @cached_property
    def left(self) -> list[str]:
        assert self.destroy
        return list(left(self.place.cloud))

    @contextmanager
    def setting(self, key: str, value: str, *, secret: bool = False) -> Iterator[None]:
        """The stack has a setting meanwhile."""
        name = f"orders:{key}"
        self.place.stack.set_config(name, automation.ConfigValue(value, secret=secret))
        try:
            yield
        finally:
            self.place.stack.remove_config(name)

    def trial(self) -> Step:
        """A preview that is no part of the story."""
        return self._run("preview, on trial", self.place.stack.preview)

    def refusal(self) -> str:
        """The CLI's own words on a preview that fails."""
        with pytest.raises(automation.CommandError) as failed:
            self.place.stack.preview()
        return str(failed.value)

    def _run(self, name: str, run: Callable[..., Any]) -> Step:
        step = timed(name, run, self.place.state_bytes)
        self.said.append(f"{self.name} {step}")
        return step

    def _changed_handlers(self) -> Path:
        changed = shutil.copytree(ROOT / "handlers", self.place.folder / "changed" / "handlers")
        with (changed / "fulfillment" / "rules" / "labels.py").open("a", encoding="utf-8") as file:
            file.write(f"\n{ONE_LINE_MORE}\n")
        return changed


_DEFINITION = order_processing.definition


def _with_one_more_state(on: order_processing.Resources) -> dict[str, Any]:
    """The definition, whose first state is now one that needs a permission it did not have."""
    made = _DEFINITION(on)
    first = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:deleteItem",
        "Arguments": {"TableName": on.inventory, "Key": {"ProductId": {"S": "nothing"}}},
        "TimeoutSeconds": 60,
        "Output": "{% $states.input %}",
        "Next": made["StartAt"],
    }
    return {**made, "StartAt": "TakeNothing", "States": {"TakeNothing": first, **made["States"]}}
