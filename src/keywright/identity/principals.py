"""Who calls: an account's root user or an IAM user, in person or by a session."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from keywright.aws.arn import iam_arn, root_arn
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import Principal as PolicyPrincipal


class Session(NamedTuple):
    """What temporary credentials carry beside their owner."""

    access_key_id: str
    issued_at: datetime
    expires_at: datetime
    mfa_authenticated: bool


class Caller(NamedTuple):
    """The identity that signed a request, and the policies that follow it."""

    account_id: str
    kind: Literal["Root", "IAMUser"]
    """As CloudTrail's userIdentity names it."""
    arn: str
    principal_id: str
    """The user's unique id (AIDA…); the account id for root."""
    user_name: str | None
    """None for root."""
    access_key_id: str
    session: Session | None
    policies: PolicySet
    as_policy_principal: PolicyPrincipal

    @property
    def user_id(self) -> str | None:
        """Give the calling user's unique id, None for root."""
        return None if self.kind == "Root" else self.principal_id


def root_caller(account_id: str, canonical_id: str, access_key_id: str) -> Caller:
    """Make the caller that an account's root user is: no identity policy follows it, and none is needed."""
    arn = root_arn(account_id)
    principal = PolicyPrincipal("root", arn, account_id, unique_id=account_id, canonical_user_id=canonical_id)
    return Caller(account_id, "Root", arn, account_id, None, access_key_id, None, PolicySet(), principal)


def user_caller(
    account_id: str, user_id: str, path: str, user_name: str, access_key_id: str, policies: PolicySet
) -> Caller:
    """Make the caller that an IAM user is."""
    arn = iam_arn(account_id, "user", path, user_name)
    principal = PolicyPrincipal("user", arn, account_id, unique_id=user_id)
    return Caller(account_id, "IAMUser", arn, user_id, user_name, access_key_id, None, policies, principal)
