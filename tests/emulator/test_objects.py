"""S3 keeps objects as AWS's does; the test marked so is the contract of one mend."""

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.bench import Bench
from tests.emulator.contracts import contract

_SOURCE = """
    import boto3
    from botocore.config import Config
    s3 = boto3.client("s3", config=Config(signature_version="s3v4"))

    def handler(event, context):
        place = {"Bucket": event["bucket"], "Key": event["key"]}
        if event["do"] == "put":
            return s3.put_object(Body=event["body"], IfNoneMatch="*", **place)["ETag"]
        if event["do"] == "get":
            return s3.get_object(**place)["Body"].read().decode()
        if event["do"] == "head":
            return s3.head_object(**place)["ETag"]
        return s3.generate_presigned_url("get_object", place, ExpiresIn=event["seconds"])
    """
_KEY = "labels/1/eu.zpl"
_TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@dataclass(frozen=True)
class _Bucket:
    """A private bucket that insists on TLS and holds one label."""

    bench: Bench
    name: str

    def arn(self, key: str) -> str:
        return f"arn:aws:s3:::{self.name}/{key}"

    def function(self, *grants: tuple[str, str]) -> str:
        return self.bench.function(_SOURCE, *[(action, self.arn(key)) for action, key in grants])

    def ask(self, function: str, do: str, key: str = _KEY, **fields: Any) -> Any:
        return self.bench.invoke(function, {"do": do, "bucket": self.name, "key": key, **fields})

    def read(self) -> bytes:
        found = self.bench.cloud.client("s3").get_object(Bucket=self.name, Key=_KEY)
        return bytes(found["Body"].read())


@pytest.fixture
def bucket(bench: Bench) -> _Bucket:
    return _made(bench)


def _made(bench: Bench) -> _Bucket:
    s3, name = bench.cloud.client("s3"), bench.name("labels")
    s3.create_bucket(Bucket=name)
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(names, True)
    )
    arns = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    document = {"Version": "2012-10-17", "Statement": [{**_TLS_ONLY, "Resource": arns}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
    s3.put_object(Bucket=name, Key=_KEY, Body=b"^XA")
    return _Bucket(bench, name)


def _refused(answer: Any) -> str:
    """The error code that a function's call of S3 was answered with."""
    found = re.match(r"An error occurred \((\w+)\)", answer["errorMessage"])
    assert found, answer
    return found[1]


def _get(url: str) -> tuple[int, bytes]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_function_writes_only_where_its_role_may(bucket: _Bucket) -> None:
    writer = bucket.function(("s3:PutObject", "labels/*"))
    assert isinstance(bucket.ask(writer, "put", "labels/2/eu.zpl", body="x"), str)
    assert _refused(bucket.ask(writer, "put", "other/eu.zpl", body="x")) == "AccessDenied"
    assert _refused(bucket.ask(writer, "get")) == "AccessDenied"


def test_a_function_reads_only_what_its_role_may(bucket: _Bucket) -> None:
    reader = bucket.function(("s3:GetObject", "labels/1/*"))
    assert bucket.ask(reader, "get") == "^XA"
    assert _refused(bucket.ask(reader, "get", "labels/2/eu.zpl")) == "AccessDenied"
    assert _refused(bucket.ask(reader, "put", body="x")) == "AccessDenied"


def test_an_object_is_written_once_by_whoever_asks_for_that(bucket: _Bucket) -> None:
    writer = bucket.function(("s3:PutObject", "labels/*"))
    assert _refused(bucket.ask(writer, "put", body="another")) == "PreconditionFailed"
    assert bucket.read() == b"^XA"


@contract("hidden_objects")
def test_who_may_not_list_a_bucket_cannot_tell_what_is_missing(bench: Bench) -> None:
    bucket = _made(bench)
    reader = bucket.function(("s3:GetObject", "*"))
    assert _refused(bucket.ask(reader, "get", "labels/none")) == "AccessDenied"
    assert _refused(bucket.ask(reader, "head", "labels/none")) == "403"
    lister = bench.function(
        _SOURCE,
        ("s3:GetObject", bucket.arn("*")),
        ("s3:ListBucket", f"arn:aws:s3:::{bucket.name}"),
    )
    assert _refused(bucket.ask(lister, "get", "labels/none")) == "NoSuchKey"
    assert _refused(bucket.ask(lister, "head", "labels/none")) == "404"


def test_a_presigned_link_opens_one_object_for_a_while(bucket: _Bucket) -> None:
    reader = bucket.function(("s3:GetObject", "labels/*"))
    url = bucket.ask(reader, "link", seconds=60)
    assert url.startswith(f"{bucket.bench.cloud.endpoint}/{bucket.name}/{_KEY}?")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    assert _get(url) == (200, b"^XA")
    assert _get(url.replace("eu.zpl", "us.zpl"))[0] == 403
    brief = bucket.ask(reader, "link", seconds=1)
    time.sleep(2)
    assert b"Request has expired" in _get(brief)[1]


def test_a_presigned_link_opens_no_more_than_its_maker_may(bucket: _Bucket) -> None:
    stranger = bucket.function(("s3:GetObject", "labels/2/*"))
    assert _get(bucket.ask(stranger, "link", seconds=60))[0] == 403


def test_a_bucket_is_closed_to_the_unknown(bucket: _Bucket) -> None:
    assert _get(f"{bucket.bench.cloud.endpoint}/{bucket.name}/{_KEY}")[0] == 403
    with pytest.raises(ClientError, match="NoSuchKey"):
        bucket.bench.cloud.client("s3").get_object(Bucket=bucket.name, Key="none")
