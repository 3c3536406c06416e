"""
Whether the resources of a statement are of types that its actions take.

DIVERGES: Policy validation. AWS documents no such check. Its service authorization reference says which types of
resource each action takes; an action none of which the statement names is neither allowed nor denied by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from keywright.aws import service_reference
from keywright.aws.service_reference import Action, ServiceReference
from keywright.policy.match import compile_glob
from keywright.services.accessanalyzer.findings import MAX_LOCATED, Finding, found
from keywright.services.accessanalyzer.policy_tree import Place, Policy, Statement

_TOKEN: Final = re.compile(r"\$\{([^}]*)\}|<[^>]*>|(\*)|(\?)|(.)", re.DOTALL)
_WITHOUT_SLASH: Final = frozenset({"BucketName"})
"""Placeholders for names that have no slash; whatever may stand for a path is taken for one."""
_FIELDS: Final = 6
_ANY: Final = "*"
_ANY_BUT_SLASH: Final = "**"
_ONE: Final = "?"

Tokens = tuple[str, ...]


def check_action_resources(policy: Policy) -> Iterator[Finding]:
    """Check each statement that lists both actions and resources."""
    if policy.is_trust:
        return
    for statement in policy.statements:
        resources = [_resource(text) for text in statement.texts("Resource")]
        if not resources or any(resource is None for resource in resources):
            continue
        unmatched = _unmatched(statement, [resource for resource in resources if resource is not None])
        typed = [(place, taken) for place, taken in unmatched if taken]
        if typed:
            actions = ", ".join(f"{place.text} ({taken})" for place, taken in typed)
            places = [place for place, _ in typed[:MAX_LOCATED]]
            yield found("KEYWRIGHT_UNSUPPORTED_RESOURCE_FOR_ACTION", *places, actions=actions)
        untyped = [place for place, taken in unmatched if not taken]
        if untyped:
            actions = ", ".join(str(place.text) for place in untyped)
            yield found("KEYWRIGHT_ACTION_WITHOUT_RESOURCE_TYPES", *untyped[:MAX_LOCATED], actions=actions)


def _unmatched(statement: Statement, resources: list[Resource]) -> list[tuple[Place, str]]:
    """Find the actions none of whose types a resource may be of, each with the types that it takes."""
    unmatched = []
    # By service, so that each service's reference is read once however the actions are mixed.
    for place in sorted(statement.listed("Action"), key=lambda place: (place.text or "").lower()):
        prefix, _, name = (place.text or "").lower().partition(":")
        reference = service_reference.service(prefix)
        if reference is None or name == "*" or not all(_is_known(reference, resource) for resource in resources):
            continue
        actions = [action for folded, action in reference.actions.items() if _covers(name, folded)]
        if actions and not any(_may_take_one(reference, action, resources) for action in actions):
            types = sorted({one.name for action in actions for one in action.resources})
            unmatched.append((place, ", ".join(types)))
    return sorted(unmatched, key=lambda one: one[0].node.start)


def _covers(pattern: str, name: str) -> bool:
    return pattern == name or (("*" in pattern or "?" in pattern) and compile_glob(pattern)(name))


def _is_known(reference: ServiceReference, resource: Resource) -> bool:
    """Tell whether a resource is of a type that the action's service has; of any other, nothing is said."""
    return any(resource.fits(form) for one in reference.resource_types.values() for form in _forms(one.arn))


def _may_take_one(reference: ServiceReference, action: Action, resources: list[Resource]) -> bool:
    """Tell whether an action takes one of the resources, or the reference may be incomplete about it."""
    if "Tagging" in action.access_levels or "tags" in action.name.lower():
        # AWS: the types of operations on tags are not all listed (backup:TagResource on recovery points).
        return True
    if not action.resources:
        # AWS: a refusal of iam:ListRoles names `role/`, though the reference lists no type for it.
        return reference.prefix == "iam" and action.name.startswith("List")
    types = [reference.resource_types.get(one.name.lower()) for one in action.resources]
    forms = [form for one in types if one is not None for form in _forms(one.arn)]
    if None in types or any(form.service != reference.prefix for form in forms):
        return True
    return any(resource.fits(form) for form in forms for resource in resources)


class Resource(NamedTuple):
    """Resources, as an ARN with wildcards names them."""

    service: str
    path: Tokens

    def fits(self, form: Resource) -> bool:
        """Tell whether one of these may be of a form."""
        return self.service == form.service and _overlap(form.path, self.path)


def _resource(text: str) -> Resource | None:
    """Read a resource; None for what may be anything, and for what is no ARN."""
    fields = text.split(":", 5) if "${" not in ":".join(text.split(":", 5)[:5]) else []
    if len(fields) != _FIELDS or fields[0] != "arn" or set(fields[2]) & {"*", "?"} or not fields[5].strip("*?"):
        return None
    return Resource(fields[2], _tokens(fields[5], variables=True))


@lru_cache(maxsize=4096)
def _forms(arns: str) -> tuple[Resource, ...]:
    """Read a type's form; of some types the reference lists several."""
    split = [arn.split(":", 5) for arn in arns.split(", ")]
    return tuple(Resource(fields[2], _tokens(fields[5], variables=False)) for fields in split if len(fields) == _FIELDS)


def _tokens(text: str, *, variables: bool) -> Tokens:
    """Split into characters, folded, and what stands for more; of a policy's variables nothing is known."""
    tokens = []
    for match in _TOKEN.finditer(text):
        name, star, one, character = match.groups()
        if character is not None:
            tokens.append(character.lower())
        elif one is not None:
            tokens.append(_ONE)
        elif star is None and not variables and name in _WITHOUT_SLASH:
            tokens.append(_ANY_BUT_SLASH)
        else:
            tokens.append(_ANY)
    return tuple(tokens)


@lru_cache(maxsize=8192)
def _overlap(one: Tokens, other: Tokens) -> bool:
    """Tell whether there is a text that both stand for, in time of the product of their lengths."""
    reachable = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        at = waiting.pop()
        if at == (len(one), len(other)):
            return True
        for step in _steps(one, other, *at):
            if step not in reachable:
                reachable.add(step)
                waiting.append(step)
    return False


def _steps(one: Tokens, other: Tokens, i: int, j: int) -> Iterator[tuple[int, int]]:
    """Go on by a character that both may have there, or by none where one may stand for nothing."""
    first = one[i] if i < len(one) else None
    second = other[j] if j < len(other) else None
    if first in {_ANY, _ANY_BUT_SLASH}:
        yield i + 1, j
    if second in {_ANY, _ANY_BUT_SLASH}:
        yield i, j + 1
    if first is None or second is None or not _may_share(first, second):
        return
    yield i + (first not in {_ANY, _ANY_BUT_SLASH}), j + (second not in {_ANY, _ANY_BUT_SLASH})


def _may_share(first: str, second: str) -> bool:
    """Tell whether there is a character that both tokens may begin with."""
    if first in {_ANY, _ONE} or second in {_ANY, _ONE}:
        return True
    if _ANY_BUT_SLASH in {first, second}:
        return "/" not in {first, second}
    return first == second
