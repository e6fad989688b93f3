"""The providers that Pulumi's engine attaches to, asked as it asks them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc

from local.cloud import Cloud
from local.engine.serving import ATTACH, providers

QUEUE = "urn:pulumi:dev::engine::shop:index:Shop$aws:sqs/queue:Queue::waiting"
FUNCTION = "urn:pulumi:dev::engine::aws:lambda/function:Function::f"


def struct(**values: Any) -> Any:
    made = struct_pb2.Struct()
    made.update(values)
    return made


def plain(properties: Any) -> dict[str, Any]:
    return dict(json_format.MessageToDict(properties))


def archive(hash_: str, path: str) -> dict[str, str]:
    return {rpc._special_sig_key: rpc._special_archive_sig, "hash": hash_, "path": path}


@pytest.fixture(scope="module")
def asked(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What the engine has of a provider: the stub of its protocol."""
    with providers(cloud, tmp_path_factory.mktemp("program")) as found:
        names, ports = zip(*(each.split(":") for each in found[ATTACH].split(",")), strict=True)
        assert names == ("aws", "random")
        with grpc.insecure_channel(f"127.0.0.1:{ports[0]}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)


def check(asked: Any, urn: str, olds: Any = None, seed: bytes = b"seed", **news: Any) -> Any:
    request = pb.CheckRequest(urn=urn, news=struct(**news), olds=olds, randomSeed=seed)
    return asked.Check(request)


def url_of(cloud: Cloud, name: str) -> list[str]:
    return list(cloud.client("sqs").list_queues(QueueNamePrefix=name).get("QueueUrls", []))


def test_a_resource_is_made_changed_found_and_deleted(asked: Any, cloud: Cloud) -> None:
    inputs = check(asked, QUEUE, delaySeconds=1).inputs
    made = asked.Create(pb.CreateRequest(urn=QUEUE, properties=inputs))
    outputs, id_ = made.properties, made.id
    assert url_of(cloud, "waiting-") == [id_]
    assert plain(outputs)["arn"].endswith(plain(inputs)["name"])

    after = check(asked, QUEUE, inputs, delaySeconds=2).inputs
    asked.Update(pb.UpdateRequest(urn=QUEUE, id=id_, olds=outputs, news=after, old_inputs=inputs))
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=id_, AttributeNames=["All"])
    assert found["Attributes"]["DelaySeconds"] == "2"

    read = pb.ReadRequest(urn=QUEUE, id=id_, properties=outputs, inputs=after)
    assert asked.Read(read).id == id_
    asked.Delete(pb.DeleteRequest(urn=QUEUE, id=id_, properties=outputs, old_inputs=after))
    assert url_of(cloud, "waiting-") == []
    assert asked.Read(read).id == ""


def test_a_preview_makes_and_changes_nothing(asked: Any, cloud: Cloud) -> None:
    inputs = check(asked, QUEUE, name="planned").inputs
    planned = asked.Create(pb.CreateRequest(urn=QUEUE, properties=inputs, preview=True))
    assert (planned.id, plain(planned.properties)) == ("", {"name": "planned"})
    old = struct(name="planned", arn="arn:planned")
    changed = asked.Update(
        pb.UpdateRequest(urn=QUEUE, id="x", olds=old, news=inputs, old_inputs=old, preview=True)
    )
    assert plain(changed.properties) == {"name": "planned", "arn": "arn:planned"}
    assert url_of(cloud, "planned") == []


def test_a_name_is_kept_by_a_change_and_made_anew_for_a_replacement(asked: Any) -> None:
    first = check(asked, QUEUE).inputs
    kept = check(asked, QUEUE, first, b"other").inputs
    replaced = check(asked, QUEUE, seed=b"other").inputs
    assert plain(kept) == plain(first)
    assert plain(replaced)["name"].startswith("waiting-")
    assert plain(replaced) != plain(first)


def test_a_name_that_the_engine_proposes_is_taken(asked: Any) -> None:
    proposed = pb.CheckRequest.AutonamingOptions(proposed_name="shop-dev-waiting")
    request = pb.CheckRequest(urn=QUEUE, news=struct(), autonaming=proposed)
    assert plain(asked.Check(request).inputs) == {"name": "shop-dev-waiting"}


@pytest.mark.parametrize(
    ("urn", "why"),
    [
        ("urn:pulumi:dev::e::aws:ec2/vpc:Vpc::v", "cannot create this type"),
        (f"{QUEUE}{'x' * 80}", "longer than 80 characters"),
    ],
)
def test_what_cannot_be_made_here_is_refused_before_it_is_tried(
    asked: Any, urn: str, why: str
) -> None:
    [failure] = check(asked, urn).failures
    assert why in failure.reason


def test_a_property_that_is_not_honoured_fails_that_resource_alone(asked: Any) -> None:
    request = pb.CreateRequest(urn=QUEUE, properties=struct(name="odd", unheardOf=1))
    with pytest.raises(grpc.RpcError, match="does not honour unheardOf"):
        asked.Create(request)


def test_code_differs_by_its_content_and_not_by_its_place(asked: Any) -> None:
    def changed(old: dict[str, str], new: dict[str, str]) -> list[str]:
        before, after = struct(code=old, timeout=3), struct(code=new, timeout=3)
        request = pb.DiffRequest(urn=FUNCTION, old_inputs=before, news=after)
        return list(asked.Diff(request).diffs)

    assert changed(archive("a", "here.zip"), archive("a", "there.zip")) == []
    assert changed(archive("a", "here.zip"), archive("b", "here.zip")) == ["code"]


def test_a_difference_that_makes_a_new_resource_is_told(asked: Any) -> None:
    before, after = struct(name="a", delaySeconds=1), struct(name="b", delaySeconds=2)
    answer = asked.Diff(pb.DiffRequest(urn=QUEUE, old_inputs=before, news=after))
    assert (list(answer.diffs), list(answer.replaces)) == (["delaySeconds", "name"], ["name"])


def test_code_that_lies_nowhere_any_more_does_not_keep_a_function_from_deletion(
    asked: Any, tmp_path: Path
) -> None:
    gone = struct(name="gone", code=archive("a", str(tmp_path / "gone.zip")))
    request = pb.DeleteRequest(urn=FUNCTION, id="gone", properties=gone, old_inputs=gone)
    assert asked.Delete(request) is not None


def test_a_setting_that_is_not_honoured_is_refused(asked: Any) -> None:
    news = struct(region="us-east-1", profile="shop", endpoints="[]", version="7.51.1")
    answer = asked.CheckConfig(pb.CheckRequest(urn="urn", news=news))
    assert [failure.property for failure in answer.failures] == ["aws:endpoints"]


def test_provider_functions_are_answered_or_refused(asked: Any, cloud: Cloud) -> None:
    token = "aws:index/getCallerIdentity:getCallerIdentity"
    answer = asked.Invoke(pb.InvokeRequest(tok=token))
    assert plain(getattr(answer, "return"))["accountId"] == cloud.account
    with pytest.raises(grpc.RpcError, match="getAmi is not answered here"):
        asked.Invoke(pb.InvokeRequest(tok="getAmi"))
