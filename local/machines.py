"""The Task states of every workflow: what a fault may name."""

from collections.abc import Collection, Mapping

from asl.walk import states
from workflows import DEFINITIONS


def task_states() -> Mapping[str, Collection[str]]:
    """The names of the Task states, bodies included, by workflow."""
    return {
        workflow: [visit.name for visit in states(render()) if visit.state["Type"] == "Task"]
        for workflow, render in DEFINITIONS.items()
    }
