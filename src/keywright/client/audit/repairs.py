"""
Plan what can be mended without a loss: keys are made inactive, never deleted; a tag's text is kept.

The key that signs is never made inactive, nor one that may be behind the temporary credentials that sign.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from keywright.client.audit.facts import AuditedKey, AuditedUser, Facts
from keywright.client.audit.findings import Audit

_DEACTIVATE_FOR: Final = ("key-expired", "key-unused", "key-never-used")


class Kind(StrEnum):
    """What a step does."""

    DEACTIVATE = "deactivate"
    UNTAG = "untag"


class State(StrEnum):
    """How far a step is."""

    PLANNED = "planned"
    BEGUN = "begun"
    DONE = "done"
    LEFT = "left"
    FAILED = "failed"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Step:
    """One change, and what takes it back."""

    kind: Kind
    user_name: str
    access_key_id: str
    why: str
    last_used_at: datetime | None = None
    """Of a key: as the audit saw it."""
    tag_name: str | None = None
    tag_value: str | None = None
    state: State = State.PLANNED
    note: str = ""


def plan(audit: Audit, environment: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    """Give the steps that mend an audit's findings; those that must not be taken are in it too, as left."""
    environment = os.environ if environment is None else environment
    return (*_deactivations(audit, environment), *_untaggings(audit))


def _deactivations(audit: Audit, environment: Mapping[str, str]) -> Iterator[Step]:
    keys = {key.access_key_id: (user, key) for user, key in audit.facts.each_key() if key.access_key_id}
    whys: dict[str, list[str]] = {}
    for check, finding in audit.findings():
        if check.name in _DEACTIVATE_FOR and finding.access_key_id in keys:
            whys.setdefault(finding.access_key_id, []).append(finding.what)
    for key_id, reasons in whys.items():
        user, key = keys[key_id]
        spared = _spared(audit.facts, user, key, environment)
        state = State.LEFT if spared else State.PLANNED
        why = "; ".join(reasons)
        yield Step(Kind.DEACTIVATE, user.name, key_id, why, key.last_used_at, state=state, note=spared)


def _spared(facts: Facts, user: AuditedUser, key: AuditedKey, environment: Mapping[str, str]) -> str:
    """Say why a key must stay active; empty: it need not."""
    if key.access_key_id == facts.signing_key_id:
        return "it signs this very call"
    if facts.signing_key_id.startswith("AKIA"):
        return ""
    here = {one.access_key_id for one in facts.plain_text} | {environment.get("AWS_ACCESS_KEY_ID")}
    if user.name == facts.caller.user_name or key.access_key_id in here:
        return "the temporary credentials that sign this call may come from it"
    return ""


def _untaggings(audit: Audit) -> Iterator[Step]:
    users = {user.name: user for user in audit.facts.users}
    for check, finding in audit.findings():
        name = finding.access_key_id
        if check.name == "orphan-tag" and finding.user_name and name:
            tags = users[finding.user_name].tags or {}
            yield Step(Kind.UNTAG, finding.user_name, name, finding.what, tag_name=name, tag_value=tags[name])


def mended(facts: Facts, steps: Iterable[Step]) -> Facts:
    """Give the facts as they are once steps have been taken."""
    by_user: dict[str, list[Step]] = {}
    for step in steps:
        by_user.setdefault(step.user_name, []).append(step)
    users = (_mended_user(user, by_user.get(user.name, [])) for user in facts.users)
    return replace(facts, users=tuple(users))


def _mended_user(user: AuditedUser, steps: list[Step]) -> AuditedUser:
    inactive = {step.access_key_id for step in steps if step.kind is Kind.DEACTIVATE}
    untagged = {step.tag_name for step in steps if step.kind is Kind.UNTAG}
    keys, tags = user.keys or (), user.tags or {}
    return replace(
        user,
        keys=user.keys
        and tuple(replace(key, is_active=False) if key.access_key_id in inactive else key for key in keys),
        tags=user.tags and {name: value for name, value in tags.items() if name not in untagged},
    )
