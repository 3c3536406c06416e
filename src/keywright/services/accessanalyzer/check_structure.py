"""Whether the elements are there, are known, and have the form that the grammar gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from keywright.policy.json_reader import Number
from keywright.policy.validate import policy_size
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, Statement

_POLICY_ELEMENTS: Final = frozenset({"Version", "Id", "Statement"})
_STATEMENT_ELEMENTS: Final = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)
_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_TEXTS: Final = ("Sid", "Effect")
_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_SID: Final = re.compile(r"[A-Za-z0-9]*")
_QUOTAS: Final = {
    "IDENTITY_POLICY": ("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", 6144),
    "RESOURCE_POLICY": ("POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", 20_480),
    "SERVICE_CONTROL_POLICY": ("POLICY_SIZE_EXCEEDS_SCP_QUOTA", 5120),
    "RESOURCE_CONTROL_POLICY": ("POLICY_SIZE_EXCEEDS_RCP_QUOTA", 5120),
}
_TRUST_QUOTA: Final = ("POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", 2048)
_POLICY_TYPES: Final = {"IDENTITY_POLICY": "Identity policy"}


def check_structure(policy: Policy) -> Iterator[Finding]:
    """Check the policy's own elements, then each statement's."""
    yield from _check_policy(policy)
    for statement in policy.statements:
        if not isinstance(statement.place.node.value, dict):
            yield found("DATA_TYPE_MISMATCH", statement.place, data_type="Object")
            continue
        yield from _check_types(statement)
        yield from _check_effect(statement)
        yield from _check_elements(statement)
        yield from _check_presence(policy, statement)
        yield from _check_empty(statement)
        yield from _check_sid(policy, statement)
    yield from _check_unique_sids(policy)


def _check_policy(policy: Policy) -> Iterator[Finding]:
    members = policy.root.members()
    if not isinstance(policy.root.node.value, dict):
        yield found("DATA_TYPE_MISMATCH", policy.root, data_type="Object")
        return
    for name, place in members.items():
        if name not in _POLICY_ELEMENTS:
            yield found("INVALID_POLICY_ELEMENT", place, element=name)
    if not policy.statements:
        yield found("MISSING_STATEMENT", policy.root)
    version = members.get("Version")
    if version is None:
        yield found("MISSING_VERSION", policy.root)
    elif version.text is None:
        yield found("DATA_TYPE_MISMATCH", version, data_type="String")
    elif version.text not in _VERSIONS:
        yield found("INVALID_VERSION", version, version=version.text, versions=", ".join(_VERSIONS))
    code, quota = _TRUST_QUOTA if policy.is_trust else _QUOTAS[policy.type]
    size = policy_size(policy.text)
    if size > quota:
        yield found(code, policy.root, size=str(size), quota=str(quota))


def _check_types(statement: Statement) -> Iterator[Finding]:
    for name, place in statement.elements.items():
        value = place.node.value
        if name in _TEXTS and place.text is None:
            yield found("DATA_TYPE_MISMATCH", place, data_type="String")
        elif name in _LISTS:
            for item in place.items():
                if item.text is None:
                    yield found("DATA_TYPE_MISMATCH", item, data_type="String")
        elif name == "Condition" and not isinstance(value, dict):
            yield found("DATA_TYPE_MISMATCH", place, data_type="Object")
    for line in statement.lines:
        for item in line.values:
            if not isinstance(item.node.value, (str, bool, Number)):
                yield found("DATA_TYPE_MISMATCH", item, data_type="String")


def _check_effect(statement: Statement) -> Iterator[Finding]:
    place = statement.elements.get("Effect")
    if place is None:
        yield found("MISSING_EFFECT", statement.place)
    elif place.text is not None and place.text not in ("Allow", "Deny"):
        yield found("INVALID_EFFECT", place, effect=place.text)


def _check_elements(statement: Statement) -> Iterator[Finding]:
    for name, place in statement.elements.items():
        if name not in _STATEMENT_ELEMENTS:
            yield found("INVALID_POLICY_ELEMENT", place, element=name)
    for name in ("Action", "Resource", "Principal"):
        both = [statement.elements[one] for one in (name, f"Not{name}") if one in statement.elements]
        if len(both) == 2:
            yield found("UNSUPPORTED_ELEMENT_COMBINATION", *both, element1=name, element2=f"Not{name}")


def _check_presence(policy: Policy, statement: Statement) -> Iterator[Finding]:
    if not _either(statement, "Action"):
        yield found("MISSING_ACTION", statement.place)
    resources, principals = _either(statement, "Resource"), _either(statement, "Principal")
    if policy.is_trust:
        for place in resources:
            yield found("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", place)
    elif not resources:
        yield found("MISSING_RESOURCE", statement.place)
    if policy.type == "RESOURCE_POLICY" and not principals:
        yield found("MISSING_PRINCIPAL", statement.place)
    for place in principals:
        if policy.type == "SERVICE_CONTROL_POLICY":
            yield found("SCP_SYNTAX_ERROR_PRINCIPAL", place)
        elif policy.type in _POLICY_TYPES:
            yield found("UNSUPPORTED_PRINCIPAL", place, policy_type=_POLICY_TYPES[policy.type])


def _either(statement: Statement, name: str) -> list[Place]:
    return [statement.elements[one] for one in (name, f"Not{name}") if one in statement.elements]


def _check_empty(statement: Statement) -> Iterator[Finding]:
    for name in ("Action", "Resource"):
        for place in _either(statement, name):
            if place.node.value == []:
                yield found(f"EMPTY_ARRAY_{name.upper()}", place)
    for place in _either(statement, "Principal"):
        if place.node.value == {}:
            yield found("EMPTY_OBJECT_PRINCIPAL", place)
        for names in place.members().values():
            if names.node.value == []:
                yield found("EMPTY_ARRAY_PRINCIPAL", names)
    condition = statement.elements.get("Condition")
    if condition is not None and (
        condition.node.value == {} or any(not keys.members() for keys in condition.members().values())
    ):
        yield found("EMPTY_OBJECT_CONDITION", condition)
    for line in statement.lines:
        if line.place.node.value == []:
            yield found(_empty_values(line.operator), line.place, key=line.key)


def _empty_values(operator: str) -> str:
    for qualifier in ("ForAllValues", "ForAnyValue"):
        if operator.startswith(f"{qualifier}:"):
            return f"EMPTY_ARRAY_CONDITION_{qualifier.upper()}"
    return "EMPTY_ARRAY_CONDITION_IFEXISTS" if operator.endswith("IfExists") else "EMPTY_ARRAY_CONDITION"


def _check_sid(policy: Policy, statement: Statement) -> Iterator[Finding]:
    place = statement.elements.get("Sid")
    if place is None or place.text is None:
        return
    if not place.text:
        yield found("EMPTY_SID_VALUE", place)
    elif policy.type != "RESOURCE_POLICY" and not _SID.fullmatch(place.text):
        yield found("UNSUPPORTED_SID", place)


def _check_unique_sids(policy: Policy) -> Iterator[Finding]:
    places: dict[str, list[Place]] = {}
    for statement in policy.statements:
        place = statement.elements.get("Sid")
        if place is not None and place.text:
            places.setdefault(place.text, []).append(place)
    code = "UNIQUE_SIDS_RECOMMENDED" if policy.type == "RESOURCE_POLICY" else "UNIQUE_SIDS_REQUIRED"
    for same in places.values():
        if len(same) > 1:
            yield found(code, *same)


def canonical(statement: Statement) -> str:
    """Write a statement without its Sid, so that two of one meaning are written alike."""
    meaning = {name: _plain(place) for name, place in statement.elements.items() if name != "Sid"}
    return json.dumps(meaning, sort_keys=True)


def _plain(place: Place) -> object:
    """Give a value whose lists have an order of their own, and an item for itself."""
    members = place.members()
    if members:
        return {name: _plain(member) for name, member in members.items()}
    return sorted(json.dumps(item.spelling) for item in place.items())
