"""
Explain a denial, by the best evidence that there is.

In this order: what the service evaluated (the authorization id), what it sealed in the refusal (the encoded message),
the refusal's words, a simulation. What comes later fills in what came before left open, and never overrules it; but a
simulation that allows tells that the denial is over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.aws.service_reference import find_action
from keywright.client.identity import Caller, Unknown, attempt
from keywright.client.session import SignedIn, SignInError, reason
from keywright.client.simulation import policy_source
from keywright.client.why.advice import Advice, advise
from keywright.client.why.details import find_by_id
from keywright.client.why.explanation import Evidence, Explanation, Finding, FoundStatement
from keywright.client.why.message import find_by_message
from keywright.client.why.readable_policies import (
    BOUNDARY,
    IDENTITY,
    RESOURCE,
    TRUST,
    PolicyReader,
    ReadPolicy,
    deciding,
)
from keywright.client.why.refusal import Refusal
from keywright.client.why.resources import account_in, action_of, full_resource
from keywright.client.why.simulating import simulate
from keywright.client.why.trust import is_assuming, with_trust

_SIMULATED: Final = frozenset({IDENTITY, BOUNDARY, None})
"""The types of policy that a simulation knows all of."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained."""

    refusal: Refusal
    principal: str | None
    """Whose denial it is, where an administrator asks for somebody."""
    context: Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Asker:
    """Asks the service, and notes what came of each question."""

    signed_in: SignedIn | None
    caller: Caller | Unknown
    evidence: list[Evidence] = field(default_factory=list)
    _known: dict[str | None, list[ReadPolicy]] = field(default_factory=dict)

    def explain(self, question: Question) -> Explanation:
        """Gather the evidence, and say what it means."""
        reader = None if self.signed_in is None else PolicyReader(self.signed_in, [])
        finding = self._told(question, reader)
        told = question.principal or question.refusal.principal or (finding and finding.principal) or None
        entity = self._entity(told)
        said = self._said(question.refusal, told or entity)
        if finding is None:
            finding = said
        elif said is not None:
            finding = _completed(finding, said)
        now = self._simulated(question, finding, entity, reader)
        if now is not None and now.allowed and reader is not None and is_assuming(now.action):
            now, asked = with_trust(now, reader.of_resource(now.action or "", now.resource))
            self.evidence.append(asked)
        finding = _only_deciding(_joined(finding, now))
        if finding is not None and reader is not None:
            finding = self._with_statements(finding, question.refusal, self._policies(entity, reader), reader)
            if reader.failures:
                self._note("policies", "not all could be read: " + "; ".join(dict.fromkeys(reader.failures)))
        if finding is not None and finding.is_explicit and not finding.statements and question.refusal.policy_arn:
            kind = finding.blocked_by or IDENTITY
            named = FoundStatement(question.refusal.policy_arn, kind, "Deny", None, None, None, None, None)
            finding = dataclasses.replace(finding, statements=(named,))
        return _explanation(finding, tuple(self.evidence))

    def _note(self, source: str, result: str) -> None:
        self.evidence.append(Evidence(source, result))

    def _entity(self, told: str | None) -> str | None:
        """Find the user or role whose policies count; without anybody's ARN it is who asks."""
        if told is not None and ":assumed-role/" not in told:
            return told if ":user/" in told or ":role/" in told else None
        if self.signed_in is None or isinstance(self.caller, Unknown):
            return None
        caller = self.caller if told is None else Caller(told, account_in(told) or "", "")
        source = policy_source(self.signed_in.client("iam"), caller)
        return None if isinstance(source, Unknown) else source

    def _policies(self, entity: str | None, reader: PolicyReader | None) -> Sequence[ReadPolicy]:
        """Read an entity's policies, once."""
        if entity is None or reader is None:
            return ()
        if entity not in self._known:
            self._known[entity] = reader.of_principal(entity)
        return self._known[entity]

    def _told(self, question: Question, reader: PolicyReader | None) -> Finding | None:
        """Ask the service what it evaluated."""
        for source, given, find, service in (
            ("authorization id", question.refusal.authorization_id, find_by_id, "iam-toolbox"),
            ("encoded message", question.refusal.encoded_message, find_by_message, "sts"),
        ):
            if given is None:
                continue
            if self.signed_in is None:
                self._note(source, "not asked: nobody is signed in")
                continue
            # AWS: details are kept in the region of the call, which the refusal's address names; IAM's is us-east-1.
            where = dataclasses.replace(self.signed_in, region=question.refusal.region or self.signed_in.region)
            try:
                finding = find(where.client(service), given, lambda arn: self._policies(self._entity(arn), reader))
            except (ClientError, BotoCoreError, SignInError, ValueError) as error:
                self._note(source, f"no answer: {reason(error)}")
                continue
            self._note(source, "answered: what the service evaluated")
            return finding
        return None

    def _said(self, refusal: Refusal, principal: str | None) -> Finding | None:
        """Take the refusal's words."""
        action = refusal.action or action_of(refusal.operation, refusal.code)
        if refusal.form not in {"denial", "bare denial"} or (refusal.form == "bare denial" and action is None):
            return None
        if refusal.principal is None and refusal.policy_type is None and not refusal.text:
            return None
        who = refusal.principal or principal
        account = account_in(who) or (None if isinstance(self.caller, Unknown) else self.caller.account_id)
        partition = (who or "arn:aws").split(":")[1]
        complete = refusal.policy_type is not None
        self._note("text", "names the type of policy" if complete else "does not say which type of policy refused")
        return Finding(
            "reported" if complete else "incomplete",
            allowed=False,
            principal=who,
            action=action,
            resource=_resource(refusal, action, account, partition),
            blocked_by=refusal.policy_type,
            is_explicit=refusal.is_explicit,
        )

    def _simulated(
        self,
        question: Question,
        finding: Finding | None,
        principal: str | None,
        reader: PolicyReader | None,
    ) -> Finding | None:
        """Simulate, where what is asked can be."""
        action = question.refusal.action if finding is None else finding.action
        resource = question.refusal.resource if finding is None else finding.resource
        if action is None or "*" in action:
            return None
        if resource is None:
            self._note("simulation", f"not done: the resource is not named; keywright why {action} ARN")
            return None
        if reader is None or principal is None:
            self._note("simulation", "not done: " + self._why_not(principal))
            return None
        assert self.signed_in is not None
        iam, known = self.signed_in.client("iam"), self._policies(principal, reader)
        policy = None
        if ":user/" in principal and resource.startswith("arn:") and ":s3:::" in resource:
            policy = PolicyReader(self.signed_in, []).of_resource(action, resource)
        answer = attempt(lambda: simulate(iam, principal, action, resource, question.context, known, policy))
        if isinstance(answer, Unknown):
            self._note("simulation", f"no answer: {answer.why}")
            return None
        self._note("simulation", "allows it" if answer.allowed else "denies it")
        return answer

    def _why_not(self, principal: str | None) -> str:
        if self.signed_in is None:
            return "nobody is signed in"
        if isinstance(self.caller, Unknown):
            return self.caller.why
        return "only users and roles can be simulated" if principal is None else "there are no policies"

    def _with_statements(
        self, finding: Finding, refusal: Refusal, known: Sequence[ReadPolicy], reader: PolicyReader
    ) -> Finding:
        """Look for the denying statements in the policies, where nothing named them."""
        if finding.allowed or not finding.is_explicit or any(one.number is not None for one in finding.statements):
            return finding
        if finding.action is None:
            return finding
        policies = list(known)
        if finding.blocked_by in {RESOURCE, TRUST}:
            policies = [one for one in [reader.of_resource(finding.action, finding.resource)] if one is not None]
        elif refusal.policy_arn is not None:
            read = reader.of_arn(refusal.policy_arn, finding.blocked_by or IDENTITY)
            policies = [] if read is None else [read]
        found = deciding(policies, finding.blocked_by, finding.action, finding.resource)
        if not found:
            return finding
        self._note("policies", "read, and searched for what denies it; conditions were not evaluated")
        return dataclasses.replace(finding, statements=found)


