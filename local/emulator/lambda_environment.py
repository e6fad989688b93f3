"""The environment variables a function's process sees, and no others.

The names are those of AWS's "Using Lambda environment variables"; beside them only the endpoint of
this cloud, and that there is no X-Ray daemon to send to.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

from local.emulator.settings import endpoint


def environment(config: Mapping[str, Any], task_root: Path, scratch: Path) -> dict[str, str]:
    """The variables of one process of a function.

    Args:
        config: the function's configuration, as GetFunctionConfiguration shows it.
        task_root: the folder of its archive.
        scratch: the folder that stands for `/tmp`.
    """
    own = (config.get("Environment") or {}).get("Variables") or {}
    return {
        "AWS_ENDPOINT_URL": endpoint(),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_XRAY_SDK_ENABLED": "false",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        **own,
        **_reserved(config),
        **lambda_runtime.execution_credentials(config),
        "LAMBDA_TASK_ROOT": str(task_root),
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
    }


def _reserved(config: Mapping[str, Any]) -> dict[str, str]:
    name, region = config["FunctionName"], config["FunctionArn"].split(":")[3]
    version = config.get("Version", "$LATEST")
    logging = config.get("LoggingConfig") or {}
    return {
        "_HANDLER": config["Handler"],
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup") or f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"[{version}]local",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
    }
