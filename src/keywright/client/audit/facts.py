"""What an audit looks at: the account, its users and their keys, and what of it could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from keywright.client.audit.breadth import Grant
from keywright.client.description import read_description
from keywright.client.identity import Caller

QUARANTINE = "AWSCompromisedKeyQuarantine"
"""AWS attaches a managed policy so named, with V2 or V3, to the user of a key that it found in public (facts §10)."""


@dataclass(frozen=True, slots=True)
class AuditedKey:
    """A user's key."""

    access_key_id: str | None
    """None, where only the credential report knows of it."""
    is_active: bool
    created_at: datetime | None
    use_is_known: bool
    last_used_at: datetime | None = None
    """None, where the use is known: never, as far as IAM knows."""
    last_used_service: str | None = None
    last_used_region: str | None = None

    @property
    def name(self) -> str:
        """Name the key for a person."""
        made = f"{self.created_at:%Y-%m-%d}" if self.created_at else "nobody knows when"
        return self.access_key_id or f"the key made {made}"


@dataclass(frozen=True, slots=True)
class AuditedUser:
    """A user; what is None could not be read."""

    name: str
    arn: str
    created_at: datetime | None
    has_password: bool | None
    password_last_used_at: datetime | None
    """None, where there is a password: never, as far as anybody knows."""
    password_made_at: datetime | None
    has_mfa: bool | None
    keys: tuple[AuditedKey, ...] | None
    tags: Mapping[str, str] | None
    policies: frozenset[str] | None
    """The names of the managed policies attached to the user itself."""
    grants: tuple[Grant, ...] | None
    """The over-broad policies, the user's own and its groups'."""

    def description(self, access_key_id: str | None) -> str | None:
        """Give what the tag named by a key says of it; AWS compares tag names without case."""
        tags = self.tags or {}
        return next((value for name, value in tags.items() if name.upper() == access_key_id), None)

    def fact(self, access_key_id: str | None, name: str) -> str | None:
        """Give one thing that is written of a key: in its description, else in a tag of its user."""
        described = read_description(self.description(access_key_id) or "")
        for written in (described, self.tags or {}):
            for one, value in written.items():
                if one.strip().lower() == name and value.strip():
                    return value.strip()
        return None


@dataclass(frozen=True, slots=True)
class AuditedRoot:
    """The root user; what is None could not be read."""

    has_keys: bool | None
    has_password: bool | None
    has_mfa: bool | None
    keys: tuple[AuditedKey, ...] = ()
    """Only the root user itself can list them; others learn when the keys were made, from the report."""
    password_last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyInPlainText:
    """A key that lies on this machine, secret and all."""

    access_key_id: str
    account_id: str | None
    path: Path
    line: int
    profile: str | None
    """None: it is in a downloaded file."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An action that was refused, so that some facts are missing."""

    action: str
    why: str
    users: int
    """For how many users; 0: it is about the account."""
    made_up_for: bool
    """The credential report, which may be four hours old, answered it instead."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was found."""

    caller: Caller
    signing_key_id: str
    alias: str | None
    audited_at: datetime
    report_made_at: datetime | None
    """None: there is no report."""
    root: AuditedRoot | None
    """None: only some users were asked for."""
    users: tuple[AuditedUser, ...]
    plain_text: tuple[KeyInPlainText, ...]
    gaps: tuple[Gap, ...] = field(default=())

    def each_key(self) -> Iterator[tuple[AuditedUser, AuditedKey]]:
        """Give each key with its user."""
        for user in self.users:
            for key in user.keys or ():
                yield user, key
