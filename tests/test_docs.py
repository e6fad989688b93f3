"""The documents say what is so: diagrams, names and links are held against the project."""

import re
from pathlib import Path

import pytest
import typer
import yaml

import asl
from local.commands import app
from workflows import DEFINITIONS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")
REFERENCE = re.compile(r"^\[[^\]]+\]: (\S+)", re.MULTILINE)
FENCED = re.compile(r"```.*?```", re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
UNWRITTEN = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX)\b|(?i:lorem ipsum|coming soon|to be written|fill in here)"
    r"|<(?!https?:)[a-zA-Z][^>\n]*>"
)
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py"))


@pytest.mark.parametrize(
    ("page", "workflow"),
    [
        ("README.md", "order_processing"),
        ("docs/workflows/checkout.md", "checkout"),
        ("docs/workflows/fulfillment.md", "fulfillment"),
    ],
)
def test_a_diagram_is_the_definitions_own(page: str, workflow: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    drawn = re.findall(r"```mermaid\n(---\ntitle: .*?)\n```", text, re.DOTALL)

    generated = asl.mermaid(DEFINITIONS[workflow](), title=workflow)
    assert [diagram.strip() for diagram in drawn] == [generated.strip()]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in [*LINK.findall(text), *REFERENCE.findall(text)]:
        if not re.match(r"[a-z]+:", target):
            path, _, heading = target.partition("#")
            found = (page.parent / path) if path else page
            assert found.exists(), target
            assert not heading or heading in headings(found), target


def headings(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    lines = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_nothing_is_left_to_be_written(page: Path) -> None:
    prose = CODE.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))

    assert UNWRITTEN.findall(prose) == []


@pytest.mark.parametrize(
    "text", ["TODO: say why", "Lorem ipsum dolor", "Coming soon.", "Ask <your team>.", "TBD"]
)
def test_what_is_left_to_be_written_is_found(text: str) -> None:
    assert UNWRITTEN.search(text)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_test_that_is_named_exists(page: Path) -> None:
    for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8")):
        assert f"def {name}(" in TESTS, name


def test_every_scenario_that_is_named_exists() -> None:
    page = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\d\d_\w+)`", page)

    assert len(named) > 10
    for name in named:
        assert list(ROOT.glob(f"samples/*/{name}.json")), name


def rows(heading: str) -> dict[str, str]:
    """The second cell by the first, of the README's table under these headings."""
    _, _, table = README.partition(f"| {heading} |")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    cells = [re.split(r"(?<!\\)\|", line)[1:3] for line in lines]
    return {first.strip().strip("`"): second.strip().strip("`") for first, second in cells}


def test_every_setting_is_told_with_its_default() -> None:
    settings = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    declared = {
        f"orders:{name}": known.get("default", "required") for name, known in settings.items()
    }
    empty = {name: None for name, default in declared.items() if default == ""}
    told = {name: yaml.safe_load(default) for name, default in rows("Setting").items()}

    assert told == {"aws:region": "required", **declared, **empty}


def test_every_output_is_told() -> None:
    program = (ROOT / "__main__.py").read_text(encoding="utf-8")

    assert set(rows("Output")) == set(re.findall(r'pulumi\.export\(\s*"(\w+)"', program))


def test_every_command_is_told() -> None:
    commands = set(typer.main.get_group(app).commands)

    assert {command.split()[1] for command in rows("Command")} == commands
