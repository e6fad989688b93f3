"""An AWS account in this process, with the tables that the functions work on."""

import copy
import functools
import importlib
import json
import pkgutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from logging import StreamHandler
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.client import BaseClient
from moto import backend_index, mock_aws
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID, responses
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.responses import DynamoHandler

import handlers
from handlers.shared.adapters import clients as aws
from handlers.shared.adapters.dynamodb import Row, plain
from handlers.shared.observability import logger
from tests.handlers.bus import Bus, make_bus
from tests.handlers.calls import Calls
from tests.handlers.placing import Store

TABLES: dict[str, tuple[str, ...]] = {
    "CustomerOrders": ("OrderId",),
    "Inventory": ("ProductId",),
    "Reservations": ("OrderId",),
    "ManualReview": ("OrderId", "ReviewId"),
    "PaymentGateway": ("Id",),
    "Carts": ("CartId",),
    "PendingCallbacks": ("OrderId", "Step"),
    "Notifications": ("OrderId",),
    "CustomerPaymentSession": ("SessionId",),
    "IdempotencyKeys": ("IdempotencyKey",),
    "Shipments": ("OrderId", "FulfillmentCenterId"),
}
INDEXES: dict[str, tuple[tuple[str, tuple[str, str], tuple[str, str]], ...]] = {
    "CustomerOrders": (
        ("CustomerOrderHistory", ("CustomerId", "S"), ("CreatedAt", "S")),
        ("WaitingOrders", ("Waiting", "S"), ("UpdatedAt", "S")),
    ),
    "ManualReview": (("OpenReviews", ("OrderId", "S"), ("OpenSince", "S")),),
    "Reservations": (("ExpiringReservations", ("Expiring", "S"), ("ExpiresAt", "N")),),
}
MACHINES = {
    f"arn:aws:states:us-east-1:123456789012:stateMachine:{name}": kind
    for name, kind in (
        ("orders", "order_processing"),
        ("checkout", "checkout"),
        ("ship", "fulfillment"),
    )
}
"""How each machine's executions are reconciled, by its ARN."""

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "ORDERS_TABLE": "CustomerOrders",
    "INVENTORY_TABLE": "Inventory",
    "RESERVATIONS_TABLE": "Reservations",
    "MANUAL_REVIEW_TABLE": "ManualReview",
    "GATEWAY_TABLE": "PaymentGateway",
    "EVENT_BUS_NAME": "Orders",
    "PAYMENT_GATEWAY": "simulated",
    "CARTS_TABLE": "Carts",
    "PENDING_CALLBACKS_TABLE": "PendingCallbacks",
    "NOTIFICATIONS_TABLE": "Notifications",
    "CHECKOUT_SECONDS": "900",
    "OUTSIDE_SERVICES": "simulated",
    "SERVICE_REQUESTS_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/requests",
    "CALLBACK_URL": "https://api.example.com",
    "MAIL_SENDER": "orders@example.com",
    "SESSIONS_TABLE": "CustomerPaymentSession",
    "IDEMPOTENCY_TABLE": "IdempotencyKeys",
    "PURCHASE_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/purchases",
    "ORDER_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:orders",
    "RECONCILED_MACHINES": json.dumps(MACHINES),
    "UNHAPPY_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/unhappy",
    "UNPUBLISHED_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/unpublished",
    "SHIPMENTS_TABLE": "Shipments",
    "LABELS_BUCKET": "labels",
    "FULFILLMENT_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/centers.fifo",
    "FULFILLMENT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:ship",
    "DELIVERY_DAYS": '{"default": 3, "fc-far": 9}',
    "POWERTOOLS_SERVICE_NAME": "tests",
}

SERVICES = ("dynamodb", "events", "s3", "secretsmanager", "sesv2", "sqs", "stepfunctions")

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(handlers.__path__, "handlers.")
]
CACHED = [
    made
    for module in MODULES
    for made in vars(module).values()
    if hasattr(made, "cache_clear")
    and made.__module__ == module.__name__
    and made.__module__ != "handlers.shared.adapters.clients"
]
"""Everything that a function builds once and keeps; clients are kept, being stateless."""


@pytest.fixture
def context() -> LambdaContext:
    """What Lambda tells a handler about its invocation."""
    made = LambdaContext()
    made._function_name = "tests"
    made._memory_limit_in_mb = 256
    made._invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:tests"
    made._aws_request_id = "11111111-1111-4111-8111-111111111111"
    made.get_remaining_time_in_millis = lambda: 20_000  # type: ignore[method-assign]
    return made


class Session(boto3.Session):  # type: ignore[misc]
    """Makes a client of each service once: nothing of a test stays in a client."""

    def client(self, service: str, **options: Any) -> Any:
        return super().client(service, **options) if options else self._kept(service)

    @functools.cache  # noqa: B019 - there is one session
    def _kept(self, service: str) -> Any:
        return super().client(service)


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """What clients are made from: one for all tests, since it reads megabytes of AWS's models."""
    return Session("none", "none", region_name=ENVIRONMENT["AWS_DEFAULT_REGION"])


