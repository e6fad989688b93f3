"""A client of a running API: where it is told to be, with the caller's own AWS credentials."""

import re
from urllib.parse import urlsplit

import botocore.session
from botocore.exceptions import BotoCoreError

from local.command_error import CommandError
from local.http_api import HttpApi

_URL = re.compile(r"https?://[!-~]+")


class Unreachable(CommandError, ValueError):
    """An API that cannot even be asked; one sentence says what is missing or wrong."""

    exit_code = 2


def reach(url: str) -> HttpApi:
    """A client of the API at a URL; requests are signed as the environment says.

    Raises:
        Unreachable: the URL is none of HTTP, or credentials or a region are missing.
    """
    address = _checked(url)
    try:
        session = botocore.session.get_session()
        credentials, region = session.get_credentials(), session.get_config_variable("region")
    except BotoCoreError as error:
        raise Unreachable(f"no AWS credentials: {error}") from error
    if credentials is None:
        raise Unreachable("no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    if not region:
        raise Unreachable("no AWS region: set AWS_DEFAULT_REGION to that of the API")
    return HttpApi(address, credentials, region)


def _checked(url: str) -> str:
    if not url:
        raise Unreachable("no API: give its URL by --api or ORDERS_API; orders serve shows one")
    if not _URL.fullmatch(url) or not _is_base(url):
        raise Unreachable(f"{url!r} is no API's URL: https://host, a port or a path if it has one")
    return url.rstrip("/")


def _is_base(url: str) -> bool:
    """Whether paths can be put behind it."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        return False
