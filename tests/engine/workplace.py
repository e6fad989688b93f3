"""A folder to run a stack in: its files, its state, and the embedded cloud that it is made in."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pulumi import automation

from local.cloud import Cloud
from local.deploy.program import run_program
from local.engine.serving import providers

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "PULUMI_EXPERIMENTAL": "true",  # as the next needs
    "PULUMI_SKIP_CHECKPOINTS": "true",  # after each resource: half of the time of an `up`
    "PULUMI_CONFIG_PASSPHRASE": "any",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}


@dataclass(frozen=True)
class Workplace:
    """Where a stack stands.

    Attributes:
        folder: the working directory of the program and of the engine.
        cloud: the embedded cloud.
        stack: the stack, whose program is the project's own.
    """

    folder: Path
    cloud: Cloud
    stack: automation.Stack

    def resources(self) -> list[dict[str, Any]]:
        """Each resource as the state knows it."""
        found: list[dict[str, Any]] = json.loads(self.state())["checkpoint"]["latest"]["resources"]
        return found

    def state(self) -> str:
        """The stack's state as it is written."""
        [file] = self.folder.glob("state/.pulumi/stacks/orders/*.json")
        return file.read_text(encoding="utf-8")

    def state_bytes(self) -> int:
        """The size of the state."""
        return len(self.state().encode())

    def file(self) -> str:
        """The stack's settings as the CLI has written them."""
        return (self.folder / f"Pulumi.{self.stack.name}.yaml").read_text(encoding="utf-8")


@contextlib.contextmanager
def workplace(folder: Path, name: str) -> Iterator[Workplace]:
    """A place for one of the project's stacks, with an empty state and an empty cloud."""
    for file in ROOT.glob("Pulumi*.yaml"):  # the CLI writes to the stack's file
        shutil.copy(file, folder)
    (folder / "state").mkdir()
    with Cloud.start() as cloud, providers(cloud, folder) as found, contextlib.chdir(folder):
        own = {
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
        }
        options = automation.LocalWorkspaceOptions(
            work_dir=str(folder), env_vars={**SETTINGS, **found, **own}
        )
        program: Any = partial(run_program, ROOT / "__main__.py")
        stack = automation.create_stack(name, project_name="orders", program=program, opts=options)
        yield Workplace(folder, cloud, stack)