def _resource(refusal: Refusal, action: str | None, account: str | None, partition: str) -> str | None:
    """Give the resource's ARN; None where an action has one that the refusal does not name."""
    described = None if action is None else find_action(action)
    if refusal.resource is None and (described is None or described.resources):
        return None
    return full_resource(refusal.resource, account, partition)


def _completed(finding: Finding, said: Finding) -> Finding:
    """Take from the words what the service's answer leaves open."""
    return dataclasses.replace(
        finding,
        principal=finding.principal or said.principal,
        resource=finding.resource or said.resource,
        blocked_by=finding.blocked_by or said.blocked_by,
    )


def _joined(finding: Finding | None, now: Finding | None) -> Finding | None:
    """Join what was with what a simulation says of now."""
    if finding is None or now is None:
        return finding or now
    if now.allowed:
        return now if finding.blocked_by in _SIMULATED and now.confidence == "simulated" else finding
    if finding.blocked_by is None and finding.confidence == "incomplete":
        return dataclasses.replace(now, principal=finding.principal or now.principal)
    same = finding.blocked_by in {None, now.blocked_by} and finding.is_explicit == now.is_explicit
    if not same:
        return finding
    return dataclasses.replace(
        finding,
        blocked_by=finding.blocked_by or now.blocked_by,
        statements=finding.statements or now.statements,
        checks=finding.checks or now.checks,
        missing_context=now.missing_context,
    )


def _only_deciding(finding: Finding | None) -> Finding | None:
    """Leave out what allowed where something denies."""
    if finding is None or not finding.is_explicit:
        return finding
    return dataclasses.replace(finding, statements=tuple(one for one in finding.statements if one.effect == "Deny"))


def _explanation(finding: Finding | None, evidence: tuple[Evidence, ...]) -> Explanation:
    if finding is None:
        nothing = Advice("it could not be found out", None, None, (), ())
        return _written("unknown", "incomplete", None, nothing, evidence)
    verdict = "allowed" if finding.allowed else "denied"
    return _written(verdict, finding.confidence, finding, advise(finding), evidence)


def _written(
    verdict: str, confidence: str, finding: Finding | None, advice: Advice, evidence: tuple[Evidence, ...]
) -> Explanation:
    return Explanation(
        verdict,
        confidence,
        None if finding is None else finding.principal,
        None if finding is None else finding.action,
        None if finding is None else finding.resource,
        None if finding is None else finding.blocked_by,
        None if finding is None else finding.is_explicit,
        () if finding is None else finding.statements,
        () if finding is None else finding.checks,
        advice.summary,
        advice.missing,
        advice.policy,
        advice.warnings,
        advice.commands,
        evidence,
    )
