"""Assume a role on the word of a SAML provider: its signed response in place of a signature."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import Connection, select

from keywright.aws.errors import AccessDenied
from keywright.identity.principals import Caller, SessionTag, Vouched, vouched_caller
from keywright.identity.saml_metadata import SamlMetadata, read_metadata
from keywright.identity.saml_responses import (
    Assertion,
    ResponseError,
    Verifier,
    issuer_of,
    read_response,
    verify_response,
)
from keywright.services.operation import Call, Inputs, Means, Result, Target, operation
from keywright.services.sts.assumed_roles import answer_role_session
from keywright.services.sts.errors import ExpiredTokenException, InvalidIdentityToken
from keywright.services.sts.role_trust import account_of_role, check_duration, check_role_arn, look_up_role
from keywright.services.sts.sessions import after, check_session_policies, new_session
from keywright.services.sts.vouching import (
    NAME,
    check_source_identity,
    check_vouched_tags,
    naming,
    role_for,
)
from keywright.store.sealing import Sealer
from keywright.store.tables import saml_private_keys, saml_providers

_NOT_AUTHORIZED: Final = "Not authorized to perform sts:AssumeRoleWithSAML"
_DEFAULT_SECONDS: Final = 3600
_REDEEMABLE_FOR: Final = timedelta(minutes=5)
_LEEWAY: Final = timedelta(minutes=3)
_ATTRIBUTES: Final = "https://aws.amazon.com/SAML/Attributes/"
_NAME_ID_FORMATS: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
_AUDIENCE: Final = re.compile(r"urn:amazon:webservices(:.+)?|https://([a-z0-9-]+\.)?signin\.aws\.amazon\.com/.+")
_OID: Final = "urn:oid:"
_KEY_OF_ATTRIBUTE: Final = {
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.1": "edupersonaffiliation",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.2": "edupersonnickname",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.3": "edupersonorgdn",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.4": "edupersonorgunitdn",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.5": "edupersonprimaryaffiliation",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.6": "edupersonprincipalname",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.7": "edupersonentitlement",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.8": "edupersonprimaryorgunitdn",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.9": "edupersonscopedaffiliation",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.10": "edupersontargetedid",
    f"{_OID}1.3.6.1.4.1.5923.1.1.1.11": "edupersonassurance",
    f"{_OID}1.3.6.1.4.1.5923.1.2.1.2": "eduorghomepageuri",
    f"{_OID}1.3.6.1.4.1.5923.1.2.1.3": "eduorgidentityauthnpolicyuri",
    f"{_OID}1.3.6.1.4.1.5923.1.2.1.4": "eduorglegalname",
    f"{_OID}1.3.6.1.4.1.5923.1.2.1.5": "eduorgsuperioruri",
    f"{_OID}1.3.6.1.4.1.5923.1.2.1.6": "eduorgwhitepagesuri",
    f"{_OID}2.5.4.3": "cn",
    f"{_OID}2.5.4.4": "surname",
    f"{_OID}2.5.4.42": "givenname",
    f"{_OID}2.5.4.45": "x500uniqueidentifier",
    f"{_OID}0.9.2342.19200300.100.1.1": "uid",
    f"{_OID}0.9.2342.19200300.100.1.3": "mail",
    f"{_OID}0.9.2342.19200300.100.1.45": "organizationstatus",
    "http://schemas.xmlsoap.org/claims/CommonName": "commonname",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": "name",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "primarygroupsid",
}
"""Attributes that are context keys (User Guide, "Available keys for SAML-based federation"), by their names."""


class _Registered(NamedTuple):
    """A provider, as an account trusts it."""

    arn: str
    account_id: str
    name: str
    metadata: SamlMetadata
    valid_until: datetime
    verifier: Verifier


async def saml_user(means: Means, inputs: Inputs, now: datetime) -> Caller:
    """
    Verify a SAML response, and give whom it is about.

    Raises: ValidationError; InvalidIdentityToken; ExpiredTokenException; InvalidParameterValue.
    """
    check_role_arn(inputs["role_arn"])
    check_role_arn(inputs["principal_arn"])
    try:
        response = await asyncio.to_thread(read_response, inputs["saml_assertion"])
        registered = await means.store.read(lambda connection: _find(connection, means.sealer, inputs["principal_arn"]))
        if registered is None:
            raise InvalidIdentityToken("Specified provider doesn't exist")
        if registered.account_id != account_of_role(inputs["role_arn"]):
            # AWS: "The IAM role and SAML provider must be in the same account" (User Guide, SAML federation).
            raise AccessDenied(_NOT_AUTHORIZED)
        if now >= registered.valid_until:
            raise InvalidIdentityToken("The metadata of the specified provider has expired")
        if issuer_of(response) not in {None, registered.metadata.entity_id}:
            raise InvalidIdentityToken("Issuer not present in specified provider")
        # Aside: it takes milliseconds, and the first time it loads the XML libraries.
        assertion = await asyncio.to_thread(verify_response, response, registered.verifier)
    except ResponseError as error:
        raise InvalidIdentityToken(str(error)) from None
    if assertion.issuer != registered.metadata.entity_id:
        raise InvalidIdentityToken("Issuer not present in specified provider")
    _check_conditions(assertion, now)
    return vouched_caller(registered.account_id, "SAMLUser", _vouched(assertion, registered, inputs))


def _role(call: Call, inputs: Inputs) -> Target:
    assert call.caller.vouched is not None
    return role_for(call, inputs, {"sts:RoleSessionName": (_session_name(call.caller.vouched.proof),)})


@operation(resource=_role, also=naming, identify=saml_user)
def assume_role_with_saml(
    call: Call,
    *,
    role_arn: str,
    principal_arn: str,
    saml_assertion: str,
    policy_arns: list[dict[str, str]] | None = None,
    policy: str | None = None,
    duration_seconds: int = _DEFAULT_SECONDS,
    minimum_session_token_size: int | None = None,
) -> Result:
    """
    Issue credentials of a role that trusts the response's provider for its subject.

    They end with the session that the provider speaks of, where that is sooner.
    Raises: ValidationError (durations, ARNs); MalformedPolicyDocument; PackedPolicyTooLarge.
    """
    del principal_arn, saml_assertion  # looked at when the caller was identified
    vouched, role = call.caller.vouched, look_up_role(call.connection, role_arn)
    # INVARIANT: a role that is not there trusts nobody, so that nobody comes here.
    assert vouched is not None
    assert role is not None
    assertion: Assertion = vouched.proof
    check_duration(role, duration_seconds, chained=False)
    expires_at = after(call, duration_seconds)
    if assertion.session_ends_at is not None:
        expires_at = min(expires_at, assertion.session_ends_at)
    session = new_session(
        call,
        role.account_id,
        expires_at,
        name=_session_name(assertion),
        source_identity=vouched.source_identity,
        tags=vouched.tags,
        policy=policy,
        policy_arns=check_session_policies(call, role.account_id, policy, policy_arns),
        keys=vouched.keys,
    )
    answer = answer_role_session(call, role, session, minimum_session_token_size)
    return answer | {
        "Subject": assertion.name_id,
        "SubjectType": assertion.name_id_format.removeprefix(_NAME_ID_FORMATS) or None,
        "Issuer": assertion.issuer,
        "Audience": assertion.recipient,
        "NameQualifier": vouched.identity_provider,
    }


def _find(connection: Connection, sealer: Sealer, provider_arn: str) -> _Registered | None:
    row = connection.execute(select(saml_providers).where(saml_providers.c.arn == provider_arn)).one_or_none()
    if row is None:
        return None
    keys = connection.execute(
        select(saml_private_keys.c.key_id, saml_private_keys.c.sealed_key)
        .where(saml_private_keys.c.arn == provider_arn)
        .order_by(saml_private_keys.c.created_at.desc())
    )
    opened = [_open_key(sealer, key.key_id, key.sealed_key) for key in keys]
    metadata = read_metadata(row.metadata_document)
    verifier = Verifier(metadata.certificates, opened, row.assertion_encryption_mode == "Required")
    return _Registered(row.arn, row.account_id, row.provider_name, metadata, row.valid_until, verifier)


def _open_key(sealer: Sealer, key_id: str, sealed: bytes) -> RSAPrivateKey:
    key = load_pem_private_key(sealer.unseal(sealed, f"saml_private_keys/{key_id}"), None)
    # INVARIANT: services.iam.saml_providers stores no other.
    assert isinstance(key, RSAPrivateKey)
    return key


def _check_conditions(assertion: Assertion, now: datetime) -> None:
    if assertion.recipient is None or assertion.not_on_or_after is None:
        raise InvalidIdentityToken("Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter")
    if not any(_AUDIENCE.fullmatch(audience) for audience in assertion.audiences):
        raise InvalidIdentityToken("The assertion's audience is not AWS.")
    if now >= assertion.issued_at + _REDEEMABLE_FOR:
        raise ExpiredTokenException("Token must be redeemed within 5 minutes of issuance")
    if now >= assertion.not_on_or_after or (assertion.session_ends_at or now + _LEEWAY) <= now:
        raise ExpiredTokenException("The SAML assertion is expired.")
    begins_at = max(assertion.issued_at, assertion.not_before or assertion.issued_at)
    if begins_at > now + _LEEWAY:
        raise InvalidIdentityToken("The SAML assertion is not valid yet.")


def _vouched(assertion: Assertion, registered: _Registered, inputs: Inputs) -> Vouched:
    """Read what a verified assertion says."""
    if not _names_role(assertion, inputs["role_arn"], registered.arn):
        raise InvalidIdentityToken("SAML Assertion doesn't contain the requested Role and Metadata in the attributes")
    _session_name(assertion)
    tags = _tags(assertion)
    if assertion.name_id is None:
        # AWS: so it is said of a Subject without a NameID (User Guide, "Troubleshoot SAML federation").
        raise AccessDenied(_NOT_AUTHORIZED)
    qualifier, subject = _name_qualifier(assertion.issuer, registered), assertion.name_id
    keys = _keys(assertion, registered, qualifier)
    source_identity = check_source_identity(_first(assertion, "SourceIdentity"))
    principal_id = f"{qualifier}:{subject}"
    return Vouched(registered.arn, subject, principal_id, qualifier, keys, tags, source_identity, assertion)


def _names_role(assertion: Assertion, role_arn: str, provider_arn: str) -> bool:
    """Tell whether the role and its provider are among the pairs that the subject may take, in either order."""
    pairs = (value.split(",") for value in assertion.attributes.get(f"{_ATTRIBUTES}Role", ()))
    return any({part.strip() for part in pair} == {role_arn, provider_arn} for pair in pairs)


def _session_name(assertion: Assertion) -> str:
    name = _first(assertion, "RoleSessionName")
    if name is None:
        raise InvalidIdentityToken("RoleSessionName is required in AuthnResponse")
    if NAME.fullmatch(name) is None:
        raise InvalidIdentityToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return name


def _tags(assertion: Assertion) -> tuple[SessionTag, ...]:
    prefix = f"{_ATTRIBUTES}PrincipalTag:"
    tags = {
        name.removeprefix(prefix): values[0]
        for name, values in assertion.attributes.items()
        if name.startswith(prefix) and values
    }
    return check_vouched_tags(tags, assertion.attributes.get(f"{_ATTRIBUTES}TransitiveTagKeys", ()))


def _name_qualifier(issuer: str, registered: _Registered) -> str:
    """Make what tells a provider's subjects from those of another (API reference, AssumeRoleWithSAML)."""
    text = f"{issuer}{registered.account_id}/{registered.name}"
    return base64.b64encode(hashlib.sha1(text.encode(), usedforsecurity=False).digest()).decode("ascii")


def _keys(assertion: Assertion, registered: _Registered, qualifier: str) -> dict[str, tuple[str, ...]]:
    """Give the context keys that an assertion fills, by their names in lower case."""
    keys: dict[str, Any] = {
        "aud": assertion.recipient,
        "iss": assertion.issuer,
        "sub": assertion.name_id,
        "sub_type": assertion.name_id_format.removeprefix(_NAME_ID_FORMATS),
        "namequalifier": qualifier,
        "doc": f"{registered.account_id}/{registered.name}",
    }
    found: dict[str, tuple[str, ...]] = {f"saml:{name}": (value,) for name, value in keys.items() if value}
    for name, values in assertion.attributes.items():
        if name in _KEY_OF_ATTRIBUTE and values:
            found[f"saml:{_KEY_OF_ATTRIBUTE[name]}"] = values
    return found | {"aws:federatedprovider": (registered.arn,)}


def _first(assertion: Assertion, name: str) -> str | None:
    values = assertion.attributes.get(f"{_ATTRIBUTES}{name}", ())
    return values[0] if values else None
