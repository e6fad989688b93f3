"""A state machine with everything that it needs to run, and no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, NotRequired, TypedDict, TypeVar

import pulumi
import pulumi_aws as aws

import asl
from components.aws.alarms import alarm_above
from components.aws.grants import Statement, allow, role_policy, service_role
from components.aws.logs import log_group
from components.aws.topic import Topic

R = TypeVar("R")


class WorkflowArgs(TypedDict, Generic[R]):
    """A definition, and the real names and ARNs that it is rendered with.

    `definition` takes a `resources` dataclass, whose defaults are placeholders; `names` gives each
    of its fields. `alarms` is alerted of executions that ended where no state could catch it, and
    of states that waited for the account's quota of transitions.
    """

    definition: Callable[[R], dict[str, Any]]
    resources: type[R]
    names: Mapping[str, pulumi.Input[str]]
    log_retention_days: NotRequired[pulumi.Input[int]]
    alarms: NotRequired[Topic]


class Workflow(pulumi.ComponentResource):
    """A standard state machine, checked, with a role derived from its definition.

    It logs errors without execution data, and traces.

    Raises:
        asl.DefinitionError: the definition has problems; nothing is registered then.
        ValueError: `names` are not exactly the fields of `resources`.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: WorkflowArgs[Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        asl.require_valid(args["definition"](args["resources"]()), name)
        _require_all_named(name, args)
        super().__init__("aws-blocks:index:Workflow", name, None, opts)
        rendered = _render(args, self)
        logs = log_group(name, "/aws/vendedlogs/states", args.get("log_retention_days", 30), self)
        role = service_role(name, "states.amazonaws.com", self)
        policy = role_policy(name, role, rendered.apply(lambda machine: machine.statements))
        machine = aws.sfn.StateMachine(
            name,
            type="STANDARD",
            definition=rendered.apply(lambda machine: machine.definition),
            role_arn=role.arn,
            logging_configuration=aws.sfn.StateMachineLoggingConfigurationArgs(
                level="ERROR",
                include_execution_data=False,
                log_destination=pulumi.Output.concat(logs.arn, ":*"),
            ),
            tracing_configuration={"enabled": True},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        if "alarms" in args:
            for metric in ("ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled"):
                alarm_above(
                    f"{name}-{metric}",
                    ("AWS/States", metric),
                    {"StateMachineArn": machine.arn},
                    args["alarms"],
                    self,
                )
        self.name = machine.name
        self.arn = machine.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def allow_answer(self, *answers: str) -> Statement:
        """The permission to answer its tasks: SendTaskSuccess, SendTaskFailure, ..."""
        return allow("states", answers, self.arn)

    def allow_start(self) -> Statement:
        """The permission to start an execution."""
        return allow("states", ["StartExecution"], self.arn)

    def allow_describe_executions(self) -> Statement:
        """The permission to look at how its executions stand."""
        return allow("states", ["DescribeExecution"], self._executions)

    def allow_list_executions(self) -> Statement:
        """The permission to list its executions."""
        return allow("states", ["ListExecutions"], self.arn)

    @property
    def _executions(self) -> pulumi.Output[str]:
        return self.arn.apply(lambda arn: arn.replace(":stateMachine:", ":execution:") + ":*")


def _require_all_named(name: str, args: WorkflowArgs[Any]) -> None:
    wanted = {field.name for field in fields(args["resources"])}
    if difference := wanted ^ set(args["names"]):
        raise ValueError(
            f"Workflow {name}: names must give exactly the fields of"
            f" {args['resources'].__name__}; check {', '.join(sorted(difference))}"
        )


@dataclass(frozen=True)
class _Rendered:
    definition: str
    statements: list[asl.Statement]


def _render(args: WorkflowArgs[Any], parent: pulumi.Resource) -> pulumi.Output[_Rendered]:
    """The definition and its permissions, both from one rendering.

    An Output that holds a definition would be rebuilt from plain dicts on its way, and lose what
    its transactions declare.
    """
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    scope = pulumi.Output.all(
        aws.get_partition_output(opts=invoke).partition,
        aws.get_region_output(opts=invoke).region,
        aws.get_caller_identity_output(opts=invoke).account_id,
    )

    def render(known: dict[str, Any]) -> _Rendered:
        definition = args["definition"](args["resources"](**known["names"]))
        derived = asl.permissions(definition, asl.Scope(*known["scope"]))
        own = [*asl.logging_statements(), *asl.tracing_statements()]
        return _Rendered(asl.canonical(definition), [*derived, *own])

    return pulumi.Output.all(names=args["names"], scope=scope).apply(render)
