"""Every sample order, executed: the real definition, the real archive, enforced permissions."""

from pathlib import Path

import pytest

from local.machines import task_states
from local.runner import Runner
from local.scenario_files import read_scenario
from local.stack import ROOT

SAMPLES = sorted((ROOT / "samples").glob("*/*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_a_sample_ends_as_it_says_it_must(runner: Runner, path: Path) -> None:
    scenario = read_scenario(path, task_states())

    result = runner.run(scenario)

    assert scenario.expect
    assert result.unmet == []
