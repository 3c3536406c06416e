"""What decisions carry and what sets of policies remember."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keywright.policy import policy_set
from keywright.policy.context_keys import context_keys
from keywright.policy.decide import decide
from keywright.policy.document import Position, parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, PolicyType, compile_policy
from keywright.policy.explain import denial_clause
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import NO_CONTEXT, AuthorizationRequest, Principal
from keywright.policy.variables import Template, parse

ACCOUNT = "111122223333"
BOB = Principal("user", f"arn:aws:iam::{ACCOUNT}:user/Bob", ACCOUNT)
SESSION = Principal(
    "role-session", f"arn:aws:sts::{ACCOUNT}:assumed-role/Dev/bob", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/Dev"
)
ADMIN = {"Effect": "Allow", "Action": "*", "Resource": "*"}
QUEUES = {**ADMIN, "Action": "sqs:*"}


def policy(*statements: dict[str, Any], kind: PolicyType = "identity", arn: str | None = None) -> CompiledPolicy:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return compile_policy(parse_document(text), PolicySource("p", kind, arn))


def request(action: str = "s3:GetObject", resource: str = "arn:aws:s3:::b/k", **context: str) -> AuthorizationRequest:
    return AuthorizationRequest(
        action, resource, BOB, ACCOUNT, {f"k:{key}": (value,) for key, value in context.items()}
    )


def test_a_decision_names_its_statements_and_their_places() -> None:
    """The simulator's MatchedStatements need the policy's source and the statement's place in the text."""
    allowing = policy({"Sid": "Other", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"}, {"Sid": "A", **ADMIN})
    (matched,) = decide(request(), PolicySet((allowing,))).statements
    assert matched.source is allowing.source
    assert matched.statement.sid == "A"
    text = allowing.document.text
    assert matched.statement.start == Position(1, text.index(', {"Sid": "A"') + 1)
    assert matched.statement.end == Position(1, len(text) - 1)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("identity", "n identity-based policy"),
        ("boundary", " permissions boundary"),
        ("session", " session policy"),
        ("resource", " resource-based policy"),
        ("scp", " service control policy"),
        ("rcp", " resource control policy"),
    ],
)
@pytest.mark.parametrize("arn", [None, "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"])
def test_an_explicit_deny_is_told_in_aws_words(kind: PolicyType, name: str, arn: str | None) -> None:
    """The refusal names the type of the policy that denied, and its ARN where it has one."""
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    denying = policy({**deny, "Principal": "*"} if kind in ("resource", "rcp") else deny, kind=kind, arn=arn)
    fields: dict[str, Any] = {{"scp": "scps", "rcp": "rcps"}.get(kind, kind): (denying,)}
    clause = denial_clause(decide(request(), PolicySet(**fields)))
    assert clause == f" with an explicit deny in a{name}" + (f": {arn}" if arn else "")


@pytest.mark.parametrize(
    ("policies", "name"),
    [
        (PolicySet(), "identity-based policy"),
        (PolicySet((policy(ADMIN),), boundary=()), "permissions boundary"),
        (PolicySet((policy(ADMIN),), session=()), "session policy"),
        (PolicySet((policy(ADMIN),), scps=(policy(QUEUES, kind="scp"),)), "service control policy"),
        (PolicySet((policy(ADMIN),), rcps=(policy(QUEUES, kind="rcp"),)), "resource control policy"),
        (PolicySet((policy(ADMIN),), resource_must_allow=True), "resource-based policy"),
    ],
)
def test_an_implicit_deny_is_told_in_aws_words(policies: PolicySet, name: str) -> None:
    """The refusal names the type of policy that does not allow, and the action as it was asked."""
    clause = denial_clause(decide(request("S3:getObject"), policies))
    assert clause == f" because no {name} allows the S3:getObject action"


@pytest.mark.parametrize(
    "action", ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
)
def test_a_trust_policy_has_its_own_name(action: str) -> None:
    """A role's resource-based policy is its trust policy."""
    denied = decide(request(action), PolicySet((policy(ADMIN),), resource_must_allow=True))
    assert denial_clause(denied) == f" because no role trust policy allows the {action} action"


def test_an_allowed_request_has_no_denial_clause() -> None:
    """There is nothing to say of a refusal that was none."""
    decision = decide(request(), PolicySet((policy(ADMIN),)))
    assert denial_clause(decision) == ""
    assert repr(decision) == "<Decision allowed s3:GetObject, blocked by None>"


