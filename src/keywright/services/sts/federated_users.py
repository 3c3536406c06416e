"""Sessions for people whom a user vouches for: the user's permissions, cut down by what is passed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from keywright.aws.arn import federated_user_arn
from keywright.services.operation import Call, Inputs, Permission, Result, Target, operation
from keywright.services.sts.session_tokens import limit_seconds
from keywright.services.sts.sessions import after, check_session_policies, check_tags, issue, new_session, packed

_DEFAULT_SECONDS: Final = 43_200


def federated_user(call: Call, inputs: Inputs) -> Target:
    """Name the session that is to be made."""
    return Target(federated_user_arn(call.account_id, inputs["name"]))


def _tagging(call: Call, inputs: Inputs) -> Iterator[Permission]:
    if inputs.get("tags"):
        yield Permission("sts:TagSession", federated_user(call, inputs))


@operation(resource=federated_user, also=_tagging)
def get_federation_token(
    call: Call,
    *,
    name: str,
    policy: str | None = None,
    policy_arns: list[dict[str, str]] | None = None,
    duration_seconds: int = _DEFAULT_SECONDS,
    tags: list[dict[str, str]] | None = None,
    minimum_session_token_size: int | None = None,
) -> Result:
    """
    Issue credentials for a federated user; without a session policy they are good for nothing.

    Raises: MalformedPolicyDocument; PackedPolicyTooLarge; ValidationError; InvalidParameterValue.
    """
    account_id = call.account_id
    session = new_session(
        call,
        account_id,
        after(call, limit_seconds(call, duration_seconds)),
        name=name,
        tags=check_tags(tags, None),
        policy=policy,
        policy_arns=check_session_policies(call, account_id, policy, policy_arns),
    )
    arn = federated_user_arn(account_id, name)
    answer = packed(issue(call, account_id, call.caller.user_id, session, minimum_session_token_size))
    return answer | {"FederatedUser": {"FederatedUserId": f"{account_id}:{name}", "Arn": arn}}
