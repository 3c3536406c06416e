"""May they: the third door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from keywright.aws.errors import AccessDenied, AwsError, NotPerformed
from keywright.aws.known_services import actions_of
from keywright.aws.wire import WireRequest
from keywright.identity.principals import Caller
from keywright.policy.decide import decide
from keywright.policy.explain import denial_clause
from keywright.policy.request import AuthorizationRequest
from keywright.server.context import RequestContext
from keywright.server.denials import Asked, describe, describe_briefly
from keywright.server.entries import Entry
from keywright.server.named_resources import named_resources
from keywright.server.stages import Authenticated, Authorised
from keywright.services.operation import Call, Inputs, Operation, Permission, Target
from keywright.services.sts.authorization_messages import seal_message
from keywright.store.sealing import Sealer
from keywright.trail.denials import Denial

_WITHOUT_REASON: Final = frozenset({"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"})
_OPEN_TO_FEDERATED_USERS: Final = frozenset({"GetCallerIdentity", "GetDelegatedAccessToken", "GetScopedCredentials"})
_OPEN_TO_SESSIONS: Final = _OPEN_TO_FEDERATED_USERS | {"AssumeRole", "GetWebIdentityToken"}
_ANYTHING: Final = Target("*", "")
_CLOSED_TO_ROLES: Final = frozenset({"GetFederationToken", "GetSessionToken"})


class Denied(AccessDenied):
    """The policies do not let the caller; with what tells why to those who may know."""

    code = "AccessDenied"

    def __init__(self, message: str, denial: Denial | None = None, encoded_message: str | None = None) -> None:
        """Take the refusal's text, the details to be kept under its authorization id, and the sealed message."""
        super().__init__(message)
        self.denial: Final = denial
        self.encoded_message: Final = encoded_message


class DeniedByJsonService(Denied):
    """The same, as services with JSON say it."""

    code = "AccessDeniedException"
    status = 400


class DeniedByEc2(Denied):
    """The same, as EC2 says it."""

    code = "UnauthorizedOperation"


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
    inputs = {} if operation is None else route.parse()
    if caller.session is not None:
        _check_session(caller, entry)
    call = Call(caller, connection, sealer, region, now, authenticated.request.origin)
    if operation is None:
        _check_possible(authenticated, call)
        raise NotPerformed(f"{entry.action} is not implemented by this server.")
    if operation.resource is not None:
        _check_policies(authenticated, operation, operation.resource(call, inputs), call, inputs)
    if not operation.handled.issuperset(inputs):
        names = ", ".join(sorted(inputs.keys() - operation.handled))
        raise NotPerformed(f"{entry.action}: the parameter {names} is not implemented by this server.")
    return Authorised(operation, call, inputs)


def _check_possible(authenticated: Authenticated, call: Call) -> None:
    """
    Refuse an operation that is not performed to whoever may do it on no resource at all.

    What it would act upon is not known: its parameters are not read.
    """
    # DIVERGES: What is not performed.
    service, operation = authenticated.route.service, authenticated.route.operation
    for action in actions_of(service.name, operation.name, operation.http_method):
        asked = _ask(authenticated, Permission(action, _ANYTHING), call, {})
        if asked.decision.allowed:
            continue
        somewhere = asked.decision.outcome == "implicitDeny" and any(
            _ask(authenticated, Permission(action, Target(arn, "")), call, {}).decision.allowed
            for arn in named_resources(asked)
        )
        if not somewhere:
            raise _refusal(authenticated, [asked])


def _check_policies(
    authenticated: Authenticated, operation: Operation, target: Target, call: Call, inputs: Inputs
) -> None:
    """Ask for the operation's permission, then for the others that a call of its kind needs."""
    asked = [_ask(authenticated, Permission(operation.action, target, target.keys), call, inputs)]
    outcome = asked[0].decision.outcome
    given = operation.unless_denied or target.granted
    if outcome != "allowed" and not (given and outcome == "implicitDeny"):
        raise _refusal(authenticated, asked)
    for permission in () if operation.also is None else operation.also(call, inputs):
        asked.append(_ask(authenticated, permission, call, inputs))
        if not asked[-1].decision.allowed:
            raise _refusal(authenticated, asked)


