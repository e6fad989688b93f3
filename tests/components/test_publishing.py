"""Publishing as registered: whose changes become events, and who alone may publish."""

import pytest

from tests.components.conftest import Registered, environment, granted

SOURCES = {"orders": "CustomerOrders", "reviews": "ManualReview"}


def test_only_orders_and_reviews_pass_on_their_changes(stack: Registered) -> None:
    streamed = [
        made.name
        for made in stack.made
        if made.typ == "aws:dynamodb/table:Table" and made.inputs.get("streamEnabled")
    ]
    assert sorted(streamed) == sorted(SOURCES.values())


@pytest.mark.parametrize(("source", "table"), SOURCES.items())
def test_every_change_of_an_order_or_a_review_reaches_the_one_function_that_publishes(
    stack: Registered, source: str, table: str
) -> None:
    mapping = stack.named(
        "lambda/eventSourceMapping:EventSourceMapping", f"publish-outcomes-{source}"
    )

    assert f":{table}/stream/" in mapping["eventSourceArn"]
    assert mapping["functionName"].endswith(":publish-outcomes")
    destination = mapping["destinationConfig"]["onFailure"]["destinationArn"]
    assert destination.endswith(":unpublished-outcomes")


def test_nobody_else_may_put_an_event_on_a_bus(stack: Registered) -> None:
    publishing = {
        name: statement["Resource"]
        for name, statement in stack.policies()
        if any(action.startswith("events:Put") for action in statement["Action"])
    }

    assert set(publishing) == {"publish-outcomes-policy"}
    (bus,) = publishing["publish-outcomes-policy"]
    assert bus.endswith(":Orders")


def test_the_publisher_knows_its_tables_its_bus_and_where_to_set_aside(stack: Registered) -> None:
    assert environment(stack, "publish-outcomes") == {
        "ORDERS_TABLE": "CustomerOrders",
        "MANUAL_REVIEW_TABLE": "ManualReview",
        "EVENT_BUS_NAME": "Orders",
        "UNPUBLISHED_QUEUE_URL": "https://queue/unpublished-outcomes",
    }


def test_the_publisher_reads_no_row_and_writes_none(stack: Registered) -> None:
    assert set(granted(stack, "publish-outcomes")) == {
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "events:PutEvents",
        "sqs:SendMessage",
    }


def test_what_could_not_be_published_waits_for_somebody_who_was_alerted(stack: Registered) -> None:
    sources = stack.of("lambda/eventSourceMapping:EventSourceMapping")
    alarm = stack.named("cloudwatch/metricAlarm:MetricAlarm", "unpublished-outcomes-alarm")

    assert alarm["dimensions"] == {"QueueName": "unpublished-outcomes"}
    assert not [made for made in sources if "unpublished" in made["eventSourceArn"]]


def test_the_publisher_alerts_when_it_falls_behind(stack: Registered) -> None:
    alarm = stack.named("cloudwatch/metricAlarm:MetricAlarm", "publish-outcomes-IteratorAge-alarm")

    assert alarm["threshold"] == 300_000
    assert alarm["alarmActions"][0].endswith(":SupportAlerts")


def test_every_outcome_goes_by_mail_and_topic_and_payment_starts_fulfillment(
    stack: Registered,
) -> None:
    from components.orders.events import OUTCOMES, REVIEW
    from components.orders.fulfillment import PAID
    from handlers.orders.rules import events as outcomes

    assert set(OUTCOMES) == set(outcomes.OUTCOMES)
    assert outcomes.REVIEW == REVIEW
    assert set(PAID) < set(OUTCOMES)
