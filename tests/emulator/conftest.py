"""What tests of the embedded cloud build with."""

import pytest

from local.cloud import Cloud
from local.emulator import moto_import
from tests.emulator.bench import Bench

moto_import.lighten()  # before a test imports a part of the engine


@pytest.fixture
def bench(cloud: Cloud) -> Bench:
    """What a test builds with."""
    return Bench(cloud)
