"""One embedded cloud for the tests here that need one."""

from collections.abc import Iterator

import pytest

from local.cloud import Cloud


@pytest.fixture(scope="package")
def cloud() -> Iterator[Cloud]:
    with Cloud.start() as running:
        yield running
