"""Runs `__main__.py` in this process, with a monitor of our own in place of the Pulumi CLI."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pulumi

from local.deploy.backend import AwsClients, Backend, PreviewBackend
from local.deploy.cloud_backend import CloudBackend
from local.deploy.config import Project, load
from local.deploy.deployment import DeployError, Deployment, Registration
from local.deploy.engine import LOG, Engine
from local.deploy.monitor import Monitor
from local.deploy.program import inside, run_program, uncollected
from local.deploy.program_errors import ProgramErrors
from local.deploy.record import Record

_PARALLEL = 16
# The program runs with its folder as working directory, which a process has only one of.
_ONE_AT_A_TIME = threading.Lock()


def preview(root: Path, stack: str = "dev") -> list[Registration]:
    """Runs the program as `pulumi preview` does; needs no cloud.

    Raises:
        DeployError: the configuration or the program is wrong.
    """
    project = load(root.resolve(), stack)
    region = project.values.get("aws:region")
    backend = PreviewBackend(region) if region else PreviewBackend()
    return _deploy(project, backend).registrations


def up(root: Path, stack: str, cloud: AwsClients) -> Deployment:
    """Runs the program as `pulumi up` does and creates every resource in the (empty) cloud.

    Raises:
        DeployError: the configuration or the program is wrong, or resources could not be created.
    """
    project = load(root.resolve(), stack)
    backend = CloudBackend(cloud)
    if refused := list(backend.refused_settings(project.values)):
        raise DeployError(
            [f"The local cloud does not honour the setting {key}." for key in refused]
        )
    project.values["aws:region"] = cloud.region
    return _deploy(project, backend)


def _deploy(project: Project, backend: Backend) -> Deployment:
    record, errors = Record(), ProgramErrors(project.root)
    with _ONE_AT_A_TIME, inside(project.root), uncollected(), asyncio.Runner() as runner:
        try:
            runner.run(_run(project, backend, record, errors))
        except (Exception, SystemExit) as error:
            record.fail(errors.sentence(error))
    if record.failures:
        raise DeployError(record.failures)
    return Deployment(record.registrations(), record.outputs)


async def _run(project: Project, backend: Backend, record: Record, errors: ProgramErrors) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_PARALLEL))
    # asyncio would report each output of a resource that could not be registered; the run itself
    # tells the reason, once.
    loop.set_exception_handler(lambda _, context: LOG.debug("%s", context["message"]))
    errors.watch(loop)
    pulumi.runtime.reset_options()
    pulumi.runtime.set_all_config(project.values, project.secrets)
    pulumi.runtime.configure(_settings(project, backend, record))
    await pulumi.runtime.run_in_stack(partial(run_program, project.root / "__main__.py"))


def _settings(project: Project, backend: Backend, record: Record) -> pulumi.runtime.Settings:
    monitor: Any = Monitor(project, backend, record)
    engine: Any = Engine(record)
    return pulumi.runtime.Settings(
        project=project.name,
        stack=project.stack,
        monitor=monitor,
        engine=engine,
        parallel=_PARALLEL,
        dry_run=backend.dry_run,
        organization="local",
        root_directory=str(project.root),
    )
