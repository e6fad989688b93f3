"""Runs the Pulumi program in this process: `preview` without a cloud, `up` on a local one."""

from local.deploy.deployment import DeployError, Deployment, Registration
from local.deploy.run import preview, up

__all__ = ["DeployError", "Deployment", "Registration", "preview", "up"]
