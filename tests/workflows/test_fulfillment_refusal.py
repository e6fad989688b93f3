"""Sessions that are not paid, not known or named wrongly, and what is done when one is late."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator.expressions.engine import JsonataError
from tests.workflows.groups import STATES
from tests.workflows.machines import EXECUTION, context, fill, perform
from tests.workflows.rows import ORDERS, SESSIONS, put, read

CONTEXT = context(given={"SessionId": "o-1"})


def session_read(**columns: Any) -> dict[str, Any]:
    """The variables after a session was read."""
    result = {"Item": {"SessionId": {"S": "o-1"}, **columns}}
    return dict(fill(STATES["ReadSession"]["Assign"], result=result, context=CONTEXT))


def refuse(client: Any, **columns: Any) -> dict[str, Any]:
    """The order's row after a session was refused."""
    known = session_read(**columns)
    perform(client, STATES["RefuseSession"], known, context=CONTEXT)
    return read(client, "CustomerOrders", "o-1")


def test_a_session_that_is_not_paid_and_its_order_are_refused_together(dynamodb: Any) -> None:
    put(dynamodb, "CustomerPaymentSession", SESSIONS["nearly paid"])

    row = refuse(dynamodb)

    assert (row["State"], row["Reason"]) == ("FAILED", "PaymentNotReceived")
    assert row["ClosedBy"] == row["ExecutionArn"] == EXECUTION
    assert row["ClosedAt"] == row["CreatedAt"] == row["UpdatedAt"]
    assert "Waiting" not in row
    assert read(dynamodb, "CustomerPaymentSession", "o-1") == SESSIONS["nearly paid"]


def test_a_refused_sessions_row_says_who_the_customer_is(dynamodb: Any) -> None:
    put(dynamodb, "CustomerPaymentSession", SESSIONS["unpaid"])

    row = refuse(dynamodb, CustomerId={"S": "c-1"}, Email={"S": "a@b.c"}, Address={"S": ""})

    assert (row["CustomerId"], row["Email"]) == ("c-1", "a@b.c")
    assert not {"Address", "Currency"} & set(row)


def test_a_customer_that_another_system_counts_is_known_by_the_digits(dynamodb: Any) -> None:
    put(dynamodb, "CustomerPaymentSession", SESSIONS["unpaid"])

    assert refuse(dynamodb, CustomerId={"N": "5"})["CustomerId"] == "5"


@pytest.mark.parametrize(
    "odd",
    [{}, {"CustomerId": {"BOOL": True}}, {"CustomerId": {"S": ""}}, {"CustomerId": {"L": []}}],
)
def test_a_customer_id_that_is_none_is_left_out_of_the_row(
    dynamodb: Any, odd: dict[str, Any]
) -> None:
    put(dynamodb, "CustomerPaymentSession", SESSIONS["unpaid"])

    assert "CustomerId" not in refuse(dynamodb, **({"CustomerId": odd} if odd else {}))


def test_a_session_that_is_paid_meanwhile_is_not_refused(dynamodb: Any) -> None:
    put(dynamodb, "CustomerPaymentSession", SESSIONS["paid"])

    with pytest.raises(ClientError, match="TransactionCanceled"):
        refuse(dynamodb)

    assert read(dynamodb, "CustomerPaymentSession", "o-1") == SESSIONS["paid"]
    assert read(dynamodb, "CustomerOrders", "o-1") == {}


def standing(client: Any, session: str, order: dict[str, Any] | None) -> tuple[str, Any]:
    """Where an execution goes whose refusal was kept out, and what it read."""
    put(client, "CustomerPaymentSession", SESSIONS[session])
    put(client, "CustomerOrders", order)
    state, known = STATES["ReadStanding"], {"order": {"orderId": "o-1"}}
    result = perform(client, state, known, context=CONTEXT)
    found = fill(state["Output"], known, result=result, context=CONTEXT)
    for choice in STATES["WhyNotRefused"]["Choices"]:
        if fill(choice["Condition"], input=found):
            return choice["Next"], found
    return STATES["WhyNotRefused"]["Default"], found


@pytest.mark.parametrize("order", ["absent", "not paid", "processed"])
def test_a_session_that_was_paid_while_it_was_refused_is_claimed_after_all(
    dynamodb: Any, order: str
) -> None:
    to, _ = standing(dynamodb, "paid", dict(ORDERS[order] or {}) or None)

    assert to == "ClaimSession"


