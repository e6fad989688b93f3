"""The files by which Pulumi's CLI makes the program's environment on a fresh clone.

See https://www.pulumi.com/docs/iac/languages-sdks/python/: the CLI makes the virtual environment
that `Pulumi.yaml` names, and installs `requirements.txt` into it.
"""

import ast
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROGRAM = [ROOT / "__main__.py", *(ROOT / name for name in ("asl", "workflows", "components"))]
OURS = {"asl", "components", "workflows"}


def test_the_runtime_asks_for_nothing_but_a_virtual_environment() -> None:
    runtime = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["runtime"]
    assert runtime == {"name": "python", "options": {"virtualenv": ".venv"}}


def test_what_the_cli_installs_is_the_project_itself() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["-e ."]


def test_the_project_alone_brings_all_that_the_program_imports() -> None:
    brought = set(required("orders"))
    owners = metadata.packages_distributions()
    imported = {name for path in PROGRAM for name in third_party(path)}

    assert {"pulumi", "pulumi_aws", "pulumi_random"} <= imported
    for name in imported:
        assert {canonical(owner) for owner in owners[name]} & brought, name


def third_party(place: Path) -> Iterator[str]:
    for path in [place] if place.is_file() else place.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            tops = {name.split(".")[0] for name in names}
            yield from tops - OURS - sys.stdlib_module_names


def required(distribution: str) -> Iterator[str]:
    """The distributions that the installed one requires without extras, itself not among them."""
    for line in metadata.requires(distribution) or ():
        requirement = Requirement(line)
        if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
            yield canonical(requirement.name)


def canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
