"""The stacks' settings stand as Pulumi's CLI writes them, so that it changes no line of its own."""

import json
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted(ROOT.glob("Pulumi.*.yaml"))


def written(config: dict[str, str]) -> str:
    """The CLI's own form: keys sorted, a text in quotes where YAML would read no text."""

    def scalar(text: str) -> str:
        return text if yaml.safe_load(text) == text else json.dumps(text)

    lines = [f"  {key}: {scalar(config[key])}\n" for key in sorted(config)]
    return "config:\n" + "".join(lines)


def test_there_is_a_file_for_each_stack_that_the_readme_deploys() -> None:
    assert [file.name for file in FILES] == ["Pulumi.dev.yaml", "Pulumi.prod.yaml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_stacks_file_is_in_the_clis_own_form_without_a_salt(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    assert list(document) == ["config"]
    assert text == written(document["config"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_secret_stands_in_a_stacks_file(file: Path) -> None:
    assert "secret" not in file.read_text(encoding="utf-8").lower()
