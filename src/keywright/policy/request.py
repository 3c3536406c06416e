"""
What is asked: who wants to do what to which resource, and the facts that conditions may look at.

Named tuples rather than frozen dataclasses: as immutable, and a third of their cost on the hottest path.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Literal, NamedTuple, Protocol

PrincipalType = Literal["root", "user", "role-session", "federated", "identity-provider", "service", "anonymous"]
"""
`federated` is a GetFederationToken session; `identity-provider` is the token's issuer that calls
AssumeRoleWithWebIdentity or AssumeRoleWithSAML.
"""


class Context(Protocol):
    """
    The request's context keys, looked up when a policy asks.

    A plain dict with lower-case keys is one. `get` gives None for a key that the request does not have, and the same
    answer each time it is asked within one request.
    """

    def get(self, key: str, /) -> tuple[str, ...] | None:
        """Give the values of a key, its name in lower case."""


NO_CONTEXT: Final[Context] = MappingProxyType[str, tuple[str, ...]]({})


class Principal(NamedTuple):
    """The caller, with every name by which a policy's Principal may mean it."""

    type: PrincipalType
    arn: str
    """A session's own ARN for a session; a service's name; an identity provider's ARN or name; empty for anonymous."""
    account_id: str
    """Twelve digits; empty for a service, an identity provider of no account, anonymous."""
    issuer_arn: str | None = None
    """The role of a role session, the user of a federated session."""
    unique_id: str | None = None
    """The AIDA… or AROA… id, which AWS puts in place of the ARN of a principal that no longer exists."""
    canonical_user_id: str | None = None
    """S3's 64 hexadecimal digits of the account."""


class AuthorizationRequest(NamedTuple):
    """One question to the engine."""

    action: str
    """`iam:CreateUser`; upper and lower case are the same to the engine."""
    resource: str
    """An ARN, or `*` where the action takes no resource."""
    principal: Principal
    resource_account: str
    """Twelve digits; the caller's own where the resource belongs to nobody else."""
    context: Context = NO_CONTEXT
