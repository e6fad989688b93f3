"""Reading scenarios from files: one shape, and a sentence for everything else."""

import json
from collections.abc import Callable, Collection, Mapping
from decimal import DecimalException
from pathlib import Path
from typing import Any

from local import rows
from local.disturbances import Places, action, fault
from local.documents import BadDocument, read_bytes, read_document
from local.fields import (
    WrongField,
    amount,
    by_item,
    each,
    fields,
    name,
    one_of,
    optional_name,
    typed,
)
from local.functions import modules_of_the_program
from local.result_fields import require_known
from local.scenario import API, CALLBACKS, Scenario

_DEEPEST_ROW = 32  # AWS, "Quotas in Amazon DynamoDB": levels of nested attributes
_GIVEN = {"stock", "prices", "centers", "sessions"}
_SCENARIO = {
    *("name", "workflow", "given", "input", "callbacks", "follow", "through", "faults", "actions"),
    *("sweep", "expect"),
}


class BadScenario(BadDocument):
    """A file that is no scenario; `name` and `workflow` as far as it says them."""

    def __init__(self, why: str, scenario: str, workflow: str) -> None:
        super().__init__(why)
        self.name = scenario
        self.workflow = workflow


def read_scenario(
    path: Path,
    workflows: Mapping[str, Collection[str]],
    functions: Callable[[], Collection[str]] = modules_of_the_program,
) -> Scenario:
    """The scenario in a file.

    Args:
        path: a JSON file with one scenario.
        workflows: the Task states, which faults may name, by the name of their workflow.
        functions: finds the functions that faults may name; only asked if one names any.

    Raises:
        BadScenario: one sentence that names the file, the field and what is wrong with it.
    """
    try:
        document = read_document(path)
    except BadDocument as error:
        raise _bad(str(error), path, _lenient(path)) from error
    try:
        return scenario_of(document, path.stem, workflows, functions)
    except WrongField as error:
        raise _bad(f"{path}: {error}", path, document) from error


def _bad(why: str, path: Path, document: Any) -> BadScenario:
    known = document if isinstance(document, dict) else {}
    called, workflow = known.get("name"), known.get("workflow")
    return BadScenario(
        why,
        called if isinstance(called, str) else path.stem,
        workflow if isinstance(workflow, str) else "",
    )


def _lenient(path: Path) -> Any:
    """What can be read of a document that is refused, so that its name can be told."""
    try:
        return json.loads(read_bytes(path))
    except (ValueError, RecursionError):
        return None


def scenario_of(
    document: Any,
    default_name: str,
    workflows: Mapping[str, Collection[str]],
    functions: Callable[[], Collection[str]] = modules_of_the_program,
) -> Scenario:
    """The scenario in a document.

    Raises:
        WrongField: one sentence that names the field and what is wrong with it.
    """
    found = fields(document, "", _SCENARIO)
    for required in ("workflow", "input"):
        if required not in found:
            raise WrongField(f"{required}: is missing; a bare input is not a scenario")
    workflow = one_of(found["workflow"], "workflow", workflows)
    given = fields(_or(found, "given", {}), "given", _GIVEN)
    follow = typed(_or(found, "follow", False), bool, "follow", "true or false")
    places = Places(workflow, follow, workflows, functions)
    return Scenario(
        name=typed(found.get("name", default_name), str, "name", "text"),
        workflow=workflow,
        input=found["input"],
        stock=by_item(given.get("stock"), "given.stock", amount),
        prices=by_item(given.get("prices"), "given.prices", amount),
        centers=by_item(given.get("centers"), "given.centers", optional_name),
        sessions=tuple(each(given.get("sessions"), "given.sessions", _session)),
        callbacks=_callbacks(_or(found, "callbacks", {})),
        follow=follow,
        through=_through(found.get("through"), workflow),
        faults=tuple(each(found.get("faults"), "faults", fault(places))),
        actions=tuple(each(found.get("actions"), "actions", action(places))),
        sweep=typed(_or(found, "sweep", False), bool, "sweep", "true or false"),
        expect=_expect(found.get("expect")),
    )


def _or(found: Mapping[str, Any], field: str, default: Any) -> Any:
    value = found.get(field)
    return default if value is None else value


def _session(value: Any, where: str) -> dict[str, Any]:
    """A row that DynamoDB can hold; whether fulfillment likes it is the workflow's to say."""
    session: dict[str, Any] = typed(value, dict, where, "an object")
    name(session.get("SessionId"), f"{where}.SessionId")
    try:
        rows.typed(session)
    except (TypeError, DecimalException) as error:
        raise WrongField(
            f"{where}: has a value that no table can hold: numbers may have 38 digits"
        ) from error
    if _depth(session) > _DEEPEST_ROW:
        raise WrongField(f"{where}: must not be nested deeper than {_DEEPEST_ROW}")
    return session


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)


def _callbacks(value: Any) -> dict[str, str]:
    answers = fields(value, "callbacks", CALLBACKS)
    return {
        service: one_of(answer, f"callbacks.{service}", CALLBACKS[service])
        for service, answer in answers.items()
    }


def _through(value: Any, workflow: str) -> str | None:
    if value is not None and workflow != "order_processing":
        raise WrongField("through: is for orders; only order_processing takes it")
    return None if value is None else one_of(value, "through", (API,))


def _expect(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    expected: dict[str, Any] = typed(value, dict, "expect", "an object")
    require_known(expected, "expect")
    return expected
