"""Parts of the project that are installed only if asked for."""

from importlib.util import find_spec

from local.command_error import CommandError

_EMBEDDED_CLOUD = ("ministack", "moto", "uvicorn", "httptools")


class MissingExtra(CommandError):
    """Packages that are not installed; the sentence names the extra that installs them."""


def require_embedded_cloud() -> None:
    """Do nothing where everything is installed that the embedded cloud needs.

    Raises:
        MissingExtra: something is not.
    """
    missing = [package for package in _EMBEDDED_CLOUD if find_spec(package) is None]
    if missing:
        raise MissingExtra(
            f"the embedded cloud needs {', '.join(missing)}: install the extra `local`, in a clone"
            " of the project by pip install '.[local]'"
        )
