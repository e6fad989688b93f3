"""Messages that nobody could handle, by the name that the program gives their queue."""

import json
from typing import Any

from local.dead_letters import queues, take_all
from local.stack import Stack
from tests.local import doubles

QUEUE = "aws:sqs/queue:Queue"


class Sqs:
    """Queues of messages by URL."""

    def __init__(self, **messages: list[str]) -> None:
        self.messages = messages
        self.asked: list[str] = []

    def receive_message(self, QueueUrl: str, **_named: Any) -> dict[str, Any]:  # noqa: N803
        self.asked.append(QueueUrl)
        bodies = self.messages.get(QueueUrl, [])
        return {"Messages": [{"Body": body, "ReceiptHandle": body} for body in bodies]}

    def delete_message_batch(self, QueueUrl: str, **_named: Any) -> None:  # noqa: N803
        self.messages[QueueUrl] = []


def queue(name: str, target: str | None = None) -> Any:
    policy = {"redrivePolicy": json.dumps({"deadLetterTargetArn": target})} if target else {}
    return doubles.registration(QUEUE, name, policy, arn=f"arn:{name}", url=name)


def stack(sqs: Sqs, **outputs: Any) -> Stack:
    made = [queue("mails", "arn:mails-dead"), queue("mails-dead"), queue("unpublished")]
    return doubles.stack(
        made,
        outputs,
        {"sqs": sqs},
        busy=lambda urls: [url for url in urls if sqs.messages.get(url)],
    )


def test_dead_letters_lie_where_other_queues_send_theirs_and_with_unpublished_events() -> None:
    known = {"unpublishedOutcomes": "unpublished"}

    assert set(queues(stack(Sqs(), queues=known))) == {"mails-dead", "unpublished"}
    assert set(queues(stack(Sqs()))) == {"mails-dead"}


def test_messages_are_taken_away_as_the_documents_that_they_are() -> None:
    sqs = Sqs(**{"mails-dead": ['{"a": 1}', "no JSON"]})
    found = stack(sqs, queues={"unpublishedOutcomes": "unpublished"})

    assert take_all(found) == {"mails-dead": [{"a": 1}, "no JSON"], "unpublished": []}
    assert take_all(found) == {"mails-dead": [], "unpublished": []}
    assert "unpublished" not in sqs.asked
