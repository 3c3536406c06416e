"""
Who calls: a root user or an IAM user, in person or by a session; a role's session; a federated user.

And, for the two operations that take no signature, whom an identity provider vouches for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from keywright.aws.arn import assumed_role_arn, federated_user_arn, iam_arn, root_arn
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import Principal as PolicyPrincipal

ContextKeys = Mapping[str, tuple[str, ...]]
"""Values of context keys, by their names in lower case."""
Kind = Literal["Root", "IAMUser", "AssumedRole", "FederatedUser", "WebIdentityUser", "SAMLUser"]

NO_KEYS: Final[ContextKeys] = MappingProxyType({})
NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})


class SessionTag(NamedTuple):
    """A tag that was passed when a session was made."""

    key: str
    value: str
    transitive: bool = False
    """Whether it goes on to the sessions that this one makes."""


class Session(NamedTuple):
    """What temporary credentials carry beside their owner."""

    access_key_id: str
    issued_at: datetime
    expires_at: datetime
    mfa_authenticated: bool
    name: str | None = None
    """The role session's or the federated user's; None for a session of GetSessionToken."""
    source_identity: str | None = None
    tags: tuple[SessionTag, ...] = ()
    policy: str | None = None
    """A session policy that was passed by value."""
    policy_arns: tuple[str, ...] = ()
    """Managed policies that were passed as session policies."""
    keys: ContextKeys = NO_KEYS
    """What the identity provider said of the subject, for a session that came of one's word."""
    browser_session_id: str | None = None
    """
    The sign-in that it hangs on, for the console's credentials: they are good for as long as that is.

    Such a session has all of the user's own rights, and was issued when the person signed in.
    """


class Issuer(NamedTuple):
    """The role or the user whose permissions a session has."""

    kind: Literal["Role", "IAMUser", "Root"]
    """As CloudTrail's sessionIssuer names it."""
    arn: str
    principal_id: str
    name: str


class Vouched(NamedTuple):
    """Whom an identity provider vouches for, verified; `proof` is what its kind of provider says beside."""

    provider_arn: str
    subject: str
    principal_id: str
    """As CloudTrail's userIdentity has it."""
    identity_provider: str
    """The same."""
    keys: ContextKeys
    tags: tuple[SessionTag, ...]
    source_identity: str | None
    proof: Any


class Caller(NamedTuple):
    """The identity that makes a request, and the policies that follow it."""

    account_id: str
    kind: Kind
    """As CloudTrail's userIdentity names it."""
    arn: str
    principal_id: str
    """The user's unique id (AIDA…); the account id for root; `AROA…:session`, `account:name` for the others."""
    user_name: str | None
    """None for all but IAM users."""
    access_key_id: str | None
    """None where nothing was signed."""
    session: Session | None
    policies: PolicySet
    as_policy_principal: PolicyPrincipal
    tags: Mapping[str, str] = NO_TAGS
    """The entity's tags, and above them the session's: `aws:PrincipalTag`. No two keys differ in case alone."""
    issuer: Issuer | None = None
    """Whose permissions a role session or a federated user has."""
    vouched: Vouched | None = None

    @property
    def user_id(self) -> str | None:
        """Give the unique id by which what is the caller's is stored, None for root and for root alone."""
        return None if self.kind == "Root" else self.principal_id

    @property
    def session_name(self) -> str | None:
        """Give the name of the caller's session, None where it has none."""
        return None if self.session is None else self.session.name

    @property
    def entity_arn(self) -> str:
        """
        Name the caller as `aws:PrincipalArn` does: a role session by its role.

        AWS: "for IAM roles, the request context returns the ARN of the role" (User Guide, global context keys).
        """
        return self.arn if self.issuer is None or self.kind != "AssumedRole" else self.issuer.arn

    @property
    def transitive_tags(self) -> tuple[SessionTag, ...]:
        """Give the session tags that go on to what this caller assumes."""
        return () if self.session is None else tuple(tag for tag in self.session.tags if tag.transitive)


def root_caller(account_id: str, canonical_id: str, access_key_id: str) -> Caller:
    """Describe an account's root user as a caller."""
    arn = root_arn(account_id)
    principal = PolicyPrincipal("root", arn, account_id, canonical_user_id=canonical_id)
    return Caller(account_id, "Root", arn, account_id, None, access_key_id, None, PolicySet(), principal)


def user_caller(
    account_id: str,
    user_id: str,
    path: str,
    user_name: str,
    access_key_id: str,
    policies: PolicySet,
    tags: Mapping[str, str] = NO_TAGS,
) -> Caller:
    """Describe an IAM user as a caller."""
    arn = iam_arn(account_id, "user", path, user_name)
    principal = PolicyPrincipal("user", arn, account_id, unique_id=user_id)
    return Caller(account_id, "IAMUser", arn, user_id, user_name, access_key_id, None, policies, principal, tags)


def role_caller(
    account_id: str, role: Issuer, session: Session, policies: PolicySet, tags: Mapping[str, str]
) -> Caller:
    """Describe a role's session as a caller; `tags` are the role's own."""
    assert session.name is not None
    arn = assumed_role_arn(account_id, role.name, session.name)
    principal = PolicyPrincipal("role-session", arn, account_id, role.arn, role.principal_id)
    principal_id = f"{role.principal_id}:{session.name}"
    key, effective = session.access_key_id, _above(tags, session.tags)
    return Caller(
        account_id, "AssumedRole", arn, principal_id, None, key, session, policies, principal, effective, role
    )


def federated_caller(owner: Caller, session: Session, policies: PolicySet) -> Caller:
    """Describe a session of GetFederationToken as a caller; `owner` is the user who asked for it."""
    assert session.name is not None
    account_id = owner.account_id
    arn = federated_user_arn(account_id, session.name)
    issuer = Issuer(
        "Root" if owner.kind == "Root" else "IAMUser", owner.arn, owner.principal_id, owner.user_name or "root"
    )
    principal = PolicyPrincipal("federated", arn, account_id, owner.arn)
    principal_id = f"{account_id}:{session.name}"
    key, effective = session.access_key_id, _above(owner.tags, session.tags)
    return Caller(
        account_id, "FederatedUser", arn, principal_id, None, key, session, policies, principal, effective, issuer
    )


def vouched_caller(account_id: str, kind: Literal["WebIdentityUser", "SAMLUser"], vouched: Vouched) -> Caller:
    """Describe whom an identity provider of an account vouches for, who has no credentials yet."""
    principal = PolicyPrincipal("identity-provider", vouched.provider_arn, account_id)
    arn, principal_id = vouched.provider_arn, vouched.principal_id
    return Caller(account_id, kind, arn, principal_id, None, None, None, PolicySet(), principal, vouched=vouched)


def _above(tags: Mapping[str, str], session_tags: tuple[SessionTag, ...]) -> Mapping[str, str]:
    """Lay session tags over an entity's: a tag of the same key, in whatever case, gives way."""
    if not session_tags:
        return tags
    taken = {tag.key.casefold() for tag in session_tags}
    below = {key: value for key, value in tags.items() if key.casefold() not in taken}
    return below | {tag.key: tag.value for tag in session_tags}
