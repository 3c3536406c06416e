"""What a finding means for a person: a sentence, what is missing, the smallest policy, the next command."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from keywright.client.why.explanation import Finding, FoundStatement
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, SCP, TRUST
from keywright.client.why.refusal import QUARANTINE
from keywright.client.why.resources import account_in
from keywright.client.why.smallest import dangers, smallest_grant, smallest_policy

_CONDITION_HINTS: Final = (
    (
        "aws:multifactorauth",
        "it looks at MFA: sign in with it (`aws configure mfa-login`, or a profile with mfa_serial)",
    ),
    ("aws:sourceip", "it looks at the address that the call comes from"),
    ("aws:sourcevpc", "it looks at the network that the call comes from"),
    ("aws:requestedregion", "it looks at the region: try --region with one that is allowed"),
    ("aws:securetransport", "it looks at the connection: use https"),
    ("aws:currenttime", "it looks at the time"),
    ("aws:tokenissuetime", "it looks at when the session began: sign in anew"),
    ("aws:principaltag", "it looks at the tags of who asks"),
    ("aws:resourcetag", "it looks at the tags of the resource"),
)
_ELSEWHERE: Final = {
    SCP: "only the organization's management account can change it",
    "resource control policy": "only the organization's management account can change it",
    "VPC endpoint policy": "it belongs to the VPC endpoint that the call went through",
    "session policy": "it was given when the session was made: make another session, with a wider policy or none",
}


_UNSEEN: Final = (
    "a simulation does not see session policies and VPC endpoints', and of the policies of resources only a bucket's, "
    "for a user: they may still refuse"
)


class Advice(NamedTuple):
    """What to say beside the finding itself."""

    summary: str
    missing: str | None
    policy: str | None
    warnings: tuple[str, ...]
    commands: tuple[str, ...]


def advise(finding: Finding) -> Advice:
    """Say what a finding means, and what would help."""
    action, resource = finding.action or "the action", finding.resource or "*"
    who = finding.principal or "the caller"
    if finding.allowed:
        by = f", by {place(finding.statements[0])}" if finding.statements else ""
        summary = f"{who} may do {action} on {resource} now{by}"
        doubts = (_UNSEEN,) if finding.confidence != "verified" else ()
        keys = tuple(f"it may differ by {key}: simulate with --context {key}=VALUE" for key in finding.missing_context)
        return Advice(summary, None, None, doubts + keys, ())
    denying = [one for one in finding.statements if one.effect == "Deny"]
    if any(QUARANTINE.search(one.policy) for one in denying):
        return _quarantined(finding, denying[0])
    if finding.is_explicit:
        return _denied(finding, denying)
    return _missing(finding, action, resource, who)


def place(statement: FoundStatement) -> str:
    """Say which statement of which policy it is."""
    name = f"the statement {statement.sid}" if statement.sid else f"statement {statement.number}"
    if statement.number is None:
        name = name if statement.sid else "a statement"
    else:
        name += f" (line {statement.line}, column {statement.column})"
    return f"{name} of {statement.policy}"


def _quarantined(finding: Finding, statement: FoundStatement) -> Advice:
    name = _user_name(finding.principal)
    return Advice(
        f"AWS has quarantined {finding.principal or 'the caller'}: its key was found where others could read it "
        f"({place(statement)} denies {finding.action})",
        "a recovery, in AWS's order; do not remove the policy before",
        None,
        ("the quarantine is there to limit the harm: never allow around it",),
        (f"keywright quarantine{'' if name is None else f' --user {shlex.quote(name)}'}",),
    )


def _denied(finding: Finding, denying: list[FoundStatement]) -> Advice:
    kind = finding.blocked_by or "policy"
    by = place(denying[0]) if denying else f"a statement of {_article(kind)} {kind}"
    missing = f"no Allow outweighs a Deny: that statement of the {kind} has to change, or the call must not match it"
    warnings = []
    if finding.blocked_by in _ELSEWHERE:
        warnings.append(_ELSEWHERE[finding.blocked_by])
    warnings.extend(hint for one in denying for hint in _hints(one))
    if all(one.number is None for one in denying):
        warnings.append("the statement itself could not be read: ask somebody who may read the policy")
    elif len(denying) > 1:
        warnings.append(f"{len(denying) - 1} more statements deny it too")
    return Advice(
        f"{by} denies {finding.action} on {finding.resource or '*'}",
        missing,
        None,
        tuple(dict.fromkeys(warnings)),
        tuple(_reading(denying)),
    )


def _untold(finding: Finding, action: str, who: str) -> Advice:
    """Say what can be said of a refusal that names neither resource nor policy."""
    return Advice(
        f"{who} was refused {action}, and the service does not say on what, nor by which policy",
        "the resource's ARN, to ask further",
        None,
        ("S3 and others say nothing to those of another account, and where nothing may be told",),
        (f"keywright why {action} ARN",) if finding.action else (),
    )


def _missing(finding: Finding, action: str, resource: str, who: str) -> Advice:
    kind = finding.blocked_by
    if kind is None and finding.resource is None:
        return _untold(finding, action, who)
    kind_words = kind or "policy"
    summary = f"no {kind_words} allows {action} on {resource} for {who}"
    warnings = [_ELSEWHERE[kind]] if kind in _ELSEWHERE else []
    if finding.action is None:
        return Advice(summary, None, None, tuple(warnings), ())
    if finding.missing_context:
        keys = ", ".join(finding.missing_context)
        warnings.append(f"a real request may differ by {keys}: simulate with --context KEY=VALUE")
    grants = kind in {RESOURCE, TRUST} and finding.principal is not None
    policy = (
        smallest_grant(action, resource, _entity(finding.principal), is_trust=kind == TRUST)
        if grants
        else smallest_policy(action, resource)
    )
    warnings.extend(dangers(action, resource))
    missing = {
        IDENTITY: f"a statement that allows {action} on {resource}, in a policy of {who}",
        BOUNDARY: f"{action} on {resource} in the permissions boundary of {who}: it is the most that any policy gives",
        RESOURCE: f"a statement in the policy of {resource} that lets {who} do {action}",
        TRUST: f"a statement in the trust policy of {resource} that lets {who} assume it",
    }.get(kind or "", f"a statement that allows {action} on {resource}, in the {kind_words}")
    return Advice(summary, missing, policy, tuple(warnings), tuple(_granting(finding, policy)))


def _granting(finding: Finding, policy: str) -> Iterator[str]:
    name, role = _user_name(finding.principal), _role_name(finding.principal)
    if finding.blocked_by in {IDENTITY, None} and (name or role):
        verb, whose = ("put-user-policy --user-name", name) if name else ("put-role-policy --role-name", role)
        policy_name = "allow-" + re.sub(r"[^\w+=,.@-]", "-", finding.action or "").lower()
        named = f"{shlex.quote(whose or '')} --policy-name {policy_name}"
        yield f"aws iam {verb} {named} --policy-document {shlex.quote(policy)}"
    elif finding.blocked_by == TRUST and finding.resource:
        yield f"aws iam get-role --role-name {shlex.quote(finding.resource.rpartition('/')[2])}"
    elif finding.blocked_by == BOUNDARY and (name or role):
        kind = (
            f"get-user --user-name {shlex.quote(name)}" if name else f"get-role --role-name {shlex.quote(role or '')}"
        )
        yield f"aws iam {kind}"


def _reading(denying: list[FoundStatement]) -> Iterator[str]:
    for arn in dict.fromkeys(one.policy for one in denying if one.policy.startswith("arn:") and ":iam::" in one.policy):
        if account_in(arn):
            yield f"aws iam get-policy --policy-arn {shlex.quote(arn)}"


def _hints(statement: FoundStatement) -> Iterator[str]:
    try:
        members: dict[str, Any] = json.loads(statement.text or "{}")
    except ValueError:
        return
    keys = [key.lower() for line in members.get("Condition", {}).values() for key in line]
    for prefix, hint in _CONDITION_HINTS:
        if any(key.startswith(prefix) for key in keys):
            yield hint


def _entity(arn: str | None) -> str:
    """Give who a resource's policy names: of a session its role."""
    found = re.fullmatch(r"arn:([\w-]+):sts::(\d{12}):assumed-role/([^/]+)/.*", arn or "")
    return arn or "" if found is None else f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}"


def _user_name(arn: str | None) -> str | None:
    return arn.rpartition("/")[2] if arn and ":user/" in arn else None


def _role_name(arn: str | None) -> str | None:
    found = re.search(r":assumed-role/([^/]+)/|:role/(?:.*/)?([^/]+)$", arn or "")
    return None if found is None else found[1] or found[2]


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