def _ask(authenticated: Authenticated, permission: Permission, call: Call, inputs: Inputs) -> Asked:
    """Put one question to the policies: the caller's, and the resource's own."""
    caller, target = call.caller, permission.target
    context = RequestContext(authenticated, call, inputs, permission)
    request = AuthorizationRequest(
        permission.action, target.arn, caller.as_policy_principal, target.account_id or caller.account_id, context
    )
    policies = caller.policies
    if target.policies or target.policies_must_allow:
        policies = policies.with_resource(target.policies, must_allow=target.policies_must_allow)
    return Asked(request, context, policies, decide(request, policies))


def _refusal(authenticated: Authenticated, asked: Sequence[Asked]) -> Denied:
    """Refuse the last question in its service's words, with what explains it to those who may know."""
    entry, call = authenticated.entry, asked[-1].context.call
    refusal = DeniedByJsonService if entry.style == "json" else Denied
    text = _refusal_text(entry, asked[-1])
    if entry.signing_name == "ec2":
        refusal, text = DeniedByEc2, f"You are not authorized to perform this operation. {text}"
    if entry.signing_name == "iam" and entry.style == "query":
        denial = describe(asked)
        return refusal(text + _pointer(authenticated.request, denial.authorization_id), denial)
    if asked[-1].request.resource_account != call.account_id:
        # What another account's policies say is not for this one to read.
        return refusal(text)
    message = seal_message(call.sealer, call.account_id, describe_briefly(asked[-1]), call.now)
    return refusal(text, encoded_message=message)


def _refusal_text(entry: Entry, asked: Asked) -> str:
    permission, caller = asked.context.permission, asked.context.call.caller
    action, target = permission.action, permission.target
    if entry.style == "s3" and target.account_id is not None and target.account_id != caller.account_id:
        # AWS: S3 tells a stranger nothing (S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors").
        return "Access Denied"
    if caller.vouched is not None:
        return f"Not authorized to perform {action}"
    text = target.arn if target.refusal_text is None else target.refusal_text
    on_resource = f" on resource: {text}" if text else ""
    # AWS: STS does not say whether the caller's policies refused, or the role's trust policy (facts §10).
    clause = "" if action in _WITHOUT_REASON else denial_clause(asked.decision)
    return f"User: {caller.arn} is not authorized to perform: {action}{on_resource}{clause}"


def _pointer(request: WireRequest, authorization_id: str) -> str:
    """
    Say where the details are: the tail of IAM's refusals (facts §10).

    DIVERGES: Authorization details. The address is this server's, not that of AWS's console.
    """
    return (
        f". Go to {request.origin}/iam/home?region=us-east-1#/authorization-details/{authorization_id} for complete "
        "details, or call the GetRequestAuthorizationDetails API with the following authorization id: "
        f"{authorization_id}"
    )


def _check_session(caller: Caller, entry: Entry) -> None:
    """
    Refuse what temporary credentials cannot do, whatever the policies say.

    AWS: those of GetSessionToken have no IAM without MFA, those of GetFederationToken none, and both few operations of
    STS; a role's get no session or federation token (API reference, GetSessionToken, GetFederationToken, AssumeRole).
    Those of the console have IAM, as a role's do.
    """
    assert caller.session is not None
    name = entry.described.name
    is_whole = caller.kind == "AssumedRole" or caller.session.browser_session_id is not None
    if entry.signing_name == "iam" and not is_whole:
        if caller.kind == "FederatedUser" or not caller.session.mfa_authenticated:
            raise InvalidClientTokenId("The security token included in the request is invalid")
    elif entry.signing_name == "sts":
        if is_whole:
            is_open = name not in _CLOSED_TO_ROLES
        elif caller.kind == "FederatedUser":
            is_open = name in _OPEN_TO_FEDERATED_USERS
        else:
            is_open = name in _OPEN_TO_SESSIONS
        if not is_open:
            raise AccessDenied(f"Cannot call {name} with session credentials")
