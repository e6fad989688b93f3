"""The command line as scripts see it: exit codes, JSON on stdout, sentences on stderr.

Most run in this process, which has imported everything already; what deploys, and the plain
command, run as a process of their own.
"""

import io
import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from local import cli, running
from local.cloud import FunctionNotStarted
from local.commands import COMMANDS
from local.result import Result
from local.runner import exit_code
from local.stack import ROOT

SAMPLES = ROOT / "samples" / "order_processing"


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def python(script: str) -> Ended:
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    return Ended(ran.returncode, ran.stdout, ran.stderr)


def orders(*arguments: str | Path) -> Ended:
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["orders", *map(str, arguments)])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as end:
            cli.main()
    code = end.value.code
    assert isinstance(code, int)
    return Ended(code, out.getvalue(), err.getvalue())


def write(folder: Path, name: str, document: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def sample(number: str, **changes: Any) -> dict[str, Any]:
    (path,) = SAMPLES.glob(f"{number}*.json")
    return {**json.loads(path.read_text(encoding="utf-8")), **changes}


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_the_help_lists_every_command(arguments: tuple[str, ...]) -> None:
    shown = orders(*arguments)

    for name, place in COMMANDS.items():
        assert f"{name} {place.line}" in " ".join(f"{shown.stdout}{shown.stderr}".split())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_begins_with_the_line_that_the_list_has(name: str) -> None:
    shown = " ".join(orders(name, "--help").stdout.split())

    assert COMMANDS[name].line in shown
    assert ("--stack NAME The stack whose settings are in Pulumi.<stack>.yaml." in shown) == (
        name in ("demo", "run", "serve", "load", "preview", "faults")
    )


def test_the_list_of_commands_imports_nothing_that_a_command_needs() -> None:
    script = """
        import sys
        from local import cli
        sys.argv = ["orders", "--help"]
        try:
            cli.main()
        finally:
            heavy = {"boto3", "botocore", "pulumi", "rich", "asl", "yaml", "jsonata"}
            sys.stderr.write(" ".join(sorted(heavy & set(sys.modules))))
        """
    ran = python(textwrap.dedent(script))

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Commands:" in ran.stdout


def test_the_version_is_the_installed_ones() -> None:
    assert orders("--version").stdout == f"orders {version('orders')}\n"


def test_a_misspelt_command_is_answered_with_the_one_perhaps_meant() -> None:
    ended = orders("chek")

    assert ended.returncode == 2
    assert "No such command 'chek'. Did you mean 'check'?" in ended.stderr


@pytest.mark.parametrize("command", ["demo", "serve", "load"])
def test_what_needs_the_embedded_cloud_names_the_extra_where_it_is_not_installed(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("ministack", "moto", "uvicorn", "httptools"):
        monkeypatch.setitem(sys.modules, package, None)

    ended = orders(command)

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "orders: the embedded cloud needs ministack, moto, uvicorn, httptools: install the extra"
        " `local`, in a clone of the project by pip install '.[local]'"
    )


def test_only_what_the_project_itself_depends_on_is_imported_for_everything_else() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[=\[]", each)[0] for each in extras["optional-dependencies"]["local"]}
    script = f"""
        import sys
        for package in {sorted(names)}:
            sys.modules[package] = None
        from local import cli
        for arguments in (["demo", "--help"], ["check"], ["asl"], ["preview"], ["place", "none"]):
            sys.argv = ["orders", *arguments]
            try:
                cli.main()
            except SystemExit as end:
                sys.stderr.write(f"{{end.code}} ")
        """
    ran = python(textwrap.dedent(script))

    assert {"ministack", "moto", "uvicorn"} <= names
    assert ran.stderr.startswith("0 0 0 0 none: cannot be read")


@pytest.mark.parametrize(
    ("redirection", "code", "errors"),
    [
        (">&-", 0, ""),
        ("2>&- | head -1", 0, ""),
        (">/dev/full", 1, "orders: the output cannot be written: No space left on device\n"),
    ],
)
def test_a_stdout_that_takes_nothing_leaves_no_trace(
    redirection: str, code: int, errors: str
) -> None:
    command = f"set -o pipefail; {sys.executable} -m local.cli asl checkout {redirection}"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert (ran.returncode, ran.stderr) == (code, errors)


def test_a_reader_that_leaves_early_ends_it_without_a_word() -> None:
    command = f"{sys.executable} -m local.cli check | (exec 0<&-; sleep 0.1); exit $PIPESTATUS"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert (ran.returncode, ran.stderr) == (1, "")


def test_a_letter_that_the_terminal_does_not_know_is_shown_as_another(tmp_path: Path) -> None:
    definition = {"StartAt": "Prüfen", "States": {"Prüfen": {"Type": "Pass", "Next": "Ende"}}}
    path = write(tmp_path, "machine.json", definition)
    ran = subprocess.run(
        [sys.executable, "-m", "local.cli", "check", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert (ran.returncode, ran.stderr) == (1, "")
    assert "Pr?fen" in ran.stdout


def test_only_bad_input_starts_no_cloud(tmp_path: Path) -> None:
    ran = orders("run", tmp_path / "none.json")

    assert ran.returncode == 2
    assert json.loads(ran.stdout)["status"] == "REFUSED"
    assert ran.stderr.strip().endswith("cannot be read: No such file or directory")
    assert "Traceback" not in ran.stderr


def test_preview_lists_what_would_be_registered() -> None:
    shown = orders("preview", "--json")

    resources = json.loads(shown.stdout)
    assert shown.returncode == 0
    assert set(resources[0]) == {"type", "name", "urn", "parent", "inputs"}
    assert "aws:sfn/stateMachine:StateMachine" in {made["type"] for made in resources}


def test_preview_of_an_unknown_stack_is_one_sentence() -> None:
    shown = orders("preview", "--stack", "moon")

    assert shown.returncode == 1
    assert "moon" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_asl_prints_a_definition_or_its_diagram() -> None:
    definition = json.loads(orders("asl", "order_processing").stdout)
    diagram = orders("asl", "order_processing", "--format", "mermaid").stdout

    assert definition["QueryLanguage"] == "JSONata"
    assert "flowchart TD" in diagram


def test_asl_of_an_unknown_workflow_names_the_known_ones() -> None:
    shown = orders("asl", "bakery")

    assert shown.returncode == 2
    assert "order_processing" in shown.stderr


def test_check_of_the_projects_own_shows_their_permissions() -> None:
    shown = orders("check")

    assert shown.returncode == 0
    assert "order_processing: no problems" in shown.stdout
    assert "lambda:InvokeFunction" in shown.stdout


def test_check_names_every_problem_of_a_file(tmp_path: Path) -> None:
    states = {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Gone"}}
    path = write(tmp_path, "machine.json", {"StartAt": "A", "States": states})

    shown = orders("check", path)

    assert shown.returncode == 1
    assert "Gone" in shown.stdout
    assert shown.stdout.count("'A'") >= 1


def test_check_warns_of_a_text_that_was_perhaps_meant_as_an_expression(tmp_path: Path) -> None:
    state = {"Type": "Pass", "Output": "$states.input", "End": True}
    machine = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}}

    shown = orders("check", write(tmp_path, "machine.json", machine))

    assert shown.returncode == 0
    assert "machine.json: no problems, 1 warning" in shown.stdout
    assert "warning: State 'A': Output is kept as text" in shown.stdout


def test_check_counts_the_characters_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "machine.json", {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    path.write_text(path.read_text("utf-8") + " " * 1_048_576, encoding="utf-8")

    shown = orders("check", path)

    assert shown.returncode == 1
    assert "and must have at most 1048576" in shown.stdout


@pytest.mark.parametrize("text", ["{", "[1]", ""])
def test_check_of_a_file_that_is_no_definition_has_no_stack_trace(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")

    shown = orders("check", path)

    assert shown.returncode != 0
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ([("SUCCEEDED", True)], 0),
        ([("FAILED", True), ("SUCCEEDED", False)], 3),
        ([("BROKEN", False), ("SUCCEEDED", True)], 3),
        ([("REFUSED", True), ("SUCCEEDED", True)], 2),
        ([("REFUSED", False), ("SUCCEEDED", False)], 2),
    ],
)
def test_bad_input_is_exit_2_and_an_unmet_expectation_3(
    ends: list[tuple[str, bool]], code: int
) -> None:
    results = [Result("name", "workflow", status, met=met) for status, met in ends]

    assert exit_code(results) == code


@pytest.mark.parametrize("command", ["demo", "run"])
def test_a_function_that_does_not_start_ends_the_command_with_all_that_it_said(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "The function Bake-1 did not start: exit status 1\nIts output:\nno oven [left]"
    monkeypatch.setattr(running, "_deployed", Mock(side_effect=FunctionNotStarted(told)))
    files = [] if command == "demo" else [next(SAMPLES.glob("01*.json"))]

    ended = orders(command, *files)

    assert ended.returncode == 1
    assert ended.stderr.endswith(f"orders: {told}\n")


def test_every_file_is_checked_however_bad_another_is(tmp_path: Path) -> None:
    good = write(tmp_path, "good.json", {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    wrong = write(tmp_path, "wrong.json", {"StartAt": "B", "States": {"A": {"Type": "Succeed"}}})

    checked = orders("check", tmp_path / "none.json", wrong, good)

    assert checked.returncode == 2
    assert "none.json: cannot be read" in checked.stderr
    assert "wrong.json: " in checked.stdout
    assert "good.json: no problems" in checked.stdout


def test_a_results_file_that_cannot_be_written_stops_the_demo_before_it_starts(
    tmp_path: Path,
) -> None:
    shown = orders("demo", "--json", tmp_path / "no-folder" / "results.json")

    assert shown.returncode == 2
    assert "results.json: cannot be written: No such file or directory" in shown.stderr
    assert "Starting" not in shown.stderr


def test_results_of_before_stay_until_there_are_new_ones(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    results.write_text("[]", encoding="utf-8")

    shown = orders("demo", "--json", results, "--stack", "moon")

    assert shown.returncode == 1
    assert "moon" in shown.stderr
    assert results.read_text(encoding="utf-8") == "[]"


def test_a_refused_line_keeps_the_name_and_workflow_that_its_document_has(tmp_path: Path) -> None:
    ran = orders("run", write(tmp_path, "file.json", sample("01", name="mine", given=[])))

    line = json.loads(ran.stdout)
    assert (line["name"], line["workflow"]) == ("mine", "order_processing")
    assert line["cause"].endswith("file.json: given: must be a JSON object")


def test_help_says_that_a_cart_is_bought_once() -> None:
    shown = " ".join(orders("run", "--help").stdout.split())

    assert "a cart is bought once" in shown
