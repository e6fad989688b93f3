"""The stack's configuration, read once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pulumi

from components.aws.http_api import TokenIssuer
from components.orders import setting_rules as rules
from components.orders.known_settings import refuse_unknown_settings

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Settings:
    """What a stack may choose; Pulumi.yaml describes each and gives its default.

    `callback_secret` is None where the stack is to make it.
    """

    log_retention_days: int
    log_level: str
    deletion_protection: bool
    support_email: str
    mail_sender: str
    callback_secret: pulumi.Output[str] | None
    api_rate: float
    api_burst: int
    api_origins: tuple[str, ...]
    tokens: TokenIssuer | None
    purchase_concurrency: int
    gateway_concurrency: int
    delivery_days: Mapping[str, int]


def read_settings() -> Settings:
    """The settings of the current stack.

    Raises:
        pulumi.ConfigMissingError: a value is neither given nor has a default.
        pulumi.ConfigTypeError: a value is of the wrong type.
        pulumi.RunError: a setting is unknown, or a value none that AWS or this project takes.
    """
    refuse_unknown_settings()
    config = pulumi.Config()
    is_protected = config.require_bool("deletionProtection")
    return Settings(
        log_retention_days=_required(config.require_int, "logRetentionDays", rules.retention_days),
        log_level=_required(config.require, "logLevel", rules.log_level),
        deletion_protection=is_protected,
        support_email=_support_email(config.get("supportEmail") or ""),
        mail_sender=_required(config.require, "mailSender", rules.address),
        callback_secret=_callback_secret(config, is_protected),
        api_rate=_required(config.require_float, "apiRate", rules.at_least(1.0)),
        api_burst=_required(config.require_int, "apiBurst", rules.at_least(1)),
        api_origins=_required(config.require_object, "apiOrigins", rules.origins),
        tokens=_tokens(config),
        purchase_concurrency=_required(
            config.require_int, "purchaseConcurrency", rules.within(2, 1000)
        ),
        gateway_concurrency=_required(
            config.require_int, "gatewayConcurrency", rules.within(0, 1000)
        ),
        delivery_days=_required(config.require_object, "deliveryDays", rules.delivery_days),
    )


def _required(read: Callable[[str], T], key: str, rule: Callable[[str, T], U]) -> U:
    return rule(key, read(key))


def _support_email(given: str) -> str:
    return rules.address("supportEmail", given) if given else ""


def _callback_secret(config: pulumi.Config, is_protected: bool) -> pulumi.Output[str] | None:
    value = config.get_secret("callbackSecret") if config.get("callbackSecret") else None
    if value is None:
        return None
    if is_protected and not pulumi.runtime.is_config_secret(config.full_key("callbackSecret")):
        raise rules.refused(
            "callbackSecret",
            "is in plain text, which a stack with orders:deletionProtection may not have: type"
            ' `pulumi config set --secret callbackSecret "$(openssl rand -hex 32)"`, or'
            " `pulumi config rm callbackSecret` for one that the stack makes",
        )
    return rules.secret("callbackSecret", value)


def _tokens(config: pulumi.Config) -> TokenIssuer | None:
    issuer, audience = config.get("tokenIssuer") or "", config.get("tokenAudience") or ""
    if bool(issuer) != bool(audience):
        raise pulumi.RunError("set orders:tokenIssuer and orders:tokenAudience both, or neither")
    if not issuer:
        return None
    return {"issuer": rules.secure_url("tokenIssuer", issuer), "audience": audience}
