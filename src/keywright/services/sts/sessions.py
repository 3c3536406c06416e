"""Make sessions: the credentials that every operation of this kind answers, and the rules for what they carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from keywright.aws.identifiers import new_access_key_id, new_secret_access_key
from keywright.aws.secret import Secret
from keywright.identity.aws_managed import aws_managed_policy
from keywright.identity.principals import Session, SessionTag
from keywright.identity.session_tokens import MAX_CHARACTERS, TemporaryCredentials, seal_token
from keywright.policy.document import MalformedDocument
from keywright.policy.validate import read_policy
from keywright.services.operation import Call
from keywright.services.sts.errors import (
    InvalidParameterValue,
    MalformedPolicyDocument,
    PackedPolicyTooLarge,
    ValidationError,
)
from keywright.store.tables import policies

_MAX_POLICY_ARNS: Final = 10
_MAX_TAGS: Final = 50
_CONFLICT: Final = (
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
    "calling session."
)


def new_session(call: Call, account_id: str, expires_at: datetime, **carried: Any) -> Session:
    """Begin a session now; it ends at a whole second, which is what its credentials say."""
    values = {"mfa_authenticated": False} | carried
    return Session(new_access_key_id(account_id, "ASIA"), call.now, expires_at.replace(microsecond=0), **values)


def after(call: Call, seconds: int) -> datetime:
    """Give the moment so many seconds from now, to the second."""
    return call.now.replace(microsecond=0) + timedelta(seconds=seconds)


def issue(
    call: Call, account_id: str, owner_id: str | None, session: Session, minimum_session_token_size: int | None
) -> dict[str, Any]:
    """
    Answer a session's credentials, and how much of a token's room it takes.

    Raises: PackedPolicyTooLarge.
    """
    secret = new_secret_access_key()
    credentials = TemporaryCredentials(account_id, owner_id, Secret(secret), session)
    token = seal_token(call.sealer, credentials, minimum_session_token_size or 0)
    percentage = -(-100 * len(token) // MAX_CHARACTERS)
    if percentage > 100:
        what = "Packed policy" if session.policy or session.policy_arns else "Packed size of session tags"
        hint = ", please use smaller policy." if session.policy or session.policy_arns else "."
        raise PackedPolicyTooLarge(f"{what} consumes {percentage}% of allotted space{hint}")
    return {
        "Credentials": {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": session.expires_at,
        },
        "SessionTokenSize": len(token),
        "SessionTokenUtilization": percentage,
    }


def packed(answer: dict[str, Any]) -> dict[str, Any]:
    """
    Add the packed policy's size, where an answer has that member.

    AWS: it is the token's utilisation ("STS simplifies session token size limits", 2026).
    """
    return answer | {"PackedPolicySize": answer["SessionTokenUtilization"]}


def check_session_policies(
    call: Call, account_id: str, policy: str | None, policy_arns: Sequence[dict[str, str]] | None
) -> tuple[str, ...]:
    """
    Check the policies that are passed to a session of an account; give the ARNs of those that are managed.

    Raises: MalformedPolicyDocument; ValidationError.
    """
    if policy is not None:
        try:
            read_policy(policy, "session")
        except MalformedDocument as error:
            raise MalformedPolicyDocument(error.message) from None
    arns = tuple(one["arn"] for one in policy_arns or () if "arn" in one)
    if len(arns) > _MAX_POLICY_ARNS:
        raise ValidationError(
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_MAX_POLICY_ARNS}"
        )
    for arn in arns:
        if arn.count(":") < 5 or not arn.startswith("arn:"):
            raise ValidationError(f"{arn} is invalid")
        if aws_managed_policy(arn) is None and not _is_policy_of(call, account_id, arn):
            raise ValidationError(f"Policy {arn} does not exist or is not attachable.")
    return arns


def check_tags(
    tags: Sequence[dict[str, str]] | None, transitive_keys: Iterable[str] | None, inherited: Sequence[SessionTag] = ()
) -> tuple[SessionTag, ...]:
    """
    Check the tags that are passed to a session; give them, and those that the calling session hands on.

    Raises: InvalidParameterValue.
    """
    folded = {tag["Key"].casefold(): tag for tag in tags or ()}
    transitive = {key.casefold() for key in transitive_keys or ()}
    if len(folded) != len(tags or ()):
        raise InvalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith("aws:") for key in folded):
        raise InvalidParameterValue("Tag keys beginning with aws: are reserved for system use.")
    handed_on = {tag.key.casefold() for tag in inherited}
    if handed_on & (folded.keys() | transitive):
        raise InvalidParameterValue(_CONFLICT)
    if not transitive <= folded.keys():
        raise InvalidParameterValue("The specified transitive tag key must be included in the requested tags.")
    own = [SessionTag(tag["Key"], tag["Value"], key in transitive) for key, tag in folded.items()]
    if len(own) + len(inherited) > _MAX_TAGS:
        raise InvalidParameterValue(f"A session has at most {_MAX_TAGS} tags.")
    return (*inherited, *own)


def _is_policy_of(call: Call, account_id: str, arn: str) -> bool:
    found = select(policies.c.policy_id).where(policies.c.arn == arn, policies.c.account_id == account_id)
    return call.connection.execute(found).first() is not None
