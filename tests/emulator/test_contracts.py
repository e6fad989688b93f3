"""Every mend is needed: without it, and with all others in force, its contract fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from tests.emulator import (
    test_callers,
    test_event_sources,
    test_execution_lists,
    test_expressions,
    test_http_api,
    test_http_callers,
    test_mail,
    test_ministack_mends,
    test_moto_mends,
    test_objects,
    test_queues,
    test_redrives,
    test_service_policies,
    test_streams,
)
from tests.emulator.bench import Bench
from tests.emulator.contracts import CONTRACTS, Contract

_FAILURES = (
    AssertionError,
    LookupError,
    OSError,
    ValueError,
    ClientError,
    pytest.fail.Exception,
)
_FILES = (
    test_callers,
    test_event_sources,
    test_expressions,
    test_execution_lists,
    test_http_api,
    test_http_callers,
    test_mail,
    test_ministack_mends,
    test_moto_mends,
    test_objects,
    test_queues,
    test_redrives,
    test_service_policies,
    test_streams,
)


def test_every_mend_has_a_contract(cloud: Cloud) -> None:
    with _without(cloud) as names:
        assert {mend for mend, _ in CONTRACTS} == names
    assert all(test.__module__ in {file.__name__ for file in _FILES} for _, test in CONTRACTS)


@pytest.mark.parametrize(
    ("mend", "test"), CONTRACTS, ids=[f"{mend}-{test.__name__}" for mend, test in CONTRACTS]
)
def test_a_contract_fails_without_its_mend(mend: str, test: Contract, cloud: Cloud) -> None:
    with _without(cloud, mend), pytest.raises(_FAILURES):
        test(Bench(cloud, patience_seconds=2))


@contextmanager
def _without(cloud: Cloud, *mends: str) -> Iterator[set[str]]:
    answer = cloud.control("mends", {"without": list(mends)})
    try:
        yield set(answer["mends"])
    finally:
        cloud.control("mends", {"without": []})
