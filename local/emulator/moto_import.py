"""Imports moto's engine in a third of the time.

The engine imports moto's Batch for one enumeration of job statuses, and Batch imports EC2, whose
tables of instance types take 1.5 s to load. The enumeration alone is put in its place.
"""

import sys
from enum import StrEnum
from types import ModuleType


class JobStatus(StrEnum):
    """The status of a Batch job."""

    SUBMITTED = "SUBMITTED"
    PENDING = "PENDING"
    RUNNABLE = "RUNNABLE"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


def lighten() -> None:
    """Provide the job statuses, so that moto's engine does not import the whole of Batch."""
    batch, utils = ModuleType("moto.batch"), ModuleType("moto.batch.utils")
    utils.__dict__["JobStatus"] = JobStatus
    sys.modules.setdefault("moto.batch", batch)
    sys.modules.setdefault("moto.batch.utils", utils)
