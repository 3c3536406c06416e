"""Record it: the last door, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.clock import iso8601
from keywright.aws.errors import AwsError
from keywright.aws.identifiers import new_uuid
from keywright.identity.directory import Credential
from keywright.identity.principals import Caller, Session, Vouched
from keywright.server.stages import Authenticated
from keywright.store.tables import to_milliseconds
from keywright.store.transaction import Additions, EventRow, KeyUseRow, ResourceRow, ServiceUseRow
from keywright.trail.event import OpenEvent, Outcome, Who, close_event

_USE_MILLISECONDS: Final = 15 * 60 * 1000
"""AWS: only the first use in 15 minutes is recorded (User Guide, "Get credential reports")."""
_MAX_DESCRIBED: Final = 10_000
_SHARED_ACTION: Final = "sts:AssumeRole"
"""What is told to the account that owns the resource as well as to the caller's (User Guide, "Log with CloudTrail")."""
_MAX_USED: Final = 100_000


class Closed(NamedTuple):
    """What a call adds to the store beside its change."""

    event: EventRow
    resources: list[ResourceRow]
    key_use: KeyUseRow | None
    service_use: ServiceUseRow | None
    shared: EventRow | None
    """The same call's event in another account, whose role it assumed."""

    def add_to(self, additions: Additions) -> None:
        """Put all of it beside a change; what it was about, too."""
        additions.events.append(self.event)
        if self.shared is not None:
            additions.events.append(self.shared)
        additions.resources.extend(self.resources)
        if self.key_use is not None:
            additions.key_uses.append(self.key_use)
        if self.service_use is not None:
            additions.service_uses.append(self.service_use)


class Recorder:
    """Closes events."""

    def __init__(self) -> None:
        self._described: dict[int, tuple[Caller, Who]] = {}
        self._used: dict[tuple[str, str], int] = {}
        self._roles_used: dict[str, int] = {}

    def close(
        self,
        event: OpenEvent,
        authenticated: Authenticated,
        inputs: Mapping[str, Any] | None,
        result: Mapping[str, Any] | None,
        error: AwsError | None,
    ) -> Closed:
        """Close the event of an authenticated call."""
        entry = authenticated.entry
        caller = authenticated.credential.caller
        other = _other_account(caller, result) if entry.action == _SHARED_ACTION and result else None
        outcome = Outcome(
            entry.show_parameters(inputs) or None if inputs else None,
            entry.show_elements(result) or None if result and entry.shows_result else None,
            error,
            None if other is None else new_uuid(),
        )
        region = entry.home_region or authenticated.region
        row, resources = close_event(event, entry.described, self._describe(caller), region, outcome)
        shared = None
        if other is not None:
            shared, _ = close_event(event, entry.described, _describe_stranger(caller, other), region, outcome)
        used_region, now = entry.last_used_region or region, to_milliseconds(event.at)
        if caller.kind == "AssumedRole":
            key_use = self._role_use(caller, entry.signing_name, used_region, now)
        else:
            key_use = _key_use(authenticated.credential, entry.signing_name, used_region, now)
        service_use = self._service_use(caller, entry.action, region, now)
        return Closed(row, resources, key_use, service_use, shared)

    def _role_use(self, caller: Caller, service: str, region: str, now: int) -> KeyUseRow | None:
        """Note the use of a session's role, unless any session's was noted in the last quarter of an hour."""
        assert caller.issuer is not None
        role_id = caller.issuer.principal_id
        if now - self._roles_used.get(role_id, 0) < _USE_MILLISECONDS:
            return None
        if len(self._roles_used) >= _MAX_USED:
            self._roles_used.clear()
        self._roles_used[role_id] = now
        return now, service, region, role_id

    def _service_use(self, caller: Caller, action: str, region: str, now: int) -> ServiceUseRow | None:
        """Note what a principal called, unless it was noted in the last quarter of an hour."""
        principal_id = _principal_id(caller)
        if principal_id is None:
            return None
        last = self._used.get((principal_id, action))
        if last is not None and now - last < _USE_MILLISECONDS:
            return None
        if len(self._used) >= _MAX_USED:
            self._used.clear()
        self._used[principal_id, action] = now
        service, _, name = action.partition(":")
        return caller.account_id, principal_id, service, name, now, region

    def _describe(self, caller: Caller) -> Who:
        """Describe a caller, once for as long as it is the same."""
        known = self._described.get(id(caller))
        # INVARIANT: the caller is held here, so that no other can have its id.
        if known is None or known[0] is not caller:
            if len(self._described) >= _MAX_DESCRIBED:
                self._described.clear()
            known = self._described[id(caller)] = (caller, describe_caller(caller))
        return known[1]