@pytest.mark.parametrize("caller", [BOB, SESSION])
def test_an_answer_that_cannot_change_is_kept_without_its_request(caller: Principal) -> None:
    """Unconditional policies answer with one and the same decision, which holds on to nobody's context."""
    policies = PolicySet((policy(ADMIN),))
    first, second, third = (decide(request(tag=tag)._replace(principal=caller), policies) for tag in "abc")
    assert first is not second
    assert second is third
    assert second._request.context is NO_CONTEXT
    assert second.statements == first.statements


def test_an_answer_is_not_kept_for_another_account() -> None:
    """The kept answer of the own account is not given to a request that crosses accounts, nor to another principal."""
    policies = PolicySet((policy(ADMIN),))
    assert decide(request(), policies).allowed
    abroad = request()._replace(resource_account="444455556666")
    assert decide(abroad, policies).blocked_by == "resource"
    assert decide(request()._replace(principal=Principal("anonymous", "", "")), policies).blocked_by == "resource"
    federated = BOB._replace(type="federated")
    assert decide(request()._replace(principal=federated), policies).blocked_by == "session"


def test_an_answer_is_not_kept_from_another_account() -> None:
    """What the root user or a stranger is answered is not what a user of the own account is answered after it."""
    nothing, everything = PolicySet(), PolicySet((policy(ADMIN),))
    assert decide(request()._replace(principal=BOB._replace(type="root")), nothing).allowed
    assert decide(request(), nothing).blocked_by == "identity"
    assert decide(request()._replace(resource_account="444455556666"), everything).blocked_by == "resource"
    assert decide(request(), everything).allowed


def test_an_answer_that_may_change_is_not_kept() -> None:
    """A policy with a condition is asked anew for each request."""
    policies = PolicySet((policy({**ADMIN, "Condition": {"StringEquals": {"k:team": "blue"}}}),))
    assert [decide(request(team=team), policies).allowed for team in ("blue", "red", "blue")] == [True, False, True]


def test_a_set_forgets_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans and joined sets are bounded, whatever is asked, and the answers stay the same."""
    monkeypatch.setattr(policy_set, "_MAX_PLANS", 4)
    monkeypatch.setattr(policy_set, "_MAX_RESOURCES", 4)
    policies = PolicySet((policy({**ADMIN, "Action": "s3:*"}),))
    for number in range(20):
        assert decide(request(f"s3:Get{number}"), policies).allowed
        assert not decide(request(f"sqs:Get{number}"), policies).allowed
        assert policies.with_resource((policy(ADMIN, kind="resource"),)).resource
    assert len(policies.plans) <= 4
    assert len(policies._joined) <= 4


def test_a_resources_policies_join_a_callers_set() -> None:
    """The same resource's policies give the same set, with all that it has learnt; the caller's set stays as it is."""
    bucket = policy({**ADMIN, "Principal": {"AWS": BOB.arn}}, kind="resource")
    alone = PolicySet()
    joined = alone.with_resource((bucket,))
    assert joined is alone.with_resource((bucket,))
    assert joined is not alone.with_resource((bucket,), must_allow=True)
    assert alone.with_resource((bucket,), must_allow=True).resource_must_allow
    assert decide(request(), joined).allowed
    assert not decide(request(), alone).allowed


def test_a_resource_policy_without_principal_names_nobody() -> None:
    """A statement that validation would refuse grants nothing if it is met."""
    assert not decide(request(), PolicySet(resource=(policy(ADMIN, kind="resource"),))).allowed


@pytest.mark.parametrize(
    "elements",
    [
        *({"Resource": "*"}, {"Action": [], "Resource": "*"}, {"NotAction": [], "Resource": "*"}),
        *({"Action": "*"}, {"Action": "*", "Resource": []}, {"Action": "*", "NotResource": []}),
    ],
)
def test_a_statement_that_names_nothing_is_closed(elements: dict[str, Any]) -> None:
    """Met in spite of validation, a statement without action or resource allows nothing and denies everything."""
    allow, deny = (policy({"Effect": effect, **elements}) for effect in ("Allow", "Deny"))
    assert decide(request(), PolicySet((allow,))).outcome == "implicitDeny"
    assert decide(request(), PolicySet((policy(ADMIN), deny))).outcome == "explicitDeny"


@pytest.mark.parametrize("kind", ["boundary", "session", "scp", "rcp"])
def test_only_a_resource_policy_speaks_of_its_bearer(kind: PolicyType) -> None:
    """A limit whose statement names no resource, met in spite of validation, lets nothing through."""
    limit = policy({"Effect": "Allow", "Action": "*"}, kind=kind)
    limits: dict[str, Any] = {f"{kind}s" if kind in {"scp", "rcp"} else kind: (limit,)}
    assert decide(request(), PolicySet((policy(ADMIN),), **limits)).outcome == "implicitDeny"


def test_a_template_forgets_rather_than_grow() -> None:
    """Fillings are kept for the values met, up to a bound, and stay right."""
    template = Template(list(parse("${k:a}-x", variables=True)), "".join)  # type: ignore[arg-type]
    for number in range(1000):
        assert template.fill({"k:a": (str(number),)}) == f"{number}-x"
    assert len(template._filled) <= 256
    assert template.fill({}) is None


def test_context_keys_are_found_wherever_they_stand() -> None:
    """GetContextKeys lists condition keys and variables of resources and values, each once, as first spelt."""
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": ["arn:aws:s3:::${aws:username}/${aws:PrincipalTag/team, 'x'}", "arn:aws:s3:::${*}"],
        "Condition": {
            "StringLike": {"s3:prefix": ["${aws:userid}/*", "${AWS:USERNAME}", "${broken"]},
            "NumericLessThan": {"s3:max-keys": "${k:notAVariable}"},
            "StringEqualz": {"k:odd": "${k:neither}"},
            "Null": {"aws:UserID": "true"},
        },
    }
    excluding = {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::${s3:bucket}"}
    document = parse_document(json.dumps({"Version": "2012-10-17", "Statement": [statement, excluding]}))
    expected = ("aws:username", "aws:PrincipalTag/team", "s3:prefix", "aws:userid", "s3:max-keys", "k:odd", "s3:bucket")
    assert context_keys(document) == expected
    old = parse_document(json.dumps({"Statement": [statement, excluding]}))
    assert context_keys(old) == ("s3:prefix", "s3:max-keys", "k:odd", "aws:UserID")


def test_missing_keys_are_those_of_statements_that_concern_the_caller() -> None:
    """A resource policy's statement about somebody else asks for nothing."""
    condition = {"StringEquals": {"k:One": "x"}}
    other = {"AWS": "arn:aws:iam::111122223333:user/Eve"}
    statements = [
        {**ADMIN, "Principal": other, "Condition": {"StringEquals": {"k:Two": "x"}}},
        {**ADMIN, "Principal": {"AWS": BOB.arn}, "Condition": condition},
        {**ADMIN, "Principal": "*", "Resource": "arn:aws:s3:::other", "Condition": {"Bool": {"k:Three": "true"}}},
    ]
    decision = decide(request(), PolicySet(resource=(policy(*statements, kind="resource"),)))
    assert decision.missing_context == ("k:One",)


