"""SES identities, by both of its APIs."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_V1: Fields = {"email": "EmailAddress"}
_V2: Fields = {
    "emailIdentity": "EmailIdentity",
    "tags": tag_list(),
}


def _v1(order: Order) -> Created:
    order.cloud.client("ses").verify_email_identity(**order.params)
    address = order.params["EmailAddress"]
    return Created(address, {"arn": order.arn("ses", f"identity/{address}")})


def _v2(order: Order) -> Created:
    made = order.cloud.client("sesv2").create_email_identity(**order.params)
    identity = order.params["EmailIdentity"]
    outputs = {
        "arn": order.arn("ses", f"identity/{identity}"),
        "identityType": made["IdentityType"],
        "verifiedForSendingStatus": made["VerifiedForSendingStatus"],
    }
    return Created(identity, outputs)


KINDS: Kinds = {
    "aws:ses/emailIdentity:EmailIdentity": Kind(_v1, _V1),
    "aws:sesv2/emailIdentity:EmailIdentity": Kind(_v2, _V2),
}
