"""Which settings there are: the CLI lets pass what nothing reads, and so what is misspelt."""

import difflib
import inspect
from collections.abc import Collection, Iterator, Mapping

import pulumi
import pulumi_aws as aws
import pulumi_random as random
from pulumi.runtime.config import CONFIG, get_config_env

SETTINGS = frozenset(
    {"apiBurst", "apiOrigins", "apiRate", "callbackSecret", "deletionProtection", "deliveryDays"}
    | {"gatewayConcurrency", "logLevel", "logRetentionDays", "mailSender", "purchaseConcurrency"}
    | {"supportEmail", "tokenAudience", "tokenIssuer"}
)
"""The project's own, as Pulumi.yaml declares them."""

_ENGINES = "pulumi"
"""The namespace of the engine itself, such as `pulumi:tags`."""

_LIKENESS = 0.7
"""The part of two names that must be alike for one to be taken for the other (difflib's ratio)."""


def refuse_unknown_settings() -> None:
    """Refuses a stack with settings that nothing reads, all in one sentence.

    Raises:
        pulumi.RunError: there are such; each is named, with the one that was perhaps meant.
    """
    given = {*CONFIG.get(), *get_config_env()}
    if unknown := list(_unknown(sorted(given), _namespaces())):
        raise pulumi.RunError("; ".join(unknown))


def _namespaces() -> Mapping[str, Collection[str]]:
    return {
        "aws": _inputs(aws.ProviderArgs),
        "random": _inputs(random.ProviderArgs),
        pulumi.get_project(): SETTINGS,
    }


def _inputs(provider: type) -> frozenset[str]:
    """The settings of a provider: the arguments of its resource."""
    return frozenset(map(_camel, list(inspect.signature(provider).parameters)))


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _unknown(given: Collection[str], known: Mapping[str, Collection[str]]) -> Iterator[str]:
    keys = {name: f"{namespace}:{name}" for namespace in known for name in known[namespace]}
    for key in given:
        namespace, _, name = key.partition(":")
        if namespace != _ENGINES and name not in known.get(namespace, ()):
            near = difflib.get_close_matches(name, keys, n=1, cutoff=_LIKENESS)
            hint = (
                f"perhaps {keys[near[0]]} is meant"
                if near
                else "Pulumi.yaml lists those that are known"
            )
            yield f"the setting {key} is unknown: {hint}"