def test_a_policy_is_equal_to_itself_alone() -> None:
    """Two compilations of one text are two policies: sets are told apart by identity, at no cost."""
    one, other = policy(ADMIN), policy(ADMIN)
    assert one == one  # noqa: PLR0124 (the point)
    assert one != other
    assert len({one, other}) == 2


def test_missing_keys_under_a_boundary_spare_nobody() -> None:
    """A boundary makes a Deny with NotPrincipal concern whom it else spares: what it asks for is missing."""
    condition = {"StringEquals": {"k:One": "x"}}
    spared = {**ADMIN, "Effect": "Deny", "NotPrincipal": {"AWS": [BOB.arn, ACCOUNT]}, "Condition": condition}
    allowing, denying = (policy(ADMIN),), (policy(spared, kind="resource"),)
    assert decide(request(), PolicySet(allowing, resource=denying)).missing_context == ()
    bounded = PolicySet(allowing, boundary=(policy(ADMIN, kind="boundary"),), resource=denying)
    assert decide(request(), bounded).missing_context == ("k:One",)


def test_as_many_plans_are_kept_as_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set forgets its plans when one more would be too many, and not before."""
    monkeypatch.setattr(policy_set, "_MAX_PLANS", 4)
    monkeypatch.setattr(policy_set, "_MAX_RESOURCES", 4)
    policies, sizes = PolicySet((policy(ADMIN),)), []
    for number in range(6):
        decide(request(f"s3:Get{number}"), policies)
        sizes.append(len(policies.plans))
    assert sizes == [1, 2, 3, 4, 1, 2]
    resources = [(policy(ADMIN, kind="resource"),) for _ in range(5)]
    joined = [policies.with_resource(one) for one in resources[:4]]
    assert [policies.with_resource(one) for one in resources[:4]] == joined
    assert all(policies.with_resource(one) is kept for one, kept in zip(resources[:4], joined, strict=True))
    policies.with_resource(resources[4])
    assert policies.with_resource(resources[0]) is not joined[0]
