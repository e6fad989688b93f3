from __future__ import annotations

import re
from typing import Any

import pytest

from asl import loads, mermaid
from tests.asl.samples import VALID, jsonpath, load, machine

LABEL = r'"[^"]*"'
NODE = "(?:s[0-9]+|start|finish)"
LINE = re.compile(
    rf"(?:subgraph s[0-9]+\[{LABEL}\]|end"
    rf"|{NODE}(?:\[{LABEL}\]|\[\[{LABEL}\]\]|\({LABEL}\)|\(\[{LABEL}\]\)|\{{{LABEL}\}})"
    rf"|{NODE} (?:-->|-\.->)(?:\|{LABEL}\|)? {NODE}"
    r"|class s[0-9]+ (?:succeed|fail|last)|classDef [a-z]+ [-a-z0-9:,#]+)"
)


def assert_mermaid(text: str) -> None:
    """Every line is one of the few forms used, boxes are closed, and arrows join known nodes."""
    head, *lines = text.splitlines()
    stripped = [line.strip() for line in lines]
    assert head == "flowchart TD"
    assert [line for line in stripped if not LINE.fullmatch(line)] == []
    assert stripped.count("end") == sum(line.startswith("subgraph ") for line in stripped)
    known = {
        match[1] for line in stripped if (match := re.match(rf"(?:subgraph )?({NODE})\W", line))
    }
    joined = re.findall(rf"^\s*({NODE}) -.*? ({NODE})$", text, re.MULTILINE)
    assert {node for pair in joined for node in pair} <= known


SMALL: dict[str, Any] = {
    "Is it large": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $total > 5 %}", "Next": "Both"}],
        "Default": "Done",
    },
    "Both": {
        "Type": "Parallel",
        "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Wait", "End": True}}},
            {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}},
        ],
        "End": True,
    },
    "Done": {"Type": "Succeed"},
    "Refuse": {"Type": "Fail"},
}


def test_a_small_machine_is_drawn_whole() -> None:
    definition = machine(
        {
            "Type": "Task",
            "Catch": [{"ErrorEquals": ["Declined", "States.Timeout"], "Next": "Refuse"}],
            "Next": "Is it large",
        },
        **SMALL,
    )
    assert mermaid(definition).splitlines() == [
        "flowchart TD",
        '    start(["Start"])',
        '    s1["Work"]',
        '    s2{"Is it large"}',
        '    subgraph s3["Both"]',
        '        subgraph s7[" "]',
        '            s6(["A"])',
        "            class s6 last",
        "        end",
        '        subgraph s9[" "]',
        '            s8("B")',
        "            class s8 last",
        "        end",
        "    end",
        "    class s3 last",
        '    s4[["Done"]]',
        "    class s4 succeed",
        '    s5[["Refuse"]]',
        "    class s5 fail",
        "    s1 --> s2",
        '    s1 -.->|"Declined, States.Timeout"| s5',
        '    s2 -->|"$total #62; 5"| s3',
        '    s2 -->|"otherwise"| s4',
        "    start --> s1",
        '    finish(["End"])',
        "    s3 --> finish",
        "    classDef succeed stroke:#2e7d32,stroke-width:2px",
        "    classDef fail stroke:#c62828,stroke-width:2px",
        "    classDef last stroke-width:3px",
    ]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_every_valid_definition_is_drawn_in_known_forms(path: object) -> None:
    assert_mermaid(mermaid(load(str(getattr(path, "stem", "")))))


def test_names_that_mermaid_would_read_as_its_own_are_only_text() -> None:
    rule = {"Variable": "$.a", "StringEquals": '"]; end\n%%{x}', "Next": "end"}
    name = 'graph "x" |a| [b] {c} <d> #35; (e)'
    definition = {
        "StartAt": name,
        "States": {
            name: {"Type": "Choice", "Choices": [rule], "Default": "end"},
            "end": {"Type": "Succeed"},
        },
    }
    assert_mermaid(mermaid(definition))
    assert "s2[[" in mermaid(definition)


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        ({"Variable": "$.a", "IsNull": True}, "$.a IsNull true"),
        ({"Variable": "$.a", "StringEquals": "x"}, "$.a StringEquals x"),
        ({"Not": {"Variable": "$.a", "IsNull": True}}, "Not #123;#34;Variable#34;: "),
    ],
)
def test_a_comparison_is_told_in_its_own_words(rule: dict[str, object], label: str) -> None:
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "Done"}], "Default": "Done"}
    assert f'|"{label}' in mermaid(jsonpath(choice, Done={"Type": "Succeed"}))


def test_a_long_condition_is_cut_short() -> None:
    rule = {"Condition": "{% " + "$x + " * 100 + "1 %}", "Next": "Done"}
    choice = {"Type": "Choice", "Choices": [rule], "Default": "Done"}
    text = mermaid(machine(choice, Done={"Type": "Succeed"}))
    assert max(len(line) for line in text.splitlines()) < 100
    assert '..."|' in text


def test_a_title_stands_in_the_front_matter() -> None:
    text = mermaid(machine({"Type": "Succeed"}), 'Orders: "all"')
    assert text.startswith('---\ntitle: "Orders: \\"all\\""\n---\nflowchart TD\n')


def test_the_same_definition_gives_the_same_text() -> None:
    path = VALID[0]
    definition = loads(path.read_text("utf-8"), path.stem)
    assert mermaid(definition) == mermaid(definition)
