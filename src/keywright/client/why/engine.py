"""Decide with Keywright's own policy engine, over the policies that could be read and what is known of the request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from keywright.client.why.circumstances import Circumstances
from keywright.client.why.explanation import AdvisedPolicy, FailedCondition, FoundStatement, NearMiss
from keywright.client.why.policy_text import statements
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, SCP, TRUST, ReadPolicy
from keywright.client.why.resources import account_in, role_of, session_of
from keywright.policy.decide import Decision, decide
from keywright.policy.document import MalformedDocument, parse_document
from keywright.policy.evaluate import CompiledPolicy, CompiledStatement, PolicySource, PolicyType, compile_policy
from keywright.policy.match import Wild, compile_tokens, resource_tokens
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import AuthorizationRequest, Principal
from keywright.policy.variables import Variable, parse

_KINDS: Final[dict[str, PolicyType]] = {
    IDENTITY: "identity",
    BOUNDARY: "boundary",
    RESOURCE: "resource",
    TRUST: "resource",
    SCP: "scp",
    "session policy": "session",
    "resource control policy": "rcp",
}
_MOST_NEAR: Final = 5


@dataclass(frozen=True, slots=True)
class Case:
    """One question, and the policies that were read of those that decide it."""

    principal: str | None
    action: str
    resource: str | None
    """None: it is not known, and may be any."""
    policies: tuple[ReadPolicy, ...]
    circumstances: Circumstances
    identity_is_read: bool = False
    """All of the caller's own policies were read, its groups' and its boundary too."""

    def request(self) -> AuthorizationRequest:
        """Put the question to the engine."""
        principal = _principal(self.principal)
        # Of nobody it is not known that the resource is another account's.
        owner = (account_in(self.resource) if self.principal else None) or principal.account_id
        return AuthorizationRequest(self.action, self.resource or "*", principal, owner, self.circumstances)

    def decide(self, more: Sequence[AdvisedPolicy] = ()) -> tuple[Decision, tuple[str, ...]]:
        """
        Decide with what was read, and with statements that are thought of.

        A Deny that applies only for want of what is not known of the request is left out; the keys that it asks for
        are given beside the decision.
        """
        request = self.request()
        found: dict[PolicyType, list[CompiledPolicy]] = {}
        doubts: dict[str, None] = {}
        for policy in (*self.policies, *(_thought_of(one) for one in more)):
            compiled = read_by_engine(policy)
            if compiled is not None:
                known, unknown = self._without_doubtful(compiled, request)
                found.setdefault(_KINDS[policy.policy_type], []).append(known)
                doubts |= dict.fromkeys(unknown)
        limit = found.get("boundary")
        policies = PolicySet(
            identity=tuple(found.get("identity", ())),
            boundary=None if limit is None else tuple(limit),
            resource=tuple(found.get("resource", ())),
            resource_must_allow=self.is_assuming,
        )
        return decide(request, policies), tuple(doubts)

    @property
    def resource_policy(self) -> ReadPolicy | None:
        """Give the resource's own policy, if it was read; of a bucket without one its text is empty."""
        return next((one for one in self.policies if _KINDS.get(one.policy_type) == "resource"), None)

    @property
    def resource_is_read(self) -> bool:
        """Tell whether what the resource's own policy says is known."""
        return self.resource_policy is not None

    @property
    def is_across_accounts(self) -> bool:
        """Tell whether the resource is another account's than the caller's."""
        return account_in(self.resource) not in {None, account_in(self.principal)}

    @property
    def is_assuming(self) -> bool:
        """Tell whether a role is to be assumed, whose trust policy must allow it."""
        return self.action.lower() == "sts:assumerole"

    def statement(self, decided: CompiledStatement) -> FoundStatement | None:
        """Find a statement of the engine's in the text that was read."""
        for policy in self.policies:
            if (policy.name, _KINDS[policy.policy_type]) == decided.source[:2]:
                for one in statements(policy.text):
                    if (one.end_line, one.end_column) == decided.statement.end:
                        return policy.found(one)
        return None

    def concerned(self, policy: ReadPolicy, effect: str) -> Iterator[tuple[CompiledStatement, FoundStatement]]:
        """Give the statements that name the action, the resource and the caller, their conditions left aside."""
        compiled, request = read_by_engine(policy), self.request()
        placed = statements(policy.text)
        for one in () if compiled is None else compiled.candidates(self.action.lower()):
            named = one.naming is None or self.principal is None or one.naming(request.principal)
            if one.effect == effect and named and self._covers(one):
                index = compiled.statements.index(one) if compiled is not None else 0
                yield one, policy.found(placed[index])

    def near_misses(self, policy_type: str | None) -> tuple[NearMiss, ...]:
        """Give the statements that would allow it but for their conditions, those that lack least first."""
        found = []
        for policy in self.policies:
            if policy_type not in {None, policy.policy_type}:
                continue
            for compiled, statement in self.concerned(policy, "Allow"):
                failed = tuple(self._failed(compiled))
                if failed:
                    found.append(NearMiss(statement, failed))
        return tuple(sorted(found, key=lambda one: len(one.conditions))[:_MOST_NEAR])

    def _failed(self, compiled: CompiledStatement) -> Iterator[FailedCondition]:
        for line, holds in zip(compiled.statement.conditions, compiled.conditions, strict=True):
            if not holds(self.circumstances):
                values = tuple(self._filled(value) for value in line.values)
                had = self.circumstances.get(line.key.lower())
                yield FailedCondition(line.key, line.operator, values, had, self.circumstances.knows(line.key))

    def _filled(self, value: str) -> str:
        """Put in a policy's variables what the request had."""
        pieces = []
        for piece in parse(value, variables="${" in value):
            if isinstance(piece, Variable):
                values = None if piece.name is None else self.circumstances.get(piece.name.lower())
                pieces.append(values[0] if values else piece.default or f"${{{piece.name}}}")
            else:
                pieces.append({Wild.RUN: "*", Wild.ONE: "?"}[piece] if isinstance(piece, Wild) else piece)
        return "".join(pieces)

    def _covers(self, compiled: CompiledStatement) -> bool:
        """Match the resource; a variable whose value is not known may have any."""
        if self.resource is None or compiled.covers_resource(self.request()):
            return True
        patterns = compiled.statement.resources or compiled.statement.not_resources or ()
        if not any("${" in one for one in patterns):
            return False
        return compiled.not_resource or any(self._matches(one) for one in patterns)

    def _matches(self, pattern: str) -> bool:
        pieces = [one if not isinstance(one, Variable) else self._value(one) for one in parse(pattern, variables=True)]
        return compile_tokens(resource_tokens(pieces))(self.resource or "")

    def _value(self, variable: Variable) -> str | Wild:
        values = None if variable.name is None else self.circumstances.get(variable.name.lower())
        return values[0] if values else variable.default or Wild.RUN

    def _without_doubtful(
        self, compiled: CompiledPolicy, request: AuthorizationRequest
    ) -> tuple[CompiledPolicy, list[str]]:
        doubtful, keys = [], []
        for one in compiled.candidates(self.action.lower()):
            unknown = [line.key for line in one.statement.conditions if not self.circumstances.knows(line.key)]
            if one.effect == "Deny" and unknown and one.applies(request):
                doubtful.append(one.statement)
                keys += unknown
        if not doubtful:
            return compiled, []
        kept = tuple(one for one in compiled.document.statements if one not in doubtful)
        return compile_policy(compiled.document._replace(statements=kept), compiled.source), keys


def read_by_engine(policy: ReadPolicy) -> CompiledPolicy | None:
    """Compile a policy that was read; one that the engine cannot read has no say, and nothing is promised of it."""
    try:
        document = parse_document(policy.text)
    except MalformedDocument:
        return None
    return compile_policy(document, PolicySource(policy.name, _KINDS.get(policy.policy_type, "identity")))


def _thought_of(one: AdvisedPolicy) -> ReadPolicy:
    return ReadPolicy("a statement that is advised", "advised", one.policy_type, one.policy)


def _principal(arn: str | None) -> Principal:
    account = account_in(arn) or ""
    role = role_of(arn)
    if role is not None:
        return Principal("role-session", session_of(arn or ""), account, role)
    kind = (arn or "").split(":", 5)[-1]
    if kind == "root":
        return Principal("root", arn or "", account)
    return Principal("user", arn or "", account)
