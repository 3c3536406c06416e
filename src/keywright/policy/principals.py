"""
Match the Principal and NotPrincipal elements.

How a statement names the caller decides what else it takes (User Guide, "Policy evaluation logic", resource-based
policies): a match is therefore a `Naming`, not a yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Final, TypeAlias

from keywright.policy.document import Effect, PrincipalElement
from keywright.policy.request import Principal


class Naming(IntEnum):
    """How a statement means the caller; the higher, the less else is needed."""

    NONE = 0
    ACCOUNT = 1
    """By its account: the account's own policies must allow as well."""
    ENTITY = 2
    """By the role or user behind a session: boundary and session policy still limit."""
    SELF = 3
    """
    By the very identity that calls, or as anyone: no implicit deny of another policy in the account limits.

    AWS: `*` does as much, "permissions boundaries or session policies do not limit permissions granted … with a
    wildcard in the Principal element" (User Guide, "Principal", IAM role principals).
    """


PrincipalTest: TypeAlias = Callable[[Principal], Naming]
Name: TypeAlias = tuple[str, str]

TRUST_ACTIONS: Final = frozenset(
    {
        *("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"),
        *("sts:setcontext", "sts:setsourceidentity", "sts:tagsession"),
    }
)
"""What a role's trust policy speaks of, in lower case: the actions whose resource is the role."""

_EVERYONE: Final[frozenset[Name]] = frozenset({("*", "*"), ("AWS", "*")})
_ACCOUNT: Final = re.compile(r"([0-9]{12})|arn:[^:]+:iam::([0-9]{12}):root")


def account_of(name: str) -> str | None:
    """Give the account that an AWS name means as a whole: `123456789012`, `arn:aws:iam::123456789012:root`."""
    found = _ACCOUNT.fullmatch(name)
    return None if found is None else found[1] or found[2]


def compile_principal(element: PrincipalElement) -> PrincipalTest:
    """Compile a Principal element."""
    names = frozenset(element.names)
    if names & _EVERYONE:
        return lambda _: Naming.SELF
    accounts = _accounts(names)

    def naming(principal: Principal) -> Naming:
        if any(name in names for name in _own_names(principal)):
            return Naming.SELF
        if any(name in names for name in _issuer_names(principal)):
            return Naming.ENTITY
        if _account_of_caller(principal) in accounts:
            return Naming.SELF if principal.type == "root" else Naming.ACCOUNT
        return Naming.ACCOUNT if ("CanonicalUser", principal.canonical_user_id) in names else Naming.NONE

    return naming


def compile_not_principal(element: PrincipalElement, effect: Effect) -> PrincipalTest:
    """
    Compile a NotPrincipal element.

    AWS: with Deny "you must also specify the account ARN of the not-denied principal", and for a session its role: a
    caller is spared when every name of it is listed. With Allow one listed name is enough to be left out.
    """
    names = frozenset(element.names)
    if names & _EVERYONE:
        return lambda _: Naming.NONE
    listed = compile_principal(element)
    accounts = _accounts(names)

    def denied(principal: Principal) -> Naming:
        account = _account_of_caller(principal)
        spared = (
            (principal.type == "root" or any(name in names for name in _own_names(principal)))
            and (principal.issuer_arn is None or any(name in names for name in _issuer_names(principal)))
            and (not account or account in accounts)
        )
        return Naming.NONE if spared else Naming.SELF

    def allowed(principal: Principal) -> Naming:
        return Naming.SELF if listed(principal) is Naming.NONE else Naming.NONE

    return denied if effect == "Deny" else allowed


def _accounts(names: frozenset[Name]) -> frozenset[str]:
    """Give the accounts that are named as a whole."""
    return frozenset(account for kind, name in names if kind == "AWS" and (account := account_of(name)) is not None)


def _account_of_caller(principal: Principal) -> str:
    """Give the account whose naming means the caller: none for a service or an identity provider."""
    return "" if principal.type in ("service", "identity-provider") else principal.account_id


def _own_names(principal: Principal) -> Iterator[Name]:
    """Give what a policy may call this very principal."""
    if principal.type == "service":
        yield ("Service", principal.arn)
    elif principal.type == "identity-provider":
        yield ("Federated", principal.arn)
    elif principal.type != "anonymous":
        yield ("AWS", principal.arn)
        if principal.unique_id is not None and principal.issuer_arn is None:
            yield ("AWS", principal.unique_id)


def _issuer_names(principal: Principal) -> Iterator[Name]:
    """Give what a policy may call the role or user behind a session; a role's unique id stands for its ARN."""
    if principal.issuer_arn is not None:
        yield ("AWS", principal.issuer_arn)
        if principal.unique_id is not None:
            yield ("AWS", principal.unique_id)
