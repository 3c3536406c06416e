"""May they: the third door."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from keywright.aws.errors import AccessDenied, AwsError, NotPerformed
from keywright.identity.principals import Caller
from keywright.policy.decide import Decision, decide
from keywright.policy.explain import denial_clause
from keywright.policy.request import AuthorizationRequest
from keywright.server.context import RequestContext
from keywright.server.entries import Entry
from keywright.server.stages import Authenticated, Authorised
from keywright.services.operation import Call, Operation, Target
from keywright.store.sealing import Sealer

_OPEN_TO_SESSIONS: Final = frozenset({"GetCallerIdentity", "AssumeRole", "GetSessionToken"})


class AccessDeniedException(AwsError):
    """JSON services: the caller is known, and may not."""


class InvalidClientTokenId(AwsError):
    """A session that this service does not take."""

    status = 403


def authorise(authenticated: Authenticated, connection: Connection, sealer: Sealer, now: datetime) -> Authorised:
    """
    Read the parameters and ask the caller's policies.

    Raises: AwsError: the wire's for bad parameters, NotPerformed, AccessDenied.
    """
    _, route, entry, credential, region = authenticated
    caller, operation = credential.caller, entry.operation
    inputs = route.parse()
    if operation is None:
        raise NotPerformed(f"{entry.action} is not implemented by this server.")
    if not operation.handled.issuperset(inputs):
        names = ", ".join(sorted(inputs.keys() - operation.handled))
        raise NotPerformed(f"{entry.action}: the parameter {names} is not implemented by this server.")
    if caller.session is not None:
        _check_session(caller, entry)
    call = Call(caller, connection, sealer, region, now)
    if operation.resource is not None:
        _ask(authenticated, operation, operation.resource(call, inputs), RequestContext(authenticated, call, inputs))
    return Authorised(operation, call, inputs)


def _ask(authenticated: Authenticated, operation: Operation, target: Target, context: RequestContext) -> None:
    caller = authenticated.credential.caller
    resource_account = target.account_id or caller.account_id
    request = AuthorizationRequest(operation.action, target.arn, caller.as_policy_principal, resource_account, context)
    decision = decide(request, caller.policies)
    if decision.allowed or (operation.unless_denied and decision.outcome == "implicitDeny"):
        return
    refusal = AccessDeniedException if authenticated.entry.style == "json" else AccessDenied
    if target.account_id is not None and target.account_id != caller.account_id:
        # AWS: S3 tells a stranger nothing (S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors").
        raise refusal("Access Denied")
    raise refusal(_refusal_text(caller, operation.action, target, decision))


def _refusal_text(caller: Caller, action: str, target: Target, decision: Decision) -> str:
    text = target.arn if target.refusal_text is None else target.refusal_text
    on_resource = f" on resource: {text}" if text else ""
    return f"User: {caller.arn} is not authorized to perform: {action}{on_resource}{denial_clause(decision)}"


def _check_session(caller: Caller, entry: Entry) -> None:
    """
    Refuse what temporary credentials from GetSessionToken cannot do, whatever the policies say.

    AWS: no IAM without MFA, and of STS nothing but AssumeRole and GetCallerIdentity (API reference, GetSessionToken).
    """
    assert caller.session is not None
    if entry.signing_name == "iam" and not caller.session.mfa_authenticated:
        raise InvalidClientTokenId("The security token included in the request is invalid")
    if entry.signing_name == "sts" and entry.described.name not in _OPEN_TO_SESSIONS:
        raise AccessDenied(f"Cannot call {entry.described.name} with session credentials")
