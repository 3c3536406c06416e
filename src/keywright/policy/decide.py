"""
Decide a request: allowed, explicitDeny or implicitDeny, and never without the reasons.

The order is AWS's (User Guide, "Policy evaluation logic"): an explicit deny anywhere; the organisation's policies; then
what the resource's policy grants, and how it names the caller; then identity policies, boundary and session policy.
"""

from __future__ import annotations

from typing import Final, Literal

from keywright.policy.context_keys import missing_keys
from keywright.policy.evaluate import CompiledStatement, PolicyType
from keywright.policy.plan import TYPES, Plan
from keywright.policy.policy_set import PolicySet
from keywright.policy.principals import Naming
from keywright.policy.request import NO_CONTEXT, AuthorizationRequest, Principal, PrincipalType

Outcome = Literal["allowed", "explicitDeny", "implicitDeny"]

_ORDINARY: Final[frozenset[PrincipalType]] = frozenset({"user", "role-session"})
_WITHOUT_POLICIES: Final[frozenset[PrincipalType]] = frozenset({"service", "identity-provider", "anonymous"})


class Decision:
    """
    An answer; its reasons are found when they are asked for.

    They are looked up in the request's own context, so ask for them while that still answers.
    """

    __slots__ = ("_missing_allow", "_plan", "_request", "outcome")

    def __init__(
        self, outcome: Outcome, missing_allow: PolicyType | None, plan: Plan, request: AuthorizationRequest
    ) -> None:
        self.outcome: Final = outcome
        self._missing_allow: Final = missing_allow
        self._plan: Final = plan
        self._request: Final = request

    def __repr__(self) -> str:
        return f"<Decision {self.outcome} {self.action}, blocked by {self.blocked_by}>"

    @property
    def allowed(self) -> bool:
        """Tell whether the request may go on."""
        return self.outcome == "allowed"

    @property
    def action(self) -> str:
        """Give the action as it was asked."""
        return self._plan.action

    @property
    def statements(self) -> tuple[CompiledStatement, ...]:
        """
        Give the statements that decided: those that denied, or those of identity and resource policies that allowed.

        Each carries its policy's source and its own place in the text. None decided an implicit deny.
        """
        plan = self._plan
        if self.outcome == "implicitDeny":
            return ()
        if self.outcome == "allowed":
            return self._applying(plan.allows["identity"] + plan.allows["resource"])
        return self._applying(tuple(statement for kind in TYPES for statement in plan.denies[kind]))

    def statements_of(self, kind: PolicyType) -> tuple[CompiledStatement, ...]:
        """Give the statements of one type's policies that apply: those that deny, or else those that allow."""
        return self._applying(self._plan.denies[kind]) or self._applying(self._plan.allows[kind])

    @property
    def blocked_by(self) -> PolicyType | None:
        """Give the type of policy that stood in the way, the first where there are several; None when allowed."""
        return self.statements[0].source.policy_type if self.outcome == "explicitDeny" else self._missing_allow

    @property
    def missing_context(self) -> tuple[str, ...]:
        """Give the context keys, as the policies spell them, that the matching statements ask for and nobody sent."""
        plan = self._plan
        statements = [one for kind in TYPES for one in (*plan.denies[kind], *plan.allows[kind])]
        return missing_keys(statements, self._request)

    def outcome_of(self, kind: PolicyType) -> Outcome | None:
        """Give what the policies of one type say by themselves; None where the request meets none of that type."""
        plan = self._plan
        policies = plan.policies[kind]
        if policies is None or (not policies and kind in ("scp", "rcp", "resource")):
            return None
        statements = self.statements_of(kind)
        if any(statement.effect == "Deny" for statement in statements):
            return "explicitDeny"
        levels = [applies(self._request) for level, applies in plan.levels if level == kind]
        return "allowed" if statements and all(levels) else "implicitDeny"

    def _applying(self, statements: tuple[CompiledStatement, ...]) -> tuple[CompiledStatement, ...]:
        """Give the statements that apply to the request."""
        return tuple(statement for statement in statements if statement.applies(self._request))


def decide(request: AuthorizationRequest, policies: PolicySet) -> Decision:
    """Decide a request under the policies that apply to it."""
    plan = policies.plans.get(request.action)
    if plan is None:
        plan = policies.plan(request.action)
    principal = request.principal
    ordinary = principal.account_id == request.resource_account and principal.type in _ORDINARY
    if ordinary and plan.settled is not None:
        return plan.settled
    if plan.denied(request):
        decision = Decision("explicitDeny", None, plan, request)
    elif ordinary and plan.identity_alone:
        allowed = plan.identity(request)
        decision = Decision("allowed" if allowed else "implicitDeny", None if allowed else "identity", plan, request)
    else:
        missing = _missing_allow(plan, request)
        decision = Decision("allowed" if missing is None else "implicitDeny", missing, plan, request)
    if ordinary and plan.settles:
        # The answer outlives the request; the request's context must not.
        request = request._replace(context=NO_CONTEXT)
        plan.settled = Decision(decision.outcome, decision._missing_allow, plan, request)  # noqa: SLF001
    return decision


def _missing_allow(plan: Plan, request: AuthorizationRequest) -> PolicyType | None:
    """Give the type of the first policy that had to allow and did not; None when nothing is missing."""
    for kind, allows in plan.levels:
        if not allows(request):
            return kind
    naming = _naming(plan.resource, request) if plan.resource else Naming.NONE
    principal = request.principal
    if principal.type in _WITHOUT_POLICIES:
        return None if naming else "resource"
    same_account = principal.account_id == request.resource_account
    if same_account and naming is Naming.SELF:
        return None
    if not (same_account and naming is Naming.ENTITY) and not _is_root(principal) and not plan.identity(request):
        return "identity"
    if naming is Naming.NONE and (plan.resource_must_allow or not same_account):
        return "resource"
    return _missing_limit(plan, request)


def _is_root(principal: Principal) -> bool:
    """Tell whether the root user asks, in person or by a GetFederationToken session: no identity policy limits it."""
    return principal.type == "root" or (
        principal.type == "federated" and principal.issuer_arn is not None and principal.issuer_arn.endswith(":root")
    )


def _missing_limit(plan: Plan, request: AuthorizationRequest) -> PolicyType | None:
    """Ask what limits the caller: its boundary, its session policy."""
    if plan.boundary is not None and not plan.boundary(request):
        return "boundary"
    if plan.session is None:
        # AWS: a GetFederationToken session that was given no policy "has no permissions".
        return "session" if request.principal.type == "federated" else None
    return None if plan.session(request) else "session"


def _naming(statements: tuple[CompiledStatement, ...], request: AuthorizationRequest) -> Naming:
    """Give the strongest way in which an allowing resource policy names the caller."""
    best = Naming.NONE
    for statement in statements:
        # `validate` asks for a Principal in every resource policy: one without it names nobody.
        naming = Naming.NONE if statement.naming is None else statement.naming(request.principal)
        if naming > best and statement.covers(request):
            best = naming
    return best
