"""Log groups that do not keep forever."""

import pulumi
import pulumi_aws as aws


def log_group(
    name: str, prefix: str, retention_days: pulumi.Input[int], parent: pulumi.Resource
) -> aws.cloudwatch.LogGroup:
    """A log group `<prefix>/<project>-<stack>/<name>` with a retention time in days."""
    return aws.cloudwatch.LogGroup(
        f"{name}-logs",
        name=f"{prefix}/{pulumi.get_project()}-{pulumi.get_stack()}/{name}",
        retention_in_days=retention_days,
        opts=pulumi.ResourceOptions(parent=parent),
    )