@pytest.fixture(scope="session")
def moto() -> Iterator[None]:
    """Moto, which knows the services that functions use and no others, to be twice as fast.

    It also passes on DynamoDB's values as it keeps them, which is as they are sent: of its own
    accord it would look for each of their ten types under every name that Python may give them.
    """

    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            before(self, serialized, value, shape, key)

    with pytest.MonkeyPatch.context() as patch:
        known = [each for each in backend_index.backend_url_patterns if each[0] in SERVICES]
        patch.setattr(backend_index, "backend_url_patterns", known)
        names = functools.cache(responses.method_names_from_class)
        patch.setattr(responses, "method_names_from_class", names)
        before = BaseJSONSerializer._serialize_type_structure
        patch.setattr(BaseJSONSerializer, "_serialize_type_structure", serialize)
        yield


@pytest.fixture
def account(moto: None, session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account, and functions that were never invoked before."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for cached in CACHED:
        cached.cache_clear()
    with mock_aws():
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
        yield


@pytest.fixture(scope="session")
def empty_tables(moto: None) -> dict[str, Any]:
    """The project's tables as moto keeps them, made once: every test works on a copy."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name=ENVIRONMENT["AWS_DEFAULT_REGION"])
        for table, keys in TABLES.items():
            schema = _schema(table, keys)
            client.create_table(TableName=table, BillingMode="PAY_PER_REQUEST", **schema)
        made: dict[str, Any] = _backend().tables
    return made


@dataclass(frozen=True)
class Tables:
    """All tables at once, as moto keeps them."""

    schemas: dict[str, Any]

    def clear(self) -> None:
        """Takes every row out."""
        _backend().tables = {name: _empty(table) for name, table in self.schemas.items()}

    def keep(self) -> Callable[[], None]:
        """Keeps every row as it stands; calling what is returned brings them back."""
        kept = {name: copy.deepcopy(table.items) for name, table in _backend().tables.items()}

        def restore() -> None:
            self.clear()
            for name, table in _backend().tables.items():
                table.items = copy.deepcopy(kept[name])

        return restore

    def rows(self) -> dict[str, Row]:
        """Every row as it stands, by its table and key."""
        found = {}
        for name, table in _backend().tables.items():
            for item in table.all_items():
                row = plain(item.to_json()["Attributes"])
                found["/".join([name, *(row[key] for key in TABLES[name])])] = row
        return found


@pytest.fixture
def tables(account: None, empty_tables: dict[str, Any]) -> Tables:
    """The project's tables, empty."""
    made = Tables(empty_tables)
    made.clear()
    return made


@pytest.fixture
def dynamodb(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of DynamoDB with the project's tables, which takes one call after the other.

    Of its own accord moto would undo a transaction that fails by restoring every table to what
    it was before, and with that what others wrote meanwhile.
    """
    call, turn = DynamoHandler.call_action, threading.Lock()

    def in_turn(handler: Any) -> Any:
        with turn:
            return call(handler)

    monkeypatch.setattr(DynamoHandler, "call_action", in_turn)
    return aws.client("dynamodb")


@pytest.fixture
def calls(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Every call to AWS of this process."""
    made = Calls(BaseClient._make_api_call)
    monkeypatch.setattr(BaseClient, "_make_api_call", made.seam())
    return made


def _empty(table: Any) -> Any:
    """A table with the same schema, and rows of its own."""
    made = copy.copy(table)
    made.items = defaultdict(dict)
    return made


def _backend() -> Any:
    return get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][ENVIRONMENT["AWS_DEFAULT_REGION"]]


def _schema(table: str, keys: tuple[str, ...]) -> dict[str, Any]:
    types = dict.fromkeys(keys, "S")
    schema: dict[str, Any] = {"KeySchema": _keys(*keys)}
    for index, *columns in INDEXES.get(table, ()):
        types |= dict(columns)
        by = _keys(*(name for name, _ in columns))
        projected = {"IndexName": index, "KeySchema": by, "Projection": {"ProjectionType": "ALL"}}
        schema.setdefault("GlobalSecondaryIndexes", []).append(projected)
    schema["AttributeDefinitions"] = [
        {"AttributeName": name, "AttributeType": kind} for name, kind in types.items()
    ]
    return schema


def _keys(*names: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
    ]


@pytest.fixture
def store(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A shop with a catalogue, and its queue of purchases."""
    made = Store(dynamodb)
    monkeypatch.setenv("PURCHASE_QUEUE_URL", made.queue)
    return made


@pytest.fixture
def queues(account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queues and the bucket that the tasks of state machines send to."""
    sqs = boto3.client("sqs")
    fifo = {"FifoQueue": "true"}
    requests = sqs.create_queue(QueueName="requests")["QueueUrl"]
    centers = sqs.create_queue(QueueName="centers.fifo", Attributes=fifo)["QueueUrl"]
    boto3.client("s3").create_bucket(Bucket="labels")
    monkeypatch.setenv("SERVICE_REQUESTS_QUEUE_URL", requests)
    monkeypatch.setenv("FULFILLMENT_QUEUE_URL", centers)


@pytest.fixture
def bus(dynamodb: Any) -> Bus:
    """The orders' bus."""
    return make_bus("Orders")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the functions log."""
    buffer = StringIO()
    handler = logger.registered_handler
    assert isinstance(handler, StreamHandler)
    former = handler.setStream(buffer)
    yield buffer
    handler.setStream(former or handler.stream)
