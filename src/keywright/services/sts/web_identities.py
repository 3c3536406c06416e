"""Assume a role on the word of an OpenID Connect provider: its token in place of a signature."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from keywright.aws.arn import oidc_provider_arn
from keywright.identity.fetching import KeySetError, Unreachable, WrongThumbprint
from keywright.identity.jwt import Jwt, JwtError, read_jwt, verify_jwt
from keywright.identity.key_sets import Provider
from keywright.identity.principals import Caller, Vouched, vouched_caller
from keywright.services.operation import Call, Inputs, Means, Result, Target, operation
from keywright.services.sts.assumed_roles import answer_role_session
from keywright.services.sts.errors import (
    ExpiredTokenException,
    IDPCommunicationError,
    IDPRejectedClaim,
    InvalidIdentityToken,
)
from keywright.services.sts.role_trust import (
    account_of_role,
    check_duration,
    check_role_arn,
    look_up_role,
)
from keywright.services.sts.sessions import after, check_session_policies, new_session
from keywright.services.sts.vouching import check_source_identity, check_vouched_tags, naming, role_for
from keywright.store.tables import oidc_client_ids, oidc_providers

_DEFAULT_SECONDS: Final = 3600
_LEEWAY: Final = timedelta(minutes=5)
"""AWS: "a five-minute window beyond the expiration time" for clocks that differ (User Guide, "Troubleshoot OIDC")."""
_TAGS: Final = "https://aws.amazon.com/tags"
_ROLES: Final = "https://aws.amazon.com/roles"
_SOURCE_IDENTITY: Final = "https://aws.amazon.com/source_identity"
_UNVERIFIABLE: Final = (
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
    "documentation for requirements"
)
_BUILT_IN: Final = frozenset({"accounts.google.com", "cognito-identity.amazonaws.com"})
"""Providers that every account may trust without registering them."""
_FURTHER_CLAIMS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = (
    (
        re.compile(r"token\.actions\.(githubusercontent\.com(/.+)?|[^/]+\.ghe\.com)|github\.com/enterprises/.+"),
        (
            *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref", "repository"),
            *("repository_id", "repository_owner_id", "workflow"),
        ),
    ),
    (
        re.compile(r"gitlab\.com"),
        (
            *("namespace_id", "pipeline_source", "project_id", "ref_protected", "runner_environment"),
            *("user_access_level", "user_email", "user_id", "user_login"),
        ),
    ),
    (
        re.compile(r"agent\.(buildkite\.com|[^/]+\.buildkite\.(dev|site))"),
        (
            *("build_branch", "cluster_id", "cluster_name", "organization_id", "organization_slug"),
            *("pipeline_id", "pipeline_slug"),
        ),
    ),
    (re.compile(r"oidc\.circleci\.com/org/.+"), ("oidc.circleci.com/project-id",)),
    (re.compile(r"accounts\.google\.com"), ("google/organization_number",)),
    (re.compile(r"idcs-[^/]+\.identity\.oraclecloud\.com"), ("rpst_id",)),
)
"""Claims that are context keys for some providers beside those that are for all (service authorization reference)."""


class Proof(NamedTuple):
    """What a verified token says beyond whom it is about."""

    audience: str
    names_role: bool
    """Whether it names the role that is asked for."""


class _Registered(NamedTuple):
    """A provider, as an account trusts it."""

    principal: str
    """Its ARN; the name of one that is built in."""
    account_id: str
    url: str
    thumbprints: tuple[str, ...]
    client_ids: frozenset[str] | None
    """None where every audience will do, and the trust policy decides."""


async def web_identity_user(means: Means, inputs: Inputs, now: datetime) -> Caller:
    """
    Verify a token, and give whom it is about.

    Raises: ValidationError; InvalidIdentityToken; ExpiredTokenException; IDPRejectedClaim; IDPCommunicationError;
    InvalidParameterValue.
    """
    check_role_arn(inputs["role_arn"])
    if inputs.get("provider_id") is not None:
        # DIVERGES: Login with Amazon and Facebook. Their access tokens say nothing by themselves, and only AWS is
        # registered with those two to ask.
        raise IDPCommunicationError(f"The identity provider {inputs['provider_id']} cannot be asked about its tokens.")
    try:
        token = read_jwt(inputs["web_identity_token"])
    except JwtError:
        raise InvalidIdentityToken(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        ) from None
    issuer = _text_claim(token, "iss")
    account_id = account_of_role(inputs["role_arn"])
    registered = await means.store.read(lambda connection: _find(connection, account_id, issuer))
    if registered is None:
        raise InvalidIdentityToken(f"No OpenIDConnect provider found in your account for {issuer}")
    await _verify(means, token, registered, now)
    return vouched_caller(
        registered.account_id, "WebIdentityUser", _vouched(token, registered, inputs["role_arn"], now)
    )


def _role(call: Call, inputs: Inputs) -> Target:
    assert call.caller.vouched is not None
    names_role = str(call.caller.vouched.proof.names_role).lower()
    return role_for(call, inputs, {"sts:RoleAuthorizedByIdp": (names_role,)})


@operation(resource=_role, also=naming, identify=web_identity_user)
def assume_role_with_web_identity(
    call: Call,
    *,
    role_arn: str,
    role_session_name: str,
    web_identity_token: str,
    provider_id: str | None = None,
    policy_arns: list[dict[str, str]] | None = None,
    policy: str | None = None,
    duration_seconds: int = _DEFAULT_SECONDS,
    minimum_session_token_size: int | None = None,
) -> Result:
    """
    Issue credentials of a role that trusts the token's provider for its subject.

    Raises: ValidationError (durations, ARNs); MalformedPolicyDocument; PackedPolicyTooLarge.
    """
    del web_identity_token, provider_id  # looked at when the caller was identified
    vouched, role = call.caller.vouched, look_up_role(call.connection, role_arn)
    # INVARIANT: a role that is not there trusts nobody, so that nobody comes here.
    assert vouched is not None
    assert role is not None
    check_duration(role, duration_seconds, chained=False)
    session = new_session(
        call,
        role.account_id,
        after(call, duration_seconds),
        name=role_session_name,
        source_identity=vouched.source_identity,
        tags=vouched.tags,
        policy=policy,
        policy_arns=check_session_policies(call, role.account_id, policy, policy_arns),
        keys=vouched.keys,
    )
    answer = answer_role_session(call, role, session, minimum_session_token_size)
    said = {"SubjectFromWebIdentityToken": vouched.subject, "Audience": vouched.proof.audience}
    return answer | said | {"Provider": vouched.provider_arn}


def _find(connection: Connection, account_id: str | None, issuer: str) -> _Registered | None:
    url = issuer.removeprefix("https://")
    if account_id is None:
        return None
    row = connection.execute(
        select(oidc_providers).where(oidc_providers.c.arn == oidc_provider_arn(account_id, url))
    ).one_or_none()
    if row is not None:
        client_ids = connection.execute(
            select(oidc_client_ids.c.client_id).where(oidc_client_ids.c.arn == row.arn)
        ).scalars()
        return _Registered(row.arn, account_id, row.url, tuple(row.thumbprints.split()), frozenset(client_ids))
    return _Registered(url, account_id, url, (), None) if url in _BUILT_IN else None


async def _verify(means: Means, token: Jwt, registered: _Registered, now: datetime) -> None:
    provider = Provider(registered.url, registered.thumbprints)
    try:
        keys = await means.key_sets.find(registered.account_id, provider, token.key_id, now)
    except WrongThumbprint:
        raise InvalidIdentityToken(
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
        ) from None
    except Unreachable:
        raise IDPCommunicationError("The identity provider could not be reached to verify the token.") from None
    except KeySetError:
        raise InvalidIdentityToken(_UNVERIFIABLE) from None
    if token.key_id is not None and all(key.get("kid") != token.key_id for key in keys):
        raise InvalidIdentityToken(_UNVERIFIABLE)
    # Aside: a token that names no key is tried with each of them.
    if not await asyncio.to_thread(verify_jwt, token, keys):
        raise InvalidIdentityToken("Token signature invalid")


def _vouched(token: Jwt, registered: _Registered, role_arn: str, now: datetime) -> Vouched:
    """Read what a verified token says, and whether it says it to us and now."""
    subject, audience = _text_claim(token, "sub"), _audience(token, registered)
    _check_times(token, now)
    proof = Proof(audience, _names_role(token, role_arn))
    tags = check_vouched_tags(*_tags(token.claims))
    source_identity = check_source_identity(token.claims.get(_SOURCE_IDENTITY))
    keys = _keys(token, registered, audience)
    principal_id = f"{registered.principal}:{audience}:{subject}"
    name = registered.principal
    return Vouched(name, subject, principal_id, name, keys, tags, source_identity, proof)


def _check_times(token: Jwt, now: datetime) -> None:
    seconds = int(now.timestamp())
    expires_at, issued_at = _number_claim(token, "exp"), _number_claim(token, "iat")
    if seconds >= expires_at + _LEEWAY.total_seconds():
        raise ExpiredTokenException(
            f"Token expired: current date/time {seconds} must be before the expiration date/time{expires_at}"
        )
    not_before = token.claims.get("nbf", issued_at)
    if not isinstance(not_before, int) or max(not_before, issued_at) > seconds + _LEEWAY.total_seconds():
        raise IDPRejectedClaim("The token is not valid yet.")


def _audience(token: Jwt, registered: _Registered) -> str:
    """
    Give the audience: the authorised party where there is one.

    AWS: "if your OIDC ID token sets both aud and azp, AWS STS uses the value in azp" (User Guide, keys for OIDC).
    """
    audiences = token.claims.get("aud")
    audiences = [audiences] if isinstance(audiences, str) else audiences
    if not isinstance(audiences, list) or not audiences or not all(isinstance(one, str) for one in audiences):
        raise InvalidIdentityToken("Missing a required claim: aud")
    party = token.claims.get("azp")
    audience: str = party if isinstance(party, str) else audiences[0]
    if party is None and len(audiences) > 1:
        raise InvalidIdentityToken("Missing a required claim: azp")
    if registered.client_ids is not None and audience not in registered.client_ids:
        raise InvalidIdentityToken("Incorrect token audience")
    return audience


def _keys(token: Jwt, registered: _Registered, audience: str) -> dict[str, tuple[str, ...]]:
    """Give the context keys that a token fills, by their names in lower case."""
    url, claims = registered.url, token.claims
    keys: dict[str, tuple[str, ...]] = {"aud": (audience,), "sub": (_text_claim(token, "sub"),)}
    methods = claims.get("amr")
    if isinstance(methods, list):
        keys["amr"] = tuple(map(str, methods))
    if url == "accounts.google.com" and isinstance(claims.get("aud"), str):
        keys["oaud"] = (claims["aud"],)
    for pattern, names in _FURTHER_CLAIMS:
        if pattern.fullmatch(url):
            keys |= {name: (str(claims[name]),) for name in names if isinstance(claims.get(name), str | int)}
    named = {f"{url}:{name}".lower(): values for name, values in keys.items()}
    return named | {"aws:federatedprovider": (registered.principal,)}


def _names_role(token: Jwt, role_arn: str) -> bool:
    """
    Tell whether a token names the role; one that names others only is for those.

    AWS: observed by Aidan Steele ("OIDC tokens can restrict which AWS roles they assume", 2026-07-13), for text and
    list alike, before the trust policy is asked.
    """
    if _ROLES not in token.claims:
        return False
    named = token.claims[_ROLES]
    if role_arn not in (named if isinstance(named, list) else [named]):
        raise InvalidIdentityToken("The target role ARN is not present in the roles claim of the identity token")
    return True


def _tags(claims: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Read session tags, nested in one claim or flat in a claim each (User Guide, "Pass session tags")."""
    nested = claims.get(_TAGS)
    nested = nested if isinstance(nested, dict) else {}
    principal_tags = nested.get("principal_tags")
    found = dict(principal_tags) if isinstance(principal_tags, dict) else {}
    prefix = f"{_TAGS}/principal_tags/"
    found |= {name.removeprefix(prefix): value for name, value in claims.items() if name.startswith(prefix)}
    transitive = nested.get("transitive_tag_keys") or claims.get(f"{_TAGS}/transitive_tag_keys") or []
    tags = {key: value[0] if isinstance(value, list) and value else value for key, value in found.items()}
    if not all(isinstance(value, str) for value in tags.values()) or not isinstance(transitive, list):
        raise InvalidIdentityToken("The session tags in the token cannot be read.")
    return tags, [str(key) for key in transitive]


def _text_claim(token: Jwt, name: str) -> str:
    value = token.claims.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidIdentityToken(f"Missing a required claim: {name}")
    return value


def _number_claim(token: Jwt, name: str) -> int:
    value = token.claims.get(name)
    # AWS: "Timestamps in the token must be formatted as either an integer or a long integer" (API reference).
    if not isinstance(value, int):
        raise InvalidIdentityToken(f"Missing a required claim: {name}")
    return value
