"""What CreateStateMachine checks of the role, in AWS's words."""

from typing import Any

from moto.core.exceptions import AWSError

from local.emulator.iam import role_allows, role_name, role_trusts

_LOG_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
"""What a role needs to log: AWS's "Using CloudWatch Logs to log execution history"."""

_SERVICE = "states.amazonaws.com"


def check(role_arn: str, machine_arn: str, logging: dict[str, Any] | None) -> None:
    """Refuse a role that Step Functions cannot assume for a machine, or cannot deliver logs with.

    Raises:
        moto.core.exceptions.AWSError: it is such a role, or the log group is no destination.
    """
    if not role_trusts(role_arn, _SERVICE, machine_arn):
        raise _denied(
            f"Neither the global service principal {_SERVICE}, nor the regional one is authorized "
            f"to assume the provided role '{role_name(role_arn)}'."
        )
    if logging and logging.get("level", "OFF") != "OFF":
        _check_logging(role_arn, logging)


def _check_logging(role_arn: str, logging: dict[str, Any]) -> None:
    denied = [action for action in _LOG_ACTIONS if not role_allows(role_arn, action, "*")]
    if denied:
        raise _denied(
            "The state machine IAM Role is not authorized to access the Log Destination "
            f"(no policy allows {', '.join(denied)} on *)."
        )
    for destination in logging.get("destinations", []):
        arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"]
        if not arn.endswith(":*"):
            raise AWSError(
                f"Invalid Logging Configuration: the log group ARN '{arn}' must end with ':*'.",
                exception_type="InvalidLoggingConfiguration",
                status=400,
            )


def _denied(message: str) -> Any:
    return AWSError(message, exception_type="AccessDeniedException", status=400)
