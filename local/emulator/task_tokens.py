"""Which state machine a task token belongs to."""

from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.emulator.settings import ACCOUNT, REGION


def machine_arn(token: str | None) -> str:
    """The ARN of the machine whose task waits, or waited, for the token; `*` if there is none."""
    for execution in stepfunctions_parser_backends[ACCOUNT][REGION]._get_executions():
        env = execution.exec_worker and execution.exec_worker.env
        if token and env and env.callback_pool_manager.get(token):
            return str(execution.state_machine.arn)
    return "*"
