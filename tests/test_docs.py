"""The documents say what is so: diagrams, names and links are held against the project."""

import re
from pathlib import Path

import pytest

import asl
from workflows import DEFINITIONS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
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
    (drawn,) = re.findall(r"```mermaid\n(.*?)\n```", text, re.DOTALL)

    generated = asl.mermaid(DEFINITIONS[workflow](), title=workflow)
    assert drawn.strip() == generated.strip()


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_test_that_is_named_exists(page: Path) -> None:
    for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8")):
        assert f"def {name}(" in TESTS, name


def test_every_scenario_that_is_named_exists() -> None:
    page = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\d\d_\w+)`", page)

    assert len(named) > 10
    for name in named:
        assert list(ROOT.glob(f"samples/*/{name}.json")), name