@pytest.mark.parametrize("order", ["closed", "failed", "not paid", "cancelled", "fulfilled"])
def test_an_order_that_another_decided_ends_the_execution_well(dynamodb: Any, order: str) -> None:
    row = dict(ORDERS[order] or {})

    to, found = standing(dynamodb, "unpaid", row)

    assert to == "OrderStands"
    output = fill(STATES["OrderStands"]["Output"], {"order": {"orderId": "o-1"}}, input=found)
    assert output == {"orderId": "o-1", "state": row["State"]}


def test_an_order_that_this_execution_refused_before_is_refused(dynamodb: Any) -> None:
    to, _ = standing(dynamodb, "unpaid", {**dict(ORDERS["not paid"] or {}), "ClosedBy": EXECUTION})

    assert to == "RejectSession"


@pytest.mark.parametrize("order", ["processed", "pending"])
def test_an_order_that_waits_or_is_paid_without_its_session_is_left_to_the_reconciler(
    dynamodb: Any, order: str
) -> None:
    to, _ = standing(dynamodb, "refunded", dict(ORDERS[order] or {}))

    assert to == "RejectSession"


@pytest.mark.parametrize("session", ["absent", "refunded"])
def test_a_session_that_is_gone_or_refunded_without_an_order_is_rejected(
    dynamodb: Any, session: str
) -> None:
    to, found = standing(dynamodb, session, None)

    assert (to, found["state"]) == ("RejectSession", "")


def test_a_session_that_nobody_knows_is_reviewed_under_its_id() -> None:
    read_session = STATES["ReadSession"]
    unknown = read_session["Catch"][0]

    with pytest.raises(JsonataError, match="there is no session"):
        fill(read_session["Assign"], result={}, context=CONTEXT)
    assert unknown["ErrorEquals"] == ["States.QueryEvaluationError"]
    known = fill(unknown["Assign"], context=CONTEXT)
    assert known["order"] == {"orderId": "o-1", "customerId": ""}
    assert (known["failure"]["reason"], known["failure"]["step"]) == (
        "SessionNotFound",
        "ClaimSession",
    )


NO_IDS: list[Any] = [5, "", None, {}, ["s-1"], "a/b", "x" * 81]
NAMELESS: list[Any] = [{}, [], "text", 5, None, [{"SessionId": "s-1"}]]
NAMELESS += [{"SessionId": given} for given in NO_IDS]


@pytest.mark.parametrize("given", NAMELESS)
def test_an_input_without_a_session_is_reviewed_under_the_executions_name(given: Any) -> None:
    claim = STATES["ClaimSession"]
    nameless = claim["Catch"][1]
    known = context(EXECUTION.replace(":o-1", ":run-1"), given)

    with pytest.raises(JsonataError):
        fill(claim["Arguments"]["Key"], context=known)
    assert nameless["ErrorEquals"] == ["States.QueryEvaluationError"]
    assert nameless["Next"] == "RecordManualReview"
    found = fill(nameless["Assign"], context=known)
    assert found["failure"]["reason"] == "SessionNotFound"
    assert found["order"] == {"orderId": "run-1", "customerId": ""}


def test_a_session_is_claimed_and_reviewed_by_its_id() -> None:
    claim = STATES["ClaimSession"]

    key = fill(claim["Arguments"]["Key"], context=CONTEXT)
    unread = fill(claim["Catch"][-1]["Assign"], context=CONTEXT, errorOutput={"Error": "E"})

    assert key == {"SessionId": {"S": "o-1"}}
    assert unread["order"]["orderId"] == "o-1"


def test_a_claim_answers_with_the_session_and_whose_order_it_is(dynamodb: Any) -> None:
    put(dynamodb, "CustomerPaymentSession", SESSIONS["paid"])

    result = perform(dynamodb, STATES["ClaimSession"], context=CONTEXT)
    known = fill(STATES["ClaimSession"]["Assign"], result=result, context=CONTEXT)

    assert known["order"] == {"orderId": "o-1", "customerId": "c-1"}
    assert known["session"]["FulfillmentExecution"] == {"S": EXECUTION}
