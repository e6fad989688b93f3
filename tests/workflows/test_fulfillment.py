"""Fulfillment: its definition against the golden file, its expressions on any length of list."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonata import Jsonata

import asl
from workflows import DEFINITIONS, fulfillment, fulfillment_groups

GOLDEN = Path(__file__).parent / "fulfillment.json"
DEFINITION = DEFINITIONS["fulfillment"]()
STATES = DEFINITION["States"]
GROUP = STATES["FulfillGroups"]["ItemProcessor"]["States"]["FulfillGroup"]
MOST_GROUPS = 300  # planning refuses more
LONGEST_HISTORY = 25_000  # events of one execution (AWS Step Functions, "Service quotas")
LARGEST_EVENT = 256 * 1024  # Amazon EventBridge User Guide, "Calculating PutEvents entry size"


def test_the_definition_is_exactly_the_golden_file() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DEFINITION


def test_the_definition_has_no_problem() -> None:
    assert asl.check(DEFINITION) == []


@pytest.mark.parametrize("groups", [1, 2, 100])
def test_success_takes_six_transitions_and_three_for_each_group(groups: int) -> None:
    cheapest = asl.success_cost(DEFINITION, items=groups)

    assert cheapest.transitions == 6 + 3 * groups
    assert cheapest.lambda_calls == 1 + 2 * groups


def test_a_session_that_is_not_paid_takes_five_transitions_at_most() -> None:
    refused = [path for path in asl.count_paths(DEFINITION) if path.states[-1] == "RejectSession"]

    assert {path.error for path in refused} == {"PaymentNotReceived"}
    assert max(path.transitions for path in refused) == 5


def tasks(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine["States"].items():
        bodies = [*state.get("Branches", []), state.get("ItemProcessor")]
        for body in filter(None, bodies):
            yield from tasks(body)
        if state["Type"] == "Task":
            yield name, state


def test_every_task_is_retried_without_an_answer_and_has_a_way_on_from_any_error() -> None:
    for name, state in tasks(DEFINITION):
        retried = [error for rule in state["Retry"] for error in rule["ErrorEquals"]]
        assert "States.Timeout" in retried, name
        assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name


def longest(state: dict[str, Any]) -> int:
    """Seconds that a task takes when every attempt runs out of time, and all are made."""
    seconds = state["TimeoutSeconds"]
    total = seconds
    for rule in state["Retry"]:
        for attempt in range(rule["MaxAttempts"]):
            wait = rule["IntervalSeconds"] * rule["BackoffRate"] ** attempt
            total += min(wait, rule["MaxDelaySeconds"]) + seconds
    return int(total)


def test_the_most_groups_at_their_slowest_end_before_the_machine_runs_out_of_time() -> None:
    found = dict(tasks(DEFINITION))
    in_a_group = ("UpdateInventory", "SendToFulfillmentCenter")
    rounds = -(-MOST_GROUPS // fulfillment_groups.CONCURRENCY)

    groups = rounds * max(longest(found.pop(name)) for name in in_a_group)
    others = sum(longest(state) for state in found.values())
    assert groups + others < fulfillment.TIMEOUT_SECONDS


def test_the_most_groups_with_all_their_retries_fit_into_a_history() -> None:
    in_a_group = 2 + 4  # a Map's iteration started and succeeded; a Parallel's four events
    for name in ("UpdateInventory", "SendToFulfillmentCenter"):
        retries = sum(rule["MaxAttempts"] for rule in dict(tasks(DEFINITION))[name]["Retry"])
        in_a_group += 2 + 3 * (1 + retries) + 2  # entered and exited, each attempt, the report

    assert MOST_GROUPS * in_a_group + 100 < LONGEST_HISTORY


def test_a_task_waits_longer_than_its_function_may_run() -> None:
    from components.function import TIMEOUT_SECONDS

    for name, state in tasks(DEFINITION):
        if state["Resource"].endswith("lambda:invoke"):
            assert state["TimeoutSeconds"] > 2 * TIMEOUT_SECONDS, name


def evaluate(template: Any, variables: dict[str, Any], **states: Any) -> Any:
    """A template as Step Functions would fill it in."""
    if isinstance(template, dict):
        return {key: evaluate(value, variables, **states) for key, value in template.items()}
    if isinstance(template, list):
        return [evaluate(value, variables, **states) for value in template]
    if not (isinstance(template, str) and template.startswith("{%")):
        return template
    query = Jsonata(template.removeprefix("{% ").removesuffix(" %}"))
    query.register_lambda("parse", json.loads)
    context = {"Execution": {"Id": "arn:execution", "Name": "s-1", "Input": {"SessionId": "s-1"}}}
    query.assign("states", {"context": context, **states})
    for name, value in variables.items():
        query.assign(name, value)
    return query.evaluate(None)


def group(number: int, products: int = 1) -> dict[str, Any]:
    return {
        "orderId": "s-1",
        "fulfillmentCenterId": f"fc-{number}",
        "arrivalDate": f"2026-01-{number + 1:02}",
        "products": [
            {"id": f"p-{number}-{each}", "name": "a thing", "price": 500, "quantity": each + 1}
            for each in range(products)
        ],
    }


def part(step: str, done: bool = True) -> dict[str, Any]:
    if done:
        label = {"labelKey": "labels/x.zpl"} if step == "SendToFulfillmentCenter" else {}
        return {"step": step, "done": True, **label}
    return {"step": step, "done": False, "error": "OutOfStock", "cause": "not enough"}


def results(groups: list[dict[str, Any]], failed: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "fulfillmentCenterId": one["fulfillmentCenterId"],
            "parts": [
                part("UpdateInventory", number not in failed),
                part("SendToFulfillmentCenter"),
            ],
        }
        for number, one in enumerate(groups)
    ]


def judged(groups: list[dict[str, Any]], failed: set[int]) -> dict[str, Any]:
    plan = {"groups": groups, "arrivalDate": "2026-01-09"}
    found: dict[str, Any] = evaluate(
        STATES["FulfillGroups"]["Assign"], {}, input=plan, result=results(groups, failed)
    )
    return found


@given(st.integers(1, 5), st.data())
def test_every_group_is_a_shipment_and_exactly_those_not_done_are_failed(
    count: int, data: st.DataObject
) -> None:
    groups = [group(number, products=1 + number % 3) for number in range(count)]
    failed = data.draw(st.sets(st.integers(0, count - 1)))

    found = judged(groups, failed)

    assert [one["fulfillmentCenterId"] for one in found["failed"]] == [
        f"fc-{number}" for number in sorted(failed)
    ]
    assert [one["products"] for one in found["shipments"]] == [one["products"] for one in groups]


@pytest.mark.parametrize("failed", [set(), {0}, {0, 1}])
def test_only_when_no_group_failed_the_order_is_recorded(failed: set[int]) -> None:
    found = judged([group(0), group(1)], failed)
    (choice,) = STATES["AreGroupsFulfilled"]["Choices"]

    assert evaluate(choice["Condition"], found) is (not failed)


def test_a_failed_group_is_cancelled_with_what_its_parts_report_but_not_the_address() -> None:
    failed = judged([group(0), {**group(1), "address": "7 Secret Road"}], {1})["failed"]

    payload = evaluate(STATES["CancelShipments"]["Arguments"]["Payload"], {"failed": failed})

    (cancelled,) = payload["groups"]
    assert {key: value for key, value in cancelled.items() if key != "parts"} == group(1)
    assert cancelled["parts"] == [
        part("UpdateInventory", done=False),
        part("SendToFulfillmentCenter"),
    ]


@pytest.mark.parametrize("count", [1, 2, 100])
def test_the_cause_names_every_failed_centre_and_stays_short(count: int) -> None:
    groups = [group(number) for number in range(count)]
    failed = judged(groups, set(range(count)))["failed"]

    failure = evaluate(STATES["CancelShipments"]["Assign"]["failure"], {"failed": failed})

    assert failure["centers"] == [one["fulfillmentCenterId"] for one in groups]
    assert failure["cause"].startswith("fc-0: UpdateInventory failed with OutOfStock, not enough")
    assert len(failure["cause"]) <= 2000


def variables(groups: list[dict[str, Any]], **order: Any) -> dict[str, Any]:
    told = {"orderId": "s-1", "customerId": "c-1", "currency": "USD", **order}
    return {**judged(groups, set()), "order": told, "session": {"Email": {"S": "a@example.com"}}}


@pytest.mark.parametrize(("count", "products"), [(1, 1), (1, 2), (2, 1), (3, 2)])
def test_the_row_holds_every_shipment_with_its_products(count: int, products: int) -> None:
    groups = [group(number, products) for number in range(count)]

    row = evaluate(
        STATES["RecordFulfillment"]["Arguments"]["ExpressionAttributeValues"],
        variables(groups, orderTotal=500),
    )

    shipments = row[":Shipments"]["L"]
    assert [one["M"]["fulfillmentCenterId"]["S"] for one in shipments] == [
        one["fulfillmentCenterId"] for one in groups
    ]
    assert [len(one["M"]["products"]["L"]) for one in shipments] == [products] * count
    assert shipments[0]["M"]["products"]["L"][0]["M"] == {
        "id": {"S": "p-0-0"},
        "name": {"S": "a thing"},
        "quantity": {"N": "1"},
    }
    assert len(row[":Items"]["L"]) == count * products
    assert row[":Items"]["L"][0]["M"] == {
        "itemId": {"S": "p-0-0"},
        "itemDescription": {"S": "a thing"},
        "price": {"N": "500"},
        "quantity": {"N": "1"},
    }
    assert row[":OrderTotal"] == {"N": "500"}
    assert (row[":Email"], row[":Address"]) == ({"S": "a@example.com"}, {"NULL": True})


def test_a_price_with_a_fraction_stays_exact() -> None:
    one = {**group(0), "products": [{"id": "p", "quantity": 2, "price": "12.345"}]}

    row = evaluate(
        STATES["RecordFulfillment"]["Arguments"]["ExpressionAttributeValues"], variables([one])
    )

    assert row[":Items"]["L"][0]["M"]["price"] == {"N": "12.345"}


@pytest.mark.parametrize("missing", [{}, {"name": None, "price": None}])
def test_a_product_without_name_and_price_has_none_in_the_row(missing: dict[str, Any]) -> None:
    one = {**group(0), "products": [{"id": "p", "quantity": 2, **missing}]}

    row = evaluate(
        STATES["RecordFulfillment"]["Arguments"]["ExpressionAttributeValues"], variables([one])
    )

    assert row[":Items"]["L"][0]["M"]["price"] == {"NULL": True}
    assert row[":Items"]["L"][0]["M"]["itemDescription"] == {"NULL": True}
    (shipment,) = row[":Shipments"]["L"]
    assert [*shipment["M"]["products"]["L"][0]["M"]] == ["id", "quantity"]
    assert row[":OrderTotal"] == {"NULL": True}


def test_an_update_gives_every_name_and_value_that_its_expressions_use_and_no_other() -> None:
    request = STATES["RecordFulfillment"]["Arguments"]
    used = f"{request['UpdateExpression']} {request['ConditionExpression']}"

    given = [*request["ExpressionAttributeNames"], *request["ExpressionAttributeValues"]]
    assert sorted(given) == sorted(set(re.findall(r"[#:]\w+", used)))


def told(groups: list[dict[str, Any]], **order: Any) -> dict[str, Any]:
    (entry,) = STATES["PublishOrderFulfilled"]["Arguments"]["Entries"]
    detail: dict[str, Any] = evaluate(entry["Detail"], variables(groups, **order))
    return detail


@pytest.mark.parametrize("count", [1, 2])
def test_the_event_says_what_arrives_when_from_where_and_nothing_personal(count: int) -> None:
    detail = told([group(number) for number in range(count)], orderTotal=500 * count)

    assert detail["arrivalDate"] == "2026-01-09"
    assert detail["orderTotal"] == 500 * count
    assert len(detail["shipments"]) == count
    assert detail["shipments"][0] == {
        "fulfillmentCenterId": "fc-0",
        "arrivalDate": "2026-01-01",
        "products": [{"id": "p-0-0", "name": "a thing", "quantity": 1}],
    }
    assert "example.com" not in json.dumps(detail)


def test_an_order_whose_total_nobody_knows_is_told_without_one() -> None:
    assert told([group(0)])["orderTotal"] is None


def test_a_hundred_shipments_of_the_longest_names_fit_into_one_event() -> None:
    products = [{"id": "p" * 128, "name": "n" * 256, "price": 1, "quantity": 9999}] * 4
    groups = [
        {**group(1), "fulfillmentCenterId": f"{number:0128}", "products": products}
        for number in range(100)
    ]

    assert len(json.dumps(told(groups))) < LARGEST_EVENT


def refused(session: dict[str, Any]) -> dict[str, Any]:
    known = evaluate(STATES["RefuseSession"]["Assign"], {}, result={"Attributes": session})
    item: dict[str, Any] = evaluate(STATES["RecordPaymentNotReceived"]["Arguments"]["Item"], known)
    return item


def test_a_refused_sessions_row_says_who_the_customer_is() -> None:
    row = refused({"SessionId": {"S": "s-1"}, "CustomerId": {"S": "c-1"}, "Email": {"S": "a@b.c"}})

    assert (row["OrderId"], row["State"]) == ({"S": "s-1"}, {"S": "FAILED"})
    assert (row["CustomerId"], row["Email"]) == ({"S": "c-1"}, {"S": "a@b.c"})
    assert "Address" not in row


def test_a_customer_that_another_system_counts_is_known_by_the_digits() -> None:
    counted = {"SessionId": {"S": "s-1"}, "CustomerId": {"N": "5"}}

    assert refused(counted)["CustomerId"] == {"S": "5"}


@pytest.mark.parametrize("odd", [{}, {"CustomerId": {"BOOL": True}}, {"CustomerId": {"S": ""}}])
def test_a_customer_id_that_is_none_is_left_out_of_the_row(odd: dict[str, Any]) -> None:
    assert "CustomerId" not in refused({"SessionId": {"S": "s-1"}, **odd})


def of_input(template: str, given: Any) -> Any:
    query = Jsonata(template.removeprefix("{% ").removesuffix(" %}"))
    query.assign("states", {"context": {"Execution": {"Name": "run-1", "Input": given}}})
    return query.evaluate(None)


NO_IDS: list[Any] = [5, "", None, {}, ["s-1"], "a/b", "x" * 81]
NAMELESS: list[Any] = [{}, [], "text", 5, None, [{"SessionId": "s-1"}]]
NAMELESS += [{"SessionId": given} for given in NO_IDS]


@pytest.mark.parametrize("given", NAMELESS)
def test_an_input_without_a_session_is_reviewed_under_the_executions_name(given: Any) -> None:
    claim = STATES["ClaimSession"]
    nameless = claim["Catch"][1]

    assert of_input(claim["Arguments"]["Key"]["SessionId"]["S"], given) is None
    assert nameless["ErrorEquals"] == ["States.QueryEvaluationError"]
    assert nameless["Assign"]["failure"]["error"] == "SessionNotFound"
    assert of_input(nameless["Assign"]["order"]["orderId"], given) == "run-1"


def test_a_session_is_claimed_and_reviewed_by_its_id() -> None:
    claim = STATES["ClaimSession"]

    for template in (
        claim["Arguments"]["Key"]["SessionId"]["S"],
        claim["Catch"][-1]["Assign"]["order"]["orderId"],
    ):
        assert of_input(template, {"SessionId": "s-1"}) == "s-1"