def _principal_id(caller: Caller) -> str | None:
    """Say whose use of a service it is: a session's is its role's or its user's."""
    if caller.vouched is not None:
        return None
    return caller.principal_id if caller.issuer is None else caller.issuer.principal_id


def _key_use(credential: Credential, service: str, region: str, now: int) -> KeyUseRow | None:
    """Note the use of a long-term key, unless one was noted in the last quarter of an hour."""
    access_key_id = credential.caller.access_key_id
    if credential.caller.session is not None or access_key_id is None:
        return None
    last = credential.last_used_milliseconds
    if last is not None and now - last < _USE_MILLISECONDS:
        return None
    credential.last_used_milliseconds = now
    return now, service, region, access_key_id


def describe_caller(caller: Caller) -> Who:
    """Write a caller as CloudTrail's userIdentity, the same for all of its calls."""
    if caller.vouched is not None:
        return _describe_vouched(caller.account_id, caller.kind, caller.vouched)
    identity: dict[str, Any] = {
        "type": caller.kind,
        "principalId": caller.principal_id,
        "arn": caller.arn,
        "accountId": caller.account_id,
        "accessKeyId": caller.access_key_id,
    }
    if caller.user_name is not None:
        identity["userName"] = caller.user_name
    if caller.session is not None:
        identity["sessionContext"] = _describe_session(caller, caller.session)
    written = orjson.Fragment(orjson.dumps(identity))
    user_name = caller.user_name or caller.session_name or "root"
    from_console = caller.session is not None and caller.session.browser_session_id is not None
    return Who(caller.account_id, user_name, caller.access_key_id, written, from_console)


def _describe_session(caller: Caller, session: Session) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if caller.issuer is not None:
        context["sessionIssuer"] = {
            "type": caller.issuer.kind,
            "principalId": caller.issuer.principal_id,
            "arn": caller.issuer.arn,
            "accountId": caller.account_id,
            "userName": caller.issuer.name,
        }
        context["webIdFederationData"] = _describe_federation(session)
    context["attributes"] = {
        "creationDate": iso8601(session.issued_at),
        "mfaAuthenticated": "true" if session.mfa_authenticated else "false",
    }
    if session.source_identity is not None:
        context["sourceIdentity"] = session.source_identity
    return context


def _describe_federation(session: Session) -> dict[str, Any]:
    """Say which provider vouched for a session, and what it said; nothing for SAML, as CloudTrail."""
    provider = session.keys.get("aws:federatedprovider", ("",))[0]
    name = provider.partition(":oidc-provider/")[2] or provider
    if not name or ":saml-provider/" in provider:
        return {}
    said = {key: values[0] for key, values in session.keys.items() if key.startswith(f"{name}:") and values}
    return {"federatedProvider": provider, "attributes": said}


def _other_account(caller: Caller, result: Mapping[str, Any]) -> str | None:
    """Give the account of the role that was assumed, None where it is the caller's own."""
    account_id: str = result["AssumedRoleUser"]["Arn"].split(":")[4]
    return None if account_id == caller.account_id else account_id


def _describe_stranger(caller: Caller, account_id: str) -> Who:
    """Write a caller as the trail of another account has it: by its account and its id."""
    identity = {"type": "AWSAccount", "principalId": caller.principal_id, "accountId": caller.account_id}
    return Who(account_id, None, None, orjson.Fragment(orjson.dumps(identity)))


def _describe_vouched(account_id: str, kind: str, vouched: Vouched) -> Who:
    """Write whom an identity provider vouches for: the caller of the very call that makes a session of it."""
    identity = {
        "type": kind,
        "principalId": vouched.principal_id,
        "userName": vouched.subject,
        "identityProvider": vouched.identity_provider,
    }
    return Who(account_id, vouched.subject, None, orjson.Fragment(orjson.dumps(identity)))
