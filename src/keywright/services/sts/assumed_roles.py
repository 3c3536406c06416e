"""Assume a role: its permissions instead of one's own, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from keywright.aws.arn import assumed_role_arn
from keywright.aws.errors import AccessDenied
from keywright.identity.principals import Session
from keywright.services.operation import Call, Inputs, Permission, Result, Target, operation
from keywright.services.sts.errors import InvalidContextAssertion
from keywright.services.sts.mfa_codes import check_mfa
from keywright.services.sts.role_trust import Role, check_duration, check_role_arn, look_up_role, role_target
from keywright.services.sts.sessions import after, check_session_policies, check_tags, issue, new_session, packed

_DEFAULT_SECONDS: Final = 3600


def role_to_assume(call: Call, inputs: Inputs) -> Target:
    """
    Name the role that is asked for, once the request is seen to make sense and its MFA code to be right.

    Raises: ValidationError; InvalidParameterValue; InvalidContextAssertion; AccessDenied.
    """
    role_arn: str = inputs["role_arn"]
    check_role_arn(role_arn)
    check_tags(inputs.get("tags"), inputs.get("transitive_tag_keys"), call.caller.transitive_tags)
    if call.caller.kind == "Root":
        raise AccessDenied("Roles may not be assumed by root accounts.")
    if inputs.get("provided_contexts"):
        # A context assertion is sealed by STS for an application of IAM Identity Center, which is not performed here.
        raise InvalidContextAssertion("The context assertion provided is not valid.")
    has_mfa = check_mfa(call, inputs.get("serial_number"), inputs.get("token_code"))
    _check_source_identity(call, role_arn, inputs.get("source_identity"))
    return role_target(call, role_arn, _mfa_keys(has_mfa=has_mfa) | _source_identity_keys(call, inputs))


def tagging_and_naming(call: Call, inputs: Inputs) -> Iterator[Permission]:
    """
    Ask for what a session takes along: tags, its own and those handed on, and a source identity.

    AWS: both count for a chained session too, "must be allowed in the role's trust policy" (User Guide, "Pass session
    tags", "Monitor and control actions taken with assumed roles").
    """
    tags, source_identity = inputs.get("tags") or call.caller.transitive_tags, _source_identity_keys(call, inputs)
    if not tags and not source_identity:
        return
    # The code was checked, and used up, when the role itself was asked about.
    keys = _mfa_keys(has_mfa=inputs.get("token_code") is not None)
    target = role_target(call, inputs["role_arn"], keys)
    if tags:
        yield Permission("sts:TagSession", target, keys)
    if source_identity:
        yield Permission("sts:SetSourceIdentity", target, keys | source_identity)


@operation(resource=role_to_assume, also=tagging_and_naming, writes_with="TokenCode")
def assume_role(
    call: Call,
    *,
    role_arn: str,
    role_session_name: str,
    policy_arns: list[dict[str, str]] | None = None,
    policy: str | None = None,
    duration_seconds: int = _DEFAULT_SECONDS,
    tags: list[dict[str, str]] | None = None,
    transitive_tag_keys: list[str] | None = None,
    external_id: str | None = None,
    serial_number: str | None = None,
    token_code: str | None = None,
    source_identity: str | None = None,
    provided_contexts: list[dict[str, str]] | None = None,
    minimum_session_token_size: int | None = None,
) -> Result:
    """
    Issue credentials of a role that trusts the caller.

    Raises: ValidationError (durations, ARNs); MalformedPolicyDocument; PackedPolicyTooLarge.
    """
    del external_id, serial_number, token_code, provided_contexts  # looked at when the role was asked for
    role = look_up_role(call.connection, role_arn)
    # INVARIANT: a role that is not there trusts nobody, so that nobody comes here.
    assert role is not None
    check_duration(role, duration_seconds, chained=call.caller.session is not None)
    session = new_session(
        call,
        role.account_id,
        after(call, duration_seconds),
        name=role_session_name,
        source_identity=_source_identity(call, source_identity),
        tags=check_tags(tags, transitive_tag_keys, call.caller.transitive_tags),
        policy=policy,
        policy_arns=check_session_policies(call, role.account_id, policy, policy_arns),
    )
    return answer_role_session(call, role, session, minimum_session_token_size)


def answer_role_session(
    call: Call, role: Role, session: Session, minimum_session_token_size: int | None
) -> dict[str, Any]:
    """
    Answer a role session's credentials, and what it is called.

    Raises: PackedPolicyTooLarge.
    """
    assert session.name is not None
    answer = packed(issue(call, role.account_id, role.role_id, session, minimum_session_token_size))
    answer["AssumedRoleUser"] = {
        "AssumedRoleId": f"{role.role_id}:{session.name}",
        "Arn": assumed_role_arn(role.account_id, role.role_name, session.name),
    }
    if session.source_identity is not None:
        answer["SourceIdentity"] = session.source_identity
    return answer


def _source_identity(call: Call, asked: str | None) -> str | None:
    """Give the session's source identity: the calling session's, which nobody changes, or what is asked for."""
    inherited = None if call.caller.session is None else call.caller.session.source_identity
    return inherited or asked


def _check_source_identity(call: Call, role_arn: str, asked: str | None) -> None:
    if asked is not None and _source_identity(call, asked) != asked:
        raise AccessDenied(
            f"User: {call.caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: {role_arn}"
        )


def _source_identity_keys(call: Call, inputs: Inputs) -> dict[str, tuple[str, ...]]:
    """Give the key of the source identity, which an inherited one fills too."""
    source_identity = _source_identity(call, inputs.get("source_identity"))
    return {} if source_identity is None else {"sts:SourceIdentity": (source_identity,)}


def _mfa_keys(*, has_mfa: bool) -> dict[str, tuple[str, ...]]:
    """Give the keys that a right code fills, whatever session its bearer has."""
    return {"aws:MultiFactorAuthPresent": ("true",), "aws:MultiFactorAuthAge": ("0",)} if has_mfa else {}
