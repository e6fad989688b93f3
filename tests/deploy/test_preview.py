"""What `pulumi up` would register."""

import sys
from pathlib import Path

import pulumi
import pytest

from local.deploy import Registration, preview

from .conftest import Write

SHOP = """
class Shop(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("shop:index:Shop", name, None, opts)
        self.queue = aws.sqs.Queue(
            f"{name}-queue",
            visibility_timeout_seconds=60,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.register_outputs({"queue": self.queue.name})

shop = Shop("main")
"""
ROOT = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def one(registrations: list[Registration], name: str) -> Registration:
    [found] = [made for made in registrations if made.name == name]
    return found


def test_the_stack_its_components_and_their_children_are_registered(project: Write) -> None:
    assert [(made.urn, made.parent, made.custom) for made in preview(project(SHOP))] == [
        (ROOT, None, False),
        (
            "urn:pulumi:dev::shop::shop:index:Shop$aws:sqs/queue:Queue::main-queue",
            "urn:pulumi:dev::shop::shop:index:Shop::main",
            True,
        ),
        ("urn:pulumi:dev::shop::shop:index:Shop::main", ROOT, False),
    ]


def test_inputs_are_plain_and_in_the_providers_words(project: Write) -> None:
    queue = one(preview(project(SHOP)), "main-queue")
    assert (queue.type, queue.id) == ("aws:sqs/queue:Queue", None)
    assert queue.inputs == {"visibilityTimeoutSeconds": 60}


def test_a_physical_name_is_known_before_the_resource_exists(project: Write) -> None:
    made = preview(project(SHOP))
    name = one(made, "main-queue").outputs["name"]
    assert name.startswith("main-queue-")
    assert one(made, "main").outputs == {"queue": name}


def test_two_previews_are_the_same(project: Write) -> None:
    root = project(SHOP)
    assert preview(root) == preview(root)


def test_what_was_put_in_is_known_as_an_output(project: Write) -> None:
    program = "pulumi.export('delay', aws.sqs.Queue('q', delay_seconds=5).delay_seconds)"
    assert one(preview(project(program)), "shop-dev").outputs == {"delay": 5}


def test_what_only_the_cloud_can_tell_is_computed(project: Write) -> None:
    program = SHOP + "aws.sqs.QueuePolicy('open', queue_url=shop.queue.url, policy='{}')"
    assert one(preview(project(program)), "open").inputs == {
        "policy": "{}",
        "queueUrl": "<computed>",
    }


def test_secrets_are_hidden_and_archives_are_hashes(project: Write) -> None:
    program = """
pin = pulumi.Config().require_secret("pin")
aws.secretsmanager.SecretVersion("pin", secret_id="s", secret_string=pin)
code = pulumi.AssetArchive({"a.py": pulumi.StringAsset("x = 1")})
aws.lambda_.LayerVersion("code", layer_name="code", code=code)
pulumi.export("pin", pin)
"""
    root = project(program, "config: {pin: {type: string}}", "config: {pin: {secure: v1:x}}")
    made = preview(root)
    assert one(made, "pin").inputs == {"secretId": "s", "secretString": "[secret]"}
    assert one(made, "shop-dev").outputs == {"pin": "[secret]"}
    assert list(one(made, "code").inputs["code"]) == ["sha256"]


def test_a_transform_of_the_stack_reaches_every_resource(project: Write) -> None:
    program = """
def tagged(args):
    if args.type_.startswith("aws:"):
        args.props["tags"] = {"stack": pulumi.get_stack()}
    return pulumi.ResourceTransformResult(args.props, args.opts)

pulumi.runtime.register_resource_transform(tagged)
"""
    queue = one(preview(project(program + SHOP)), "main-queue")
    assert queue.inputs == {"tags": {"stack": "dev"}, "visibilityTimeoutSeconds": 60}


def test_a_components_transform_comes_after_its_childs_own(project: Write) -> None:
    program = """
def adds(letter):
    def transform(args):
        args.props["policy"] = args.props.get("policy", "") + letter
        return pulumi.ResourceTransformResult(args.props, args.opts)
    return [transform]

top = pulumi.ComponentResource(
    "shop:index:Top", "top", None, pulumi.ResourceOptions(transforms=adds("parent"))
)
options = pulumi.ResourceOptions(parent=top, transforms=adds("own "))
aws.sqs.Queue("q", policy="", opts=options)
"""
    assert one(preview(project(program)), "q").inputs["policy"] == "own parent"


@pytest.mark.parametrize(("dev", "region"), [("", "us-east-1"), ("eu-west-1", "eu-west-1")])
def test_the_program_learns_region_account_and_partition(
    project: Write, dev: str, region: str
) -> None:
    program = """
pulumi.export("region", aws.get_region().region)
pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("partition", aws.get_partition_output().partition)
"""
    root = project(program, dev=f"config: {{'aws:region': {dev}}}" if dev else "")
    assert one(preview(root), "shop-dev").outputs == {
        "account": "000000000000",
        "partition": "aws",
        "region": region,
    }


def test_settings_arrive_with_their_types(project: Write) -> None:
    program = """
config = pulumi.Config()
pulumi.export("all", [config.require_int("days"), config.require_bool("debug"),
                      config.require_object("zones"), pulumi.get_stack(), pulumi.get_project()])
"""
    settings = "config: {days: {default: 3}, debug: {default: true}, zones: {default: [a]}}"
    made = preview(project(program, settings))
    assert one(made, "shop-dev").outputs == {"all": [3, True, ["a"], "dev", "shop"]}


def test_the_program_finds_its_files_and_leaves_the_process_as_it_was(project: Write) -> None:
    root = project("from pathlib import Path\npulumi.export('here', Path('note.txt').read_text())")
    (root / "note.txt").write_text("found")
    assert one(preview(root), "shop-dev").outputs == {"here": "found"}
    assert pulumi.runtime.get_root_resource() is None
    assert str(root) not in sys.path
    assert Path.cwd() != root


def test_a_module_of_the_program_can_be_imported_late(project: Write) -> None:
    program = """
def late(name):
    import deploy_test_late
    return deploy_test_late.FOUND

pulumi.export("found", aws.sqs.Queue("q").name.apply(late))
"""
    root = project(program)
    (root / "deploy_test_late.py").write_text("FOUND = True")
    assert one(preview(root), "shop-dev").outputs == {"found": True}
