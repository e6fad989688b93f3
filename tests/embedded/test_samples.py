"""Every sample order, executed: the real definition, the real archive, enforced permissions.

But the one that is there to be large: `make demo` runs it.
"""

from pathlib import Path

import pytest

from local.machines import task_states
from local.runner import Runner
from local.scenario_files import read_scenario
from local.stack import ROOT

LARGE = {"03_a_hundred_centers"}
FILES = sorted((ROOT / "samples").glob("*/*.json"))
SAMPLES = [path for path in FILES if path.stem not in LARGE]


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_a_sample_ends_as_it_says_it_must(runner: Runner, path: Path) -> None:
    scenario = read_scenario(path, task_states())

    result = runner.run(scenario)

    assert scenario.expect
    assert result.unmet == []
