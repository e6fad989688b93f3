"""The sample orders: which there are, and which of them are wanted."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from local.command_error import UnknownName
from local.machines import task_states
from local.scenario import Scenario
from local.scenario_files import read_scenario
from local.stack import ROOT
from workflows import DEFINITIONS

FOLDER = ROOT / "samples"


class Sample(NamedTuple):
    """A scenario of `samples/`, and the name of its file there: `checkout/02_both_call_back`."""

    file: str
    scenario: Scenario


def samples(folder: Path = FOLDER) -> list[Sample]:
    """Every sample, those of a workflow together.

    Raises:
        BadDocument: a file is no scenario.
        UnknownName: there is no sample at all, as where only the package is installed.
    """
    machines = task_states()
    paths = sorted(folder.glob("*/*.json"))
    if not paths:
        raise UnknownName(f"there is no sample in {folder}; run this in a clone of the project")
    found = [Sample(_name(path), read_scenario(path, machines)) for path in paths]
    order = list(DEFINITIONS)
    return sorted(found, key=lambda sample: order.index(sample.scenario.workflow))


def matching(found: Sequence[Sample], pattern: str) -> list[Sample]:
    """The samples whose name or file, with or without its folder, matches a glob.

    Raises:
        UnknownName: none does; the sentence lists the files and names that there are.
    """
    wanted = [sample for sample in found if _matches(sample, pattern.lower())]
    if not wanted:
        widest = max(len(sample.file) for sample in found)
        known = "\n  ".join(f"{file:{widest}}  {scenario.name}" for file, scenario in found)
        raise UnknownName(f"no sample's name or file matches {pattern!r}; there are\n  {known}")
    return wanted


def _matches(sample: Sample, pattern: str) -> bool:
    names = sample.scenario.name, sample.file, sample.file.rpartition("/")[2]
    return any(fnmatchcase(name.lower(), pattern) for name in names)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"
