"""Processes at work on cases: what goes wrong in one is said by the command, and none is left."""

import multiprocessing

import pytest

from local.cloud import CloudError
from local.faults.crew import crew


def test_a_stack_that_cannot_be_deployed_is_said_and_no_process_is_left() -> None:
    with pytest.raises(CloudError, match="There is no stack 'moon'"), crew(1, "moon") as hands:
        hands.functions()

    assert multiprocessing.active_children() == []
