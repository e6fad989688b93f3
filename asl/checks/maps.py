"""Map and Parallel: their bodies, and what only a Map in distributed mode may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asl.checks.data import DATA_FIELDS, data_problems
from asl.checks.objects import object_problems
from asl.checks.shapes import BRANCH, CONFIG, PROCESSOR
from asl.distributed import is_distributed
from asl.walk import EXPRESS, PROCESSORS, Visit, bodies


def body_problems(visit: Visit) -> Iterator[str]:
    """What is wrong with the bodies of a Map or Parallel state, their states apart."""
    kind = visit.state.get("Type")
    if kind == "Parallel":
        branches = visit.state.get("Branches")
        for index, branch in enumerate(branches if isinstance(branches, list) else []):
            yield from object_problems(branch, BRANCH, visit.language, f"Branches[{index}]")
    if kind == "Map":
        for field in PROCESSORS:
            if isinstance(visit.state.get(field), Mapping):
                yield from object_problems(visit.state[field], PROCESSOR, visit.language, field)
        yield from _mode_problems(visit)
        yield from data_problems(visit)


def _mode_problems(visit: Visit) -> Iterator[str]:
    distributed = is_distributed(visit.state)
    for body in bodies(visit.state):
        config = body.get("ProcessorConfig")
        if config is not None:
            yield from object_problems(config, CONFIG, visit.language, "ProcessorConfig")
        if distributed and isinstance(config, Mapping) and "ExecutionType" not in config:
            yield "ProcessorConfig lacks ExecutionType, which distributed mode needs"
    if distributed and visit.machine.execution_type == EXPRESS:
        yield "it is in distributed mode, which an Express machine cannot run"
    for field in () if distributed else DATA_FIELDS:
        if field in visit.state:
            yield f"{field} needs distributed mode, but its ProcessorConfig does not say so"
