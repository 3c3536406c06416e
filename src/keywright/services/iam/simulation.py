"""The policy simulator: the corridor's own engine, asked about requests that nobody makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from keywright.policy.context_keys import missing_keys
from keywright.policy.decide import Decision, Outcome, decide
from keywright.policy.document import MalformedDocument, Position
from keywright.policy.evaluate import CompiledPolicy, CompiledStatement, PolicySource, PolicyType, compile_policy
from keywright.policy.policy_set import Policies, PolicySet
from keywright.policy.request import AuthorizationRequest
from keywright.policy.validate import PolicyKind, read_policy
from keywright.services.iam.borne_policies import (
    BornePolicy,
    borne_policies,
    boundary_of,
    excludes_boundary,
    find_bearer,
    policy_source,
    without_excluded,
)
from keywright.services.iam.errors import InvalidInput
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.iam.simulated_requests import (
    Simulation,
    arn_template,
    bounded_page,
    check_actions,
    check_resources,
    owner_account,
    read_context,
    simulated_caller,
)
from keywright.services.operation import Call, Result, everything, operation

_SEVERITY: Final[dict[Outcome, int]] = {"allowed": 0, "implicitDeny": 1, "explicitDeny": 2}
_SHOWN: Final[dict[PolicyType, str]] = {
    "identity": "IAM Policy",
    "resource": "Resource Policy",
    "boundary": "Permissions Boundary Policy",
}
"""What results tell of, and in which words; service control policies are told of by a member of their own."""


class _Asked(NamedTuple):
    """One question, and its answer."""

    request: AuthorizationRequest
    decision: Decision


@operation(resource=everything, takes_time=True)
def simulate_custom_policy(
    call: Call,
    *,
    policy_input_list: list[str],
    action_names: list[str],
    permissions_boundary_policy_input_list: list[str] | None = None,
    ordered_organization_policy_input_list: list[dict[str, Any]] | None = None,
    resource_arns: list[str] | None = None,
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: list[dict[str, Any]] | None = None,
    resource_handling_option: str | None = None,
    max_items: int | None = None,
    marker: str | None = None,
) -> Result:
    """
    Decide requests under policies that are given as text.

    Raises: InvalidInput.
    """
    policies = PolicySet(
        identity=_compile_texts(policy_input_list, "PolicyInputList", "identity"),
        boundary=_given_boundary(permissions_boundary_policy_input_list),
        scps=_compile_levels(ordered_organization_policy_input_list or []),
    )
    simulation = _simulation(call, caller_arn, resource_owner, context_entries)
    if resource_policy is not None:
        policies = _with_resource(policies, resource_policy, caller_arn)
    asked = _Questions(action_names, resource_arns, resource_handling_option)
    return _answer(policies, simulation, asked, PageRequest(marker, max_items))


@operation(resource=policy_source, takes_time=True)
def simulate_principal_policy(
    call: Call,
    *,
    policy_source_arn: str,
    action_names: list[str],
    policy_input_list: list[str] | None = None,
    permissions_boundary_policy_input_list: list[str] | None = None,
    policy_exclusion_list: list[dict[str, Any]] | None = None,
    resource_arns: list[str] | None = None,
    resource_policy: str | None = None,
    resource_owner: str | None = None,
    caller_arn: str | None = None,
    context_entries: list[dict[str, Any]] | None = None,
    resource_handling_option: str | None = None,
    max_items: int | None = None,
    marker: str | None = None,
) -> Result:
    """
    Decide requests under the policies of a user, group or role, without those that are excluded, with more as text.

    Raises: InvalidInput; NoSuchEntity.
    """
    bearer = find_bearer(call, policy_source_arn)
    exclusions = policy_exclusion_list or []
    borne = without_excluded(borne_policies(call, bearer), exclusions)
    boundary = _given_boundary(permissions_boundary_policy_input_list)
    own_boundary = boundary_of(call, bearer)
    if boundary is None and own_boundary is not None and not excludes_boundary(exclusions, own_boundary):
        boundary = (_compile_borne(own_boundary, "boundary"),)
    given = _compile_texts(policy_input_list or [], "PolicyInputList", "identity")
    policies = PolicySet(identity=(*(_compile_borne(one, "identity") for one in borne), *given), boundary=boundary)
    caller = caller_arn or policy_source_arn
    simulation = _simulation(call, caller, resource_owner, context_entries)
    if resource_policy is not None:
        if simulation.caller.principal.type == "role-session":
            raise InvalidInput("Simulation of resource-based policies isn't supported for IAM roles.")
        policies = _with_resource(policies, resource_policy, caller)
    asked = _Questions(action_names, resource_arns, resource_handling_option)
    return _answer(policies, simulation, asked, PageRequest(marker, max_items))


class _Questions(NamedTuple):
    """What is asked, as given."""

    action_names: list[str]
    resource_arns: list[str] | None
    handling_option: str | None


def _simulation(
    call: Call, caller_arn: str | None, owner: str | None, context_entries: list[dict[str, Any]] | None
) -> Simulation:
    caller = simulated_caller(call, caller_arn)
    return Simulation(caller, owner_account(owner, caller), read_context(context_entries or []))


def _compile_borne(policy: BornePolicy, kind: PolicyType) -> CompiledPolicy:
    return _compile(policy.document, PolicySource(policy.identifier, kind, policy.arn), "identity")


def _compile_texts(texts: Iterable[str], name: str, kind: PolicyType) -> Policies:
    return tuple(
        _compile(text, PolicySource(f"{name}.{number}", kind), "identity") for number, text in enumerate(texts, 1)
    )


def _compile_levels(levels: Sequence[dict[str, Any]]) -> Policies:
    """Compile the service control policies of each level of an organisation, the root first."""
    return tuple(
        _compile(text, PolicySource(f"ServiceControlPolicyInputList.{number}", "scp", attached_to=str(level)), "scp")
        for level, policies in enumerate(levels, 1)
        for number, text in enumerate(policies.get("ServiceControlPolicyInputList") or [], 1)
    )


def _given_boundary(texts: list[str] | None) -> Policies | None:
    if not texts:
        return None
    if len(texts) > 1:
        raise InvalidInput("Only one permissions boundary can be simulated.")
    return _compile_texts(texts, "PermissionsBoundaryPolicyInputList", "boundary")


def _with_resource(policies: PolicySet, text: str, caller_arn: str | None) -> PolicySet:
    if caller_arn is None:
        raise InvalidInput("CallerArn is required when a ResourcePolicy is given.")
    return policies.with_resource((_compile(text, PolicySource("ResourcePolicy", "resource"), "resource"),))


def _compile(text: str, source: PolicySource, kind: PolicyKind) -> CompiledPolicy:
    try:
        return compile_policy(read_policy(text, kind), source)
    except MalformedDocument as error:
        raise InvalidInput(f"Invalid Content Policy: {error.message}") from None


def _answer(policies: PolicySet, simulation: Simulation, questions: _Questions, page: PageRequest) -> Result:
    """Decide a page of the actions, each about every resource."""
    check_actions(questions.action_names)
    check_resources(questions.resource_arns or [], questions.handling_option)
    numbered = list(enumerate(questions.action_names))
    actions, truncation = slice_page(numbered, lambda one: f"{one[0]:09d}", bounded_page(page, questions.resource_arns))
    results = [_evaluate(policies, simulation, action, questions.resource_arns) for _, action in actions]
    return {"EvaluationResults": results, **truncation}


def _evaluate(
    policies: PolicySet, simulation: Simulation, action: str, resource_arns: list[str] | None
) -> dict[str, Any]:
    asked = []
    for resource in resource_arns or ["*"]:
        request = simulation.request(action, resource)
        asked.append(_Asked(request, decide(request, policies)))
    worst = max(asked, key=lambda one: _SEVERITY[one.decision.outcome]).decision.outcome
    contributing = [one for one in asked if one.decision.outcome == worst]
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": _result_name(action, resource_arns),
        "EvalDecision": worst,
        "MatchedStatements": _statements(contributing),
        "MissingContextValues": _missing(asked, policies),
    }
    if policies.scps:
        allowed = all(one.decision.outcome_of("scp") == "allowed" for one in asked)
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": allowed}
    if policies.boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = _boundary_detail(asked)
    if resource_arns is not None and set(resource_arns) != {"*"}:
        if not any(_ended_by_organisation(one) for one in asked):
            result["EvalDecisionDetails"] = _details(asked)
        result["ResourceSpecificResults"] = [_evaluate_resource(one, policies) for one in asked]
    return result


def _result_name(action: str, resource_arns: list[str] | None) -> str:
    """
    Return the resource that a result is about: the one that was asked about, else the template of such ARNs.

    AWS: published answers name the one resource, and a template where there were several.
    """
    if resource_arns is not None and len(resource_arns) == 1 and resource_arns != ["*"]:
        return resource_arns[0]
    return arn_template(action)


def _evaluate_resource(asked: _Asked, policies: PolicySet) -> dict[str, Any]:
    result: dict[str, Any] = {
        "EvalResourceName": asked.request.resource,
        "EvalResourceDecision": asked.decision.outcome,
        "MatchedStatements": _statements([asked]),
        "MissingContextValues": _missing([asked], policies),
    }
    if policies.boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = _boundary_detail([asked])
    details = _details([asked])
    if details and not _ended_by_organisation(asked):
        result["EvalDecisionDetails"] = details
    return result


def _boundary_detail(asked: Sequence[_Asked]) -> dict[str, bool]:
    allowed = all(one.decision.outcome_of("boundary") == "allowed" for one in asked)
    return {"AllowedByPermissionsBoundary": allowed}


def _ended_by_organisation(asked: _Asked) -> bool:
    return asked.decision.outcome_of("scp") not in (None, "allowed")


def _details(asked: Sequence[_Asked]) -> dict[str, Outcome]:
    """Tell what each type of policy says by itself, of requests across accounts: the worst of them."""
    details: dict[str, Outcome] = {}
    for request, decision in asked:
        if request.principal.account_id == request.resource_account:
            continue
        for kind, words in _SHOWN.items():
            outcome = decision.outcome_of(kind)
            if kind == "resource" and outcome is None:
                outcome = "implicitDeny"
            if outcome is not None:
                details[words] = max(details.get(words, outcome), outcome, key=_SEVERITY.__getitem__)
    return details


def _statements(asked: Sequence[_Asked]) -> list[dict[str, Any]]:
    """Give the statements that decided, each once: of identity and resource policies only, as AWS does."""
    found: dict[int, CompiledStatement] = {}
    for _, decision in asked:
        found |= {id(one): one for one in decision.statements if one.source.policy_type in ("identity", "resource")}
    return [
        {
            "SourcePolicyId": one.source.name,
            "SourcePolicyType": _SHOWN[one.source.policy_type],
            "StartPosition": _position(one.statement.start),
            "EndPosition": _position(one.statement.end),
        }
        for one in found.values()
    ]


def _position(position: Position) -> dict[str, int]:
    return {"Line": position.line, "Column": position.column}


def _missing(asked: Sequence[_Asked], policies: PolicySet) -> list[str]:
    """List the keys that identity and resource policies ask for and the simulation lacks, each once."""
    found: dict[str, str] = {}
    for request, decision in asked:
        action = decision.action.lower()
        statements = [one for policy in (*policies.identity, *policies.resource) for one in policy.candidates(action)]
        for key in missing_keys(statements, request):
            found.setdefault(key.lower(), key)
    return list(found.values())
