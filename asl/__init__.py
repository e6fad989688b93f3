"""The Amazon States Language as Python.

Helpers that return plain dicts, checks of a definition before anything is created, the IAM
permissions that a definition needs, and its diagram, paths and transitions. It knows no workflow.
"""

from asl.checks import DefinitionError, MachineType, Problem, check, require_valid, warnings
from asl.diagram import mermaid
from asl.document import canonical, loads
from asl.paths import MAX_PATHS, Path, count_paths, success_cost
from asl.permissions import Statement, UnknownIntegration, permissions
from asl.policies import (
    encryption_statements,
    logging_statements,
    policy_document,
    tracing_statements,
)
from asl.request import HiddenTarget
from asl.retries import transient_errors
from asl.scope import Scope
from asl.tasks import State, call, catch, invoke, retry, transact

__all__ = [
    "MAX_PATHS",
    "DefinitionError",
    "HiddenTarget",
    "MachineType",
    "Path",
    "Problem",
    "Scope",
    "State",
    "Statement",
    "UnknownIntegration",
    "call",
    "canonical",
    "catch",
    "check",
    "count_paths",
    "encryption_statements",
    "invoke",
    "loads",
    "logging_statements",
    "mermaid",
    "permissions",
    "policy_document",
    "require_valid",
    "retry",
    "success_cost",
    "tracing_statements",
    "transact",
    "transient_errors",
    "warnings",
]
