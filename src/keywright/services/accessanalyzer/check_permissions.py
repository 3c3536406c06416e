"""Permissions that reach further than they look: to pass roles, and to make service-linked ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from keywright.aws.service_reference import services
from keywright.policy.match import compile_glob
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, Statement


class _Sensitive(NamedTuple):
    """An action that wants its resources listed, and what narrows it else."""

    action: str
    code: str
    narrowing_key: str


_SENSITIVE: Final = (
    _Sensitive("iam:passrole", "PASS_ROLE", "iam:passedtoservice"),
    _Sensitive("iam:createservicelinkedrole", "CREATE_SLR", "iam:awsservicename"),
)
_SHORTEST_NAMESPACE: Final = 3


def check_permissions(policy: Policy) -> Iterator[Finding]:
    """Check the statements of an identity's policy that allow the like on what is not listed."""
    if policy.type != "IDENTITY_POLICY":
        return
    for statement in policy.statements:
        for sensitive in _SENSITIVE:
            if statement.effect == "Allow" and not statement.has_key(sensitive.narrowing_key):
                yield from _check(statement, sensitive)


def _check(statement: Statement, sensitive: _Sensitive) -> Iterator[Finding]:
    how, actions = _covers(statement, sensitive.action)
    if how is None:
        return
    not_resource = statement.elements.get("NotResource")
    if not_resource is not None:
        where = {"name": "WITH_NOT_RESOURCE", "star": "WITH_STAR_IN_ACTION_AND_NOT_RESOURCE"}
        code = where.get(how, "WITH_NOT_ACTION_AND_NOT_RESOURCE")
        yield found(f"{sensitive.code}_{code}", *actions, not_resource)
        return
    wide = [place for place in statement.listed("Resource") if _is_wide(place.text or "")]
    if wide:
        where = {"name": "WITH_STAR_IN_RESOURCE", "star": "WITH_STAR_IN_ACTION_AND_RESOURCE"}
        code = where.get(how, "WITH_STAR_IN_RESOURCE_AND_NOT_ACTION")
        yield found(f"{sensitive.code}_{code}", *actions, *wide)


def _covers(statement: Statement, action: str) -> tuple[str | None, list[Place]]:
    """Tell how a statement covers an action: by its name, by a wildcard, by NotAction; None where it does not."""
    if "NotAction" in statement.elements:
        listed = any(compile_glob(text.lower())(action) for text in statement.texts("NotAction"))
        return (None, []) if listed else ("not", [statement.elements["NotAction"]])
    named = [place for place in statement.listed("Action") if (place.text or "").lower() == action]
    if named:
        return "name", named
    covering = [place for place in statement.listed("Action") if compile_glob((place.text or "").lower())(action)]
    return ("star", covering) if covering else (None, [])


def _is_wide(resource: str) -> bool:
    """
    Tell whether a resource may be any role.

    AWS: roles are often named by their service, and a pattern that begins so is no finding ("This policy check takes
    these conventions into account").
    """
    if resource == "*":
        return True
    path = resource.split(":", 5)[-1]
    if "*" not in path:
        return False
    start = path.partition("*")[0].removeprefix("role/").lower()
    return not any(prefix in start for prefix in (*services(), "service") if len(prefix) >= _SHORTEST_NAMESPACE)
