"""Tokens by which a principal of this account proves to somebody else who it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import select

from keywright.aws.clock import iso8601
from keywright.aws.identifiers import new_uuid
from keywright.identity.web_identity_issuers import ALGORITHMS, sign_token
from keywright.services.operation import Call, Inputs, Permission, Result, Target, operation
from keywright.services.sts.errors import (
    JWTPayloadSizeExceededException,
    OutboundWebIdentityFederationDisabledException,
    SessionDurationEscalationException,
    ValidationError,
)
from keywright.services.sts.sessions import check_tags
from keywright.store.tables import web_identity_issuers

_DEFAULT_SECONDS: Final = 300
_MAX_CLAIMS_BYTES: Final = 8192
_NAMESPACE: Final = "https://sts.amazonaws.com/"


def _everything(call: Call, inputs: Inputs) -> Target:
    """Name no resource, but what the token is for and how it is signed."""
    del call
    audience, algorithm = tuple(inputs["audience"]), inputs["signing_algorithm"]
    return Target("*", keys={"sts:IdentityTokenAudience": audience, "sts:SigningAlgorithm": (algorithm,)})


def _tagging(call: Call, inputs: Inputs) -> Iterator[Permission]:
    if inputs.get("tags"):
        yield Permission("sts:TagGetWebIdentityToken", _everything(call, inputs))


@operation(resource=_everything, also=_tagging)
def get_web_identity_token(
    call: Call,
    *,
    audience: list[str],
    signing_algorithm: str,
    duration_seconds: int = _DEFAULT_SECONDS,
    tags: list[dict[str, str]] | None = None,
) -> Result:
    """
    Sign a token about the caller, which the account's issuer address verifies to anyone.

    Raises: OutboundWebIdentityFederationDisabledException; SessionDurationEscalationException;
    JWTPayloadSizeExceededException; ValidationError; InvalidParameterValue.
    """
    if signing_algorithm not in ALGORITHMS:
        raise ValidationError(
            f"1 validation error detected: Value '{signing_algorithm}' at 'signingAlgorithm' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(ALGORITHMS)}]"
        )
    issuer = call.connection.execute(
        select(web_identity_issuers.c.issuer).where(
            web_identity_issuers.c.account_id == call.account_id, web_identity_issuers.c.is_enabled
        )
    ).scalar_one_or_none()
    if issuer is None:
        raise OutboundWebIdentityFederationDisabledException(
            "Outbound web identity federation is not enabled for this account."
        )
    issued_at = call.now.replace(microsecond=0)
    expires_at = issued_at + timedelta(seconds=duration_seconds)
    if call.caller.session is not None and expires_at > call.caller.session.expires_at:
        raise SessionDurationEscalationException(
            "The requested token duration would extend the session beyond its original expiration time."
        )
    claims = {
        "iss": issuer,
        "aud": audience[0] if len(audience) == 1 else audience,
        "sub": call.caller.entity_arn,
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
        "jti": new_uuid(),
        _NAMESPACE: _describe(call, {tag.key: tag.value for tag in check_tags(tags, None)}),
    }
    if len(orjson.dumps(claims)) > _MAX_CLAIMS_BYTES:
        raise JWTPayloadSizeExceededException("The requested token payload size exceeds the maximum allowed size.")
    token = sign_token(call.connection, call.sealer, call.account_id, signing_algorithm, claims)
    return {"WebIdentityToken": token, "Expiration": expires_at}


def _describe(call: Call, request_tags: dict[str, str]) -> dict[str, Any]:
    """Say what AWS says of a caller beside the standard claims (User Guide, "Understanding token claims")."""
    caller = call.caller
    claims: dict[str, Any] = {
        "aws_account": caller.account_id,
        "source_region": call.region,
        "principal_id": caller.entity_arn,
    }
    if caller.session is not None:
        claims["original_session_exp"] = iso8601(caller.session.expires_at)
    if caller.tags:
        claims["principal_tags"] = dict(caller.tags)
    if request_tags:
        claims["request_tags"] = request_tags
    return claims
