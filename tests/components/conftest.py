"""Registers components against Pulumi's mocks and keeps what they asked for."""

import asyncio
import gc
import json
import runpy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from local.deploy.config import load

ACCOUNT = "111122223333"
ROOT = Path(__file__).parents[2]


@dataclass
class Registered(pulumi.runtime.Mocks):
    """Every resource registered, with its inputs in camelCase as the engine gets them."""

    made: list[MockResourceArgs] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made.append(args)
        service = args.typ.split(":")[1].split("/")[0]
        arn = f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{args.name}"
        computed = {
            "arn": arn,
            "streamArn": f"{arn}/stream/2026-01-01T00:00:00.000",
            "name": args.name,
            "bucket": args.name,
            "result": "made by the provider",
            "url": f"https://queue/{args.name}",
            "apiEndpoint": f"https://{args.name}.example.com",
            "executionArn": f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:{args.name}",
            "invokeArn": f"arn:aws:apigateway:eu-west-1:lambda:path/functions/{arn}/invocations",
        }
        return f"{args.name}-id", {**computed, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        known = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getRegion:getRegion": {"region": "eu-west-1"},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
        }
        return known[args.token], []

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The inputs of every resource of a type, such as `sqs/queue:Queue`."""
        return [made.inputs for made in self.made if made.typ == f"aws:{kind}"]

    def named(self, kind: str, name: str) -> dict[str, Any]:
        """The inputs of the one resource of a type with a name."""
        found = [made for made in self.made if made.typ == f"aws:{kind}" and made.name == name]
        assert len(found) == 1, f"{len(found)} resources {kind} are named {name}"
        return dict(found[0].inputs)

    def policies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every statement of every role, with its policy's name."""
        for made in self.made:
            if made.typ == "aws:iam/rolePolicy:RolePolicy":
                for statement in json.loads(made.inputs["policy"])["Statement"]:
                    yield made.name, statement

    def statements(self, kind: str, name: str) -> list[dict[str, Any]]:
        """The statements of a policy resource."""
        document = json.loads(self.named(kind, name)["policy"])
        return list(document["Statement"])


async def _all_of(build: Callable[[], Any]) -> None:
    """Waits for every output at once; the SDK's own wait looks at all again for each."""
    build()
    while outstanding := [task for task in SETTINGS.outputs if not task.done()]:
        await asyncio.wait(outstanding)


Register = Callable[[Callable[[], Any]], Registered]


@pytest.fixture(scope="session")
def register() -> Register:
    """Runs a function that builds components and gives what was registered, all of it."""

    def run(build: Callable[[], Any]) -> Registered:
        mocks = Registered()

        async def program() -> None:
            pulumi.runtime.set_mocks(mocks, project="orders", stack="test", preview=False)
            await run_pulumi_func(lambda: _all_of(build))

        pulumi.runtime.reset_options()
        gc.disable()  # it would look through the SDK's many objects again and again
        asyncio.run(program())
        gc.enable()
        return mocks

    return run


@pytest.fixture(scope="session")
def config() -> dict[str, str]:
    """The settings of a stack: every default, and what has none."""
    return {
        **load(ROOT, "dev").values,
        "orders:logRetentionDays": "14",
        "orders:logLevel": "INFO",
        "orders:deletionProtection": "true",
        "orders:supportEmail": "support@example.com",
        "orders:mailSender": "orders@example.com",
    }


@pytest.fixture(scope="session")
def stack(register: Register, config: dict[str, str]) -> Registered:
    """The whole stack as registered."""
    return whole(register, config)


def whole(register: Register, config: dict[str, str]) -> Registered:
    """The whole stack as registered with these settings."""
    pulumi.runtime.set_all_config(config)
    return register(lambda: runpy.run_path(str(ROOT), run_name="__main__"))


def granted(stack: Registered, function: str) -> dict[str, list[str]]:
    """What the role of a function or a machine may do, without its own logs and traces.

    The last part of each ARN, by action; a schedule of the same name is another's role.
    """
    found: dict[str, list[str]] = {}
    made = (each for each in stack.made if each.typ == "aws:iam/rolePolicy:RolePolicy")
    own = (each for each in made if each.name == f"{function}-policy")
    documents = [json.loads(each.inputs["policy"])["Statement"] for each in own]
    for statement in max(documents, key=len):
        for action in statement["Action"]:
            if not action.startswith(("logs:", "xray:")):
                on = [arn.rpartition(":")[2] for arn in statement["Resource"]]
                found[action] = sorted([*found.get(action, []), *on])
    return found


def environment(stack: Registered, function: str) -> dict[str, str]:
    """The settings of a function, without those of its logging."""
    made = stack.named("lambda/function:Function", function)["environment"]["variables"]
    return {name: value for name, value in made.items() if not name.startswith("POWERTOOLS")}
