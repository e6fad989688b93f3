"""The stack's configuration, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.http_api import TokenIssuer


@dataclass(frozen=True)
class Settings:
    """What a stack may choose; Pulumi.yaml describes each and gives its default."""

    log_retention_days: int
    log_level: str
    deletion_protection: bool
    support_email: str
    mail_sender: str
    callback_secret: pulumi.Output[str]
    api_rate: float
    api_burst: int
    api_origins: tuple[str, ...]
    tokens: TokenIssuer | None
    purchase_concurrency: int
    delivery_days: Mapping[str, int]


def read_settings() -> Settings:
    """The settings of the current stack.

    Raises:
        pulumi.ConfigMissingError: a value is neither given nor has a default.
        pulumi.ConfigTypeError: a value is of the wrong type.
        ValueError: deliveryDays lacks `default`, or gives other than days.
    """
    config = pulumi.Config()
    return Settings(
        log_retention_days=config.require_int("logRetentionDays"),
        log_level=config.require("logLevel"),
        deletion_protection=config.require_bool("deletionProtection"),
        support_email=config.get("supportEmail") or "",
        mail_sender=config.require("mailSender"),
        callback_secret=config.require_secret("callbackSecret"),
        api_rate=config.require_float("apiRate"),
        api_burst=config.require_int("apiBurst"),
        api_origins=tuple(config.require_object("apiOrigins")),
        tokens=_tokens(config),
        purchase_concurrency=config.require_int("purchaseConcurrency"),
        delivery_days=_delivery_days(config.require_object("deliveryDays")),
    )


def _tokens(config: pulumi.Config) -> TokenIssuer | None:
    issuer, audience = config.get("tokenIssuer") or "", config.get("tokenAudience") or ""
    if bool(issuer) != bool(audience):
        raise pulumi.RunError("set orders:tokenIssuer and orders:tokenAudience both, or neither")
    return {"issuer": issuer, "audience": audience} if issuer else None


def _delivery_days(given: Any) -> Mapping[str, int]:
    """Business days to deliver from each fulfillment centre, and from any other by `default`."""
    days = given if isinstance(given, Mapping) else {}
    wrong = [centre for centre, number in days.items() if not _is_days(number)]
    if wrong or "default" not in days:
        raise ValueError(
            "deliveryDays must give whole days from 0 to 365 by fulfillment centre, and a"
            f" `default`; check {', '.join(sorted(map(str, wrong))) or 'default'}"
        )
    return days


def _is_days(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= 365
