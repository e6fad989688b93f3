"""SES identities, by both of its APIs."""

from __future__ import annotations

from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, answers, call


def _identities(existing: Existing) -> list[str]:
    found = existing.client("ses").list_identities()["Identities"]
    return [identity for identity in found if identity == existing.id]


LIFECYCLES: Lifecycles = {
    "aws:ses/emailIdentity:EmailIdentity": Lifecycle(
        answers(_identities), call("ses", "delete_identity", by="Identity")
    ),
    "aws:sesv2/emailIdentity:EmailIdentity": Lifecycle(
        answers(call("sesv2", "get_email_identity", by="EmailIdentity")),
        call("sesv2", "delete_email_identity", by="EmailIdentity"),
    ),
}
