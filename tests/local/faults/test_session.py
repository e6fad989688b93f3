"""A run of faults from end to end, on a crew that runs nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from local.faults.bases import bases
from local.faults.cases import Base, Case
from local.faults.judging import Violation
from local.faults.reach import Unreached, targets
from local.faults.session import BASE, Judged, Session
from local.faults.work import Outcome

WORKFLOW = "order_processing"


class Crew:
    """Says that every base reaches every task, but the last function, and breaks no rule."""

    def __init__(self, calls: Sequence[str] | None = None) -> None:
        self.calls = calls
        self.documents: list[Mapping[str, Any]] = []

    def functions(self) -> Sequence[str]:
        return ["notify_user", "get_order"]

    def run(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Outcome]]:
        given = list(documents)
        self.documents += given
        for number in reversed(range(len(given))):
            document = given[number]
            calls = self.calls or list(targets(Base("", {"workflow": document["workflow"]})))
            fired = [1] * (len(document.get("faults", ())) - 1) + [0]
            yield (
                number,
                Outcome((), "SUCCEEDED", [*calls, "order_processing/Again"], fired, [], 0.1),
            )


def test_every_base_is_run_with_every_function_failing_once() -> None:
    crew, seen = Crew(), list[Judged]()
    session = Session(crew, seen.append)
    probes = session.probes([WORKFLOW])
    reached = session.explore(probes, [WORKFLOW])

    own = [base.name for base in bases() if base.workflow == WORKFLOW]
    assert [reach.base.name for reach in reached] == own
    assert {judged.case.kind for judged in seen} == {BASE}
    for document in crew.documents:
        struck = [fault.get("function") for fault in document["faults"]][-2:]
        assert struck == ["notify_user", "get_order"]
    assert {tuple(reach.functions) for reach in reached} == {("notify_user",)}
    assert "order_processing/Again" not in reached[0].tasks


def test_bases_that_leave_a_task_out_are_refused() -> None:
    session = Session(Crew(["CapturePayment"]), lambda _judged: None)

    with pytest.raises(Unreached, match="order_processing/RecordOrder"):
        session.explore(session.probes([WORKFLOW]), [WORKFLOW])


def test_the_cases_of_everything_are_thousands() -> None:
    session = Session(Crew(), lambda _judged: None)
    workflows = ["order_processing", "checkout", "fulfillment"]
    reached = session.explore(session.probes(workflows), workflows)

    assert len(session.cases(reached, 0, None)) > 2500
    assert len(session.cases(reached, 0, 40)) == 40


def test_every_case_buys_its_own_things() -> None:
    crew = Crew()
    session = Session(crew, lambda _judged: None)
    cases = [Case("stop", bases()[0], ""), Case("stop", bases()[0], "")]
    list(session.run(cases))
    list(Session(crew, lambda _judged: None).run(cases))

    assert len({str(document["given"]) for document in crew.documents}) == 4


def test_what_a_case_broke_is_seen_with_its_scenario() -> None:
    class Breaking(Crew):
        def run(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Outcome]]:
            for number, _ in enumerate(documents):
                yield number, Outcome([Violation("a rule", "it broke")], "FAILED", [], [], [], 0.1)

    seen = list[Judged]()
    case = Case("stop", bases()[0], "stop after X")
    list(Session(Breaking(), seen.append).run([case]))

    assert [(judged.case, judged.violations) for judged in seen] == [
        (case, [Violation("a rule", "it broke")])
    ]
    assert seen[0].document["name"] == "stop after X; an order that is paid and shipped"
