"""
Explain a denial, by the best evidence that there is.

In this order: what the service evaluated (the authorization id), what it sealed in the refusal (the encoded message),
the refusal's words, a simulation, our own engine over the policies as they can be read. What comes later fills in what
came before left open, and never overrules it; but a simulation that allows tells that the denial is over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from keywright.aws.service_reference import find_action
from keywright.client.identity import Caller, Unknown, attempt
from keywright.client.session import SignedIn, SignInError, reason
from keywright.client.simulation import policy_source
from keywright.client.why.circumstances import gather
from keywright.client.why.deciding import asked_keys, decided, simulated_keys
from keywright.client.why.details import find_by_id
from keywright.client.why.engine import Case
from keywright.client.why.explanation import Evidence, Explanation, Finding, FoundStatement
from keywright.client.why.joining import completed, joined, only_deciding
from keywright.client.why.message import find_by_message
from keywright.client.why.readable_policies import IDENTITY, RESOURCE, PolicyReader, ReadPolicy
from keywright.client.why.refusal import Refusal
from keywright.client.why.resources import account_in, action_of, full_resource, role_of
from keywright.client.why.simulating import simulate
from keywright.client.why.unread import unread
from keywright.client.why.written import written


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
    _known: dict[str, tuple[list[ReadPolicy], bool]] = field(default_factory=dict)
    _was_simulated: bool = False

    def explain(self, question: Question) -> Explanation:
        """Gather the evidence, and say what it means."""
        own = None if isinstance(self.caller, Unknown) else self.caller.account_id
        reader = None if self.signed_in is None else PolicyReader(self.signed_in, [], own)
        finding = self._told(question, reader)
        told = question.principal or question.refusal.principal or (finding and finding.principal) or None
        entity = self._entity(told)
        said = self._said(question.refusal, told or entity)
        if finding is None:
            finding = said
        elif said is not None:
            finding = completed(finding, said)
        case = self._case(question, finding, entity or told, reader)
        now = self._simulated(question, entity, reader, case)
        if case is not None:
            now, asked = decided(now, case)
            self.evidence.extend(asked)
        finding = only_deciding(joined(finding, now, resource_is_read=case is not None and case.resource_is_read))
        if finding is not None and case is not None and reader is not None:
            finding = self._with_statements(finding, question.refusal, case, reader)
        if case is not None and finding is not None and not (finding.allowed or finding.is_explicit):
            finding = dataclasses.replace(finding, near_misses=case.near_misses(finding.blocked_by))
        if reader is not None and reader.failures:
            self._note("policies", "not all could be read: " + "; ".join(dict.fromkeys(reader.failures)))
        if finding is not None and finding.is_explicit and not finding.statements and question.refusal.policy_arn:
            kind = finding.blocked_by or IDENTITY
            named = FoundStatement(question.refusal.policy_arn, kind, "Deny", None, None, None, None, None)
            finding = dataclasses.replace(finding, statements=(named,))
        return written(finding, case, self._unread(finding, case, own), tuple(self.evidence))

    def _case(
        self, question: Question, finding: Finding | None, principal: str | None, reader: PolicyReader | None
    ) -> Case | None:
        """Put the question to our own engine, with the policies that can be read."""
        action = question.refusal.action if finding is None else finding.action
        resource = question.refusal.resource if finding is None else finding.resource
        if action is None or "*" in action:
            return None
        entity = role_of(principal) or principal
        known, is_read = self._read(entity, reader)
        of_resource = None if reader is None else reader.of_resource(action, resource)
        policies = (*known, *(() if of_resource is None else (of_resource,)))
        told = None if finding is None else finding.context
        asked = asked_keys(policies)
        circumstances = gather(told, question.context, entity, resource, asked, reader)
        if told is None:
            read = [f"{key} = {', '.join(values)}" for key, values in circumstances.entries(asked).items()]
            if read:
                self._note("request", f"known of it: {'; '.join(read)}")
        return Case(entity, action, resource, policies, circumstances, is_read)

    def _unread(self, finding: Finding | None, case: Case | None, own: str | None) -> tuple[str, ...]:
        if finding is None or not finding.allowed:
            return ()
        identity = self._was_simulated or (case is not None and case.identity_is_read)
        resource = case is not None and case.resource_is_read
        return tuple(unread(finding, self.signed_in, own, identity=identity, resource=resource))

    def _note(self, source: str, result: str) -> None:
        self.evidence.append(Evidence(source, result))

    def _entity(self, told: str | None) -> str | None:
        """Find the user or role whose policies count; without anybody's ARN it is who asks."""
        if told is not None and ":assumed-role/" not in told:
            return told if ":user/" in told or ":role/" in told else None
        if self.signed_in is None or isinstance(self.caller, Unknown):
            return None
        if told is not None and account_in(told) != self.caller.account_id:
            # A role of that name here would be another.
            return None
        caller = self.caller if told is None else Caller(told, account_in(told) or "", "")
        source = policy_source(self.signed_in.client("iam"), caller)
        return None if isinstance(source, Unknown) else source

    def _read(self, entity: str | None, reader: PolicyReader | None) -> tuple[Sequence[ReadPolicy], bool]:
        """Read an entity's policies, once; False: not all of them."""
        if entity is None or reader is None:
            return (), False
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
                finding = find(where.client(service), given, lambda arn: self._read(self._entity(arn), reader)[0])
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
        principal: str | None,
        reader: PolicyReader | None,
        case: Case | None,
    ) -> Finding | None:
        """Simulate, where what is asked can be."""
        if case is None:
            return None
        if case.resource is None:
            self._note("simulation", f"not done: the resource is not named; keywright why {case.action} ARN")
            return None
        if reader is None or principal is None:
            self._note("simulation", "not done: " + self._why_not(principal))
            return None
        assert self.signed_in is not None
        iam, known = self.signed_in.client("iam"), self._read(principal, reader)[0]
        bucket = [one for one in case.policies if one.policy_type == RESOURCE and one.text]
        policy = bucket[0] if bucket and ":user/" in principal else None
        context = {**case.circumstances.entries(simulated_keys(case)), **question.context}
        resource, action = case.resource, case.action
        answer = attempt(lambda: simulate(iam, principal, action, resource, context, known, policy))
        if isinstance(answer, Unknown):
            self._note("simulation", f"no answer: {answer.why}")
            return None
        self._was_simulated = True
        self._note("simulation", "allows it" if answer.allowed else "denies it")
        return answer

    def _why_not(self, principal: str | None) -> str:
        if self.signed_in is None:
            return "nobody is signed in"
        if isinstance(self.caller, Unknown):
            return self.caller.why
        return "only users and roles can be simulated" if principal is None else "there are no policies"

    def _with_statements(self, finding: Finding, refusal: Refusal, case: Case, reader: PolicyReader) -> Finding:
        """Look for the denying statements in the policies, where nothing named them."""
        if finding.allowed or not finding.is_explicit or any(one.number is not None for one in finding.statements):
            return finding
        policies = [one for one in case.policies if finding.blocked_by in {None, one.policy_type}]
        if refusal.policy_arn is not None:
            read = reader.of_arn(refusal.policy_arn, finding.blocked_by or IDENTITY)
            policies = [] if read is None else [read]
        found = tuple(statement for one in policies for _, statement in case.concerned(one, "Deny"))
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
