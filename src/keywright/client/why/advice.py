"""What a finding means for a person: a sentence, what is missing, the smallest policy, the next command."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from keywright.client.why.checking import Checked, check, names_enough
from keywright.client.why.engine import Case
from keywright.client.why.explanation import AdvisedPolicy, Finding, FoundStatement, NearMiss
from keywright.client.why.near_misses import lacking, told
from keywright.client.why.places import place
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, SCP, TRUST
from keywright.client.why.refusal import QUARANTINE
from keywright.client.why.resources import account_in
from keywright.client.why.smallest import dangers

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
_TRUST_HINTS: Final = (
    (
        "aws:multifactorauth",
        "it looks at MFA: --serial-number and --token-code of `aws sts assume-role`, or mfa_serial in the profile",
    ),
    (
        "sts:externalid",
        "it looks at the external id: --external-id of `aws sts assume-role`, or external_id in the profile",
    ),
    ("sts:rolesessionname", "it looks at the session's name: --role-session-name, or role_session_name in the profile"),
    ("sts:sourceidentity", "it looks at the source identity: --source-identity of `aws sts assume-role`"),
    ("aws:requesttag", "it looks at the tags of the session: --tags of `aws sts assume-role`"),
    ("aws:principalorg", "it looks at the caller's organization: the caller's account must be in it"),
)
_ELSEWHERE: Final = {
    SCP: "only the organization's management account can change it",
    "resource control policy": "only the organization's management account can change it",
    "VPC endpoint policy": "it belongs to the VPC endpoint that the call went through",
    "session policy": "it was given when the session was made: make another session, with a wider policy or none",
}


_NETWORK: Final = "a VPC endpoint that the call goes through may have a policy of its own"


class Advice(NamedTuple):
    """What to say beside the finding itself."""

    summary: str
    missing: str | None
    policy: str | None
    warnings: tuple[str, ...]
    commands: tuple[str, ...]
    needed: tuple[AdvisedPolicy, ...] = ()


def advise(finding: Finding, case: Case | None = None, unread: Sequence[str] = ()) -> Advice:
    """
    Say what a finding means, and what would help; `case` has what was read, by which the engine checks it.

    `unread` is what may have a say too: without any of it, what is allowed is.
    """
    action, resource = finding.action or "the action", finding.resource or "*"
    who = finding.principal or "the caller"
    if finding.allowed:
        by = f", by {place(finding.statements[0])}" if finding.statements else ""
        if unread:
            rest = "; ".join(unread)
            return Advice(f"no denial found in what could be read{by}; not read: {rest}", None, None, (), ())
        return Advice(f"{who} may do {action} on {resource} now{by}", None, None, (_NETWORK,), ())
    denying = [one for one in finding.statements if one.effect == "Deny"]
    if any(QUARANTINE.search(one.policy) for one in denying):
        return _quarantined(finding, denying[0])
    if finding.is_explicit:
        return _denied(finding, denying)
    return _missing(finding, action, resource, who, case)


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


def _missing(finding: Finding, action: str, resource: str, who: str, case: Case | None) -> Advice:
    kind = finding.blocked_by
    if kind is None and finding.resource is None:
        return _untold(finding, action, who)
    kind_words = kind or "policy"
    summary = f"no {kind_words} allows {action} on {resource} for {who}"
    warnings = [_ELSEWHERE[kind]] if kind in _ELSEWHERE else []
    if finding.action is None:
        return Advice(summary, None, None, tuple(warnings), ())
    if finding.missing_context and not finding.near_misses:
        keys = ", ".join(finding.missing_context)
        warnings.append(f"a real request may differ by {keys}: simulate with --context KEY=VALUE")
    if finding.near_misses:
        return _near(finding, summary, warnings)
    missing = _wanted(kind, kind_words, action, resource, who)
    if not names_enough(finding):
        warnings.append(f"{action} can be limited to a resource, which is not named: name it, and ask again")
        return Advice(summary, missing, None, tuple(warnings), (f"keywright why {action} ARN",))
    checked = check(finding, case)
    warnings.extend(dangers(action, resource))
    warnings.extend(_checked(checked, case))
    rest = [_wanted(one.policy_type, one.policy_type, action, resource, who) for one in checked.needed[1:]]
    commands = tuple(line for one in checked.needed for line in _granting(finding, one))
    single = checked.needed[0].policy if len(checked.needed) == 1 else None
    return Advice(summary, "; and ".join([missing, *rest]), single, tuple(warnings), commands, checked.needed)


def _wanted(kind: str | None, kind_words: str, action: str, resource: str, who: str) -> str:
    return {
        IDENTITY: f"a statement that allows {action} on {resource}, in a policy of {who}",
        BOUNDARY: f"{action} on {resource} in the permissions boundary of {who}: it is the most that any policy gives",
        RESOURCE: f"a statement in the policy of {resource} that lets {who} do {action}",
        TRUST: f"a statement in the trust policy of {resource} that lets {who} assume it",
    }.get(kind or "", f"a statement that allows {action} on {resource}, in the {kind_words}")


def _near(finding: Finding, summary: str, warnings: list[str]) -> Advice:
    """Say what the request lacked; an Allow without the condition would undo what somebody has narrowed."""
    nearest = finding.near_misses[0]
    hints = [hint for one in finding.near_misses for hint in _condition_hints(one, finding)]
    unknown = [line for one in finding.near_misses for line in one.conditions if not line.is_known]
    asking = (f"to ask with a value: --context {line.key}=VALUE" for line in unknown)
    more = (told(one) for one in finding.near_misses[1:])
    return Advice(
        f"{summary}: {told(nearest)}",
        f"a request with {lacking(nearest)}; the condition stays: without it others could do it too",
        None,
        tuple(dict.fromkeys((*warnings, *more, *hints, *asking))),
        (),
    )


def _checked(checked: Checked, case: Case | None) -> Iterator[str]:
    if checked.why_not is not None:
        yield f"no statement is advised: {checked.why_not}"
    elif checked.needed and (case is None or not case.identity_is_read):
        yield "it was checked by itself only: not all policies of the caller could be read"
    for key in checked.doubts:
        yield f"it depends on {key} whether a Deny applies: --context {key}=VALUE says it"


def _granting(finding: Finding, advised: AdvisedPolicy) -> Iterator[str]:
    name, role, policy = _user_name(finding.principal), _role_name(finding.principal), advised.policy
    if advised.policy_type == IDENTITY and (name or role):
        verb, whose = ("put-user-policy --user-name", name) if name else ("put-role-policy --role-name", role)
        policy_name = "allow-" + re.sub(r"[^\w+=,.@-]", "-", finding.action or "").lower()
        named = f"{shlex.quote(whose or '')} --policy-name {policy_name}"
        yield f"aws iam {verb} {named} --policy-document {shlex.quote(policy)}"
    elif advised.policy_type == TRUST and finding.resource:
        yield f"aws iam get-role --role-name {shlex.quote(finding.resource.rpartition('/')[2])}"
    elif advised.policy_type == BOUNDARY and (name or role):
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


def _condition_hints(miss: NearMiss, finding: Finding) -> Iterator[str]:
    is_assuming = (finding.action or "").lower().startswith("sts:assumerole")
    for line in miss.conditions:
        for prefix, hint in (*(_TRUST_HINTS if is_assuming else ()), *_CONDITION_HINTS):
            if line.key.lower().startswith(prefix):
                yield hint
                break


def _user_name(arn: str | None) -> str | None:
    return arn.rpartition("/")[2] if arn and ":user/" in arn else None


def _role_name(arn: str | None) -> str | None:
    found = re.search(r":assumed-role/([^/]+)/|:role/(?:.*/)?([^/]+)$", arn or "")
    return None if found is None else found[1] or found[2]


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
