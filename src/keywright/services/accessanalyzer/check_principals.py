"""Whether principals are named as they must be, and whom a statement lets in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, Statement

_KEYS: Final = frozenset({"AWS", "CanonicalUser", "Federated", "Service"})
_ROLE_ID: Final = re.compile(r"AROA[A-Z0-9]{12,}")
_USER_ID: Final = re.compile(r"AIDA[A-Z0-9]{12,}")
_SAML: Final = re.compile(r"arn:[^:]+:iam::\d{12}:saml-provider/.+")
_OIDC: Final = re.compile(r"arn:[^:]+:iam::\d{12}:oidc-provider/(.+)")
_DOMAIN: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/.*)?")
_SESSION: Final = re.compile(r"arn:([^:]+):(?:sts|iam)::(\d{12}):assumed-role/([^/]+)/.+")
_ACTIONS: Final = {
    "sts:assumerolewithsaml": "sts:AssumeRoleWithSAML",
    "sts:assumerolewithwebidentity": "sts:AssumeRoleWithWebIdentity",
}
_SOURCE_KEYS: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
_ROLES_ANYWHERE: Final = "rolesanywhere.amazonaws.com"
_GITHUB: Final = "token.actions.githubusercontent.com"


def check_principals(policy: Policy) -> Iterator[Finding]:
    """Check the Principal and NotPrincipal elements of the policies that have them."""
    if policy.type != "RESOURCE_POLICY":
        return
    for statement in policy.statements:
        for name in ("Principal", "NotPrincipal"):
            place = statement.elements.get(name)
            if place is not None:
                yield from _check_form(place)
        if statement.effect == "Allow" and "NotPrincipal" in statement.elements and not policy.is_trust:
            yield found("ALLOW_WITH_NOT_PRINCIPAL", statement.elements["NotPrincipal"])
        for kind, place in statement.principals:
            yield from _check_name(policy, kind, place)
        if policy.is_trust:
            yield from _check_trust(statement)
        else:
            yield from _check_services(statement)


def _check_form(place: Place) -> Iterator[Finding]:
    if place.node.value != "*" and not isinstance(place.node.value, dict):
        yield found("INVALID_PRINCIPAL_FORMAT", place)
    for key, names in place.members().items():
        if key not in _KEYS:
            yield found("INVALID_PRINCIPAL_KEY", names, principal_key=key)


def _check_name(policy: Policy, kind: str, place: Place) -> Iterator[Finding]:
    name = place.text or ""
    if kind in ("*", "AWS") and name == "*":
        if policy.is_trust and kind == "*":
            yield found("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", place)
    elif kind in _KEYS and ("*" in name or "?" in name):
        yield found("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", place, principal_key=kind)
    elif kind == "AWS" and _ROLE_ID.fullmatch(name):
        yield found("INVALID_ROLE_REFERENCE", place, id=name)
    elif kind == "AWS" and _USER_ID.fullmatch(name):
        yield found("INVALID_USER_REFERENCE", place, id=name)
    elif kind == "Federated" and not policy.is_trust:
        yield found("FEDERATED_PRINCIPAL_NOT_SUPPORTED", place)


def _check_services(statement: Statement) -> Iterator[Finding]:
    """Check what lets a service in: somebody else may make it ask."""
    services = [place for kind, place in statement.principals if kind == "Service"]
    if statement.effect != "Allow" or not services or statement.has_key(*_SOURCE_KEYS):
        return
    instead = next((line for line in statement.lines if line.folded_key in ("aws:referer", "aws:userid")), None)
    for place in services:
        if instead is None:
            yield found("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", place)
        else:
            prefix = (place.text or "").partition(".")[0]
            yield found(
                "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", instead.place, service=prefix, key=instead.key
            )


def _check_trust(statement: Statement) -> Iterator[Finding]:
    if "NotPrincipal" in statement.elements:
        yield found("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", statement.elements["NotPrincipal"])
    yield from _check_federation(statement)
    yield from _check_sessions(statement)
    actions = {text.lower() for text in statement.texts("Action")}
    needed = {"sts:assumerole", "sts:setsourceidentity", "sts:tagsession"}
    for kind, place in statement.principals:
        if (
            kind == "Service"
            and place.text == _ROLES_ANYWHERE
            and not needed <= actions
            and not actions & {"sts:*", "*"}
        ):
            yield found("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", place)


def _check_federation(statement: Statement) -> Iterator[Finding]:
    wanted = {"sts:assumerolewithsaml": _is_saml, "sts:assumerolewithwebidentity": _is_oidc}
    for action in statement.listed("Action"):
        fits = wanted.get((action.text or "").lower())
        if fits is None:
            continue
        others = [str(place.text) for kind, place in statement.principals if kind != "Federated" or not fits(place)]
        if others:
            name = _ACTIONS[(action.text or "").lower()]
            yield found("MISMATCHED_ACTION_FOR_PRINCIPAL", action, action=name, principals=", ".join(others))
    for kind, place in statement.principals:
        if kind != "Federated":
            continue
        if not _is_saml(place) and not _is_oidc(place):
            yield found("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", place)
        elif _is_oidc(place) and statement.effect == "Allow":
            yield from _check_oidc(statement, place)


def _check_oidc(statement: Statement, place: Place) -> Iterator[Finding]:
    match = _OIDC.fullmatch(place.text or "")
    address = (match[1] if match is not None else place.text or "").lower()
    if address == _GITHUB:
        subjects = [line for line in statement.lines if line.folded_key == f"{_GITHUB}:sub"]
        if not subjects:
            yield found("MISSING_GITHUB_REPO_CONDITION_KEY", place)
        for line in subjects:
            wide = any("*" in text for text in line.texts())
            if wide and not statement.has_key(f"{_GITHUB}:ref"):
                yield found("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", line.place)
    elif not any(line.folded_key.startswith(f"{address}:") for line in statement.lines):
        yield found("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", place)


def _check_sessions(statement: Statement) -> Iterator[Finding]:
    names = {place.text for _, place in statement.principals}
    for _, place in statement.principals:
        match = _SESSION.fullmatch(place.text or "")
        if match is not None:
            parent = f"arn:{match[1]}:iam::{match[2]}:role/{match[3]}"
            if parent in names:
                yield found("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", place, redundant=str(place.text), parent=parent)


def _is_saml(place: Place) -> bool:
    return _SAML.fullmatch(place.text or "") is not None


def _is_oidc(place: Place) -> bool:
    text = place.text or ""
    return _OIDC.fullmatch(text) is not None or _DOMAIN.fullmatch(text) is not None
