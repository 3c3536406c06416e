"""Random policies and requests: the compiled engine against a naive evaluator, and what must hold of any decision."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.policy.decide import decide
from keywright.policy.document import parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, compile_policy
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import AuthorizationRequest, Principal

pytestmark = pytest.mark.long

ACCOUNTS = ("111122223333", "444455556666")
ACTIONS = ("s3:GetObject", "s3:PutObject", "iam:GetUser", "iam:CreateUser")
RESOURCES = ("*", "arn:aws:s3:::b/a", "arn:aws:s3:::b/ab:c", "arn:aws:iam::111122223333:user/a", "arn:aws:x:r-1:1:a:b")
KINDS = ("identity", "boundary", "session", "resource", "scp", "rcp")

# --- the naive evaluator: documents as dictionaries, nothing compiled, nothing cut short ---------------------------


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def like(pattern: str, text: str) -> bool:
    parts = [".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def fill(text: str, context: dict[str, Any], wrap: Any = lambda value: value) -> str | None:
    found = re.search(r"\$\{(.*?)\}", text)
    if found is None:
        return text
    values = context.get(found[1].lower(), ())
    rest = fill(text[found.end() :], context, wrap)
    return None if len(values) != 1 or rest is None else text[: found.start()] + wrap(values[0]) + rest


def literal(value: str) -> str:
    return value.replace("*", "\ue000").replace("?", "\ue001")


def covers_resource(pattern: str, resource: str, context: dict[str, Any]) -> bool:
    filled = fill(pattern, context, literal)
    if filled is None:
        return False
    regex, colons = "", 0
    for index, char in enumerate(filled):
        last = filled[index + 1 : index + 2] in ("", ":")
        anything = "." if colons >= 5 or (char == "*" and last) else "[^:]"
        regex += f"{anything}*" if char == "*" else anything if char == "?" else re.escape(char)
        colons += char == ":"
    return re.fullmatch(regex, literal(resource), re.DOTALL) is not None


def like_arn(pattern: str, text: str) -> bool:
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    return len(patterns) == len(parts) == 6 and all(map(like, patterns, parts))


def compare(name: str, wanted: str, value: str) -> bool:
    match name:
        case "StringEquals":
            return literal(wanted) == value
        case "StringLike":
            return like(wanted, value)
        case "ArnLike":
            return like_arn(wanted, value)
        case "NumericLessThan":
            return value.isdigit() and int(value) < int(wanted)
        case "Bool":
            return wanted == value.lower()
        case "DateGreaterThan":
            return value[4:5] == "-" and datetime.fromisoformat(value) > datetime.fromisoformat(wanted)
        case _:
            return value[:1].isdigit() and "." in value and value in map(str, ipaddress.ip_network(wanted))


def holds(operator: str, key: str, wanted: list[str], context: dict[str, Any]) -> bool:
    values = context.get(key.lower(), ())
    if operator == "Null":
        return str(not values).lower() in wanted
    qualifier, _, name = operator.rpartition(":")
    base = name.removesuffix("IfExists").replace("Not", "")
    filled = [text for text in (fill(one, context, literal) for one in wanted) if text is not None]
    met = [any(compare(base, one, literal(value)) for one in filled) != ("Not" in name) for value in values]
    if qualifier == "ForAllValues":
        return not any(values) or all(met)
    if not values:
        return name.endswith("IfExists") or (not qualifier and "Not" in name)
    if qualifier == "ForAnyValue":
        return any(values) and any(met)
    return all(met) if "Not" in name else any(met)


def naming(statement: dict[str, Any], principal: Principal) -> int:
    if "Principal" not in statement:
        return 3
    names = listed(statement["Principal"]["AWS"])
    if "*" in names or principal.arn in names or (principal.type == "root" and principal.account_id in names):
        return 3
    return 2 if principal.issuer_arn in names else 1 if principal.account_id in names else 0


def applies(statement: dict[str, Any], request: AuthorizationRequest) -> bool:
    context: Any = request.context
    actions = listed(statement.get("Action", statement.get("NotAction")))
    resources = listed(statement.get("Resource", statement.get("NotResource")))
    lines = [(op, key, values) for op, keys in statement.get("Condition", {}).items() for key, values in keys.items()]
    return (
        any(like(one.lower(), request.action.lower()) for one in actions) == ("Action" in statement)
        and any(covers_resource(one, request.resource, context) for one in resources) == ("Resource" in statement)
        and all(holds(operator, key, listed(values), context) for operator, key, values in lines)
    )


def naive(request: AuthorizationRequest, policies: dict[str, list[list[dict[str, Any]]] | None]) -> str:
    principal, allows = request.principal, {}
    for kind, documents in policies.items():
        statements = [one for document in documents or [] for one in document if applies(one, request)]
        if any(one["Effect"] == "Deny" and naming(one, principal) for one in statements):
            return "explicitDeny"
        allows[kind] = max((naming(one, principal) for one in statements if one["Effect"] == "Allow"), default=0)
    same = principal.account_id == request.resource_account
    guarded = all(allows[kind] for kind in ("scp", "rcp") if policies[kind])
    limited = all(allows[kind] for kind in ("boundary", "session") if policies[kind] is not None)
    by_identity = principal.type == "root" or allows["identity"] or (same and allows["resource"] == 2)
    allowed = guarded and (
        (same and allows["resource"] == 3) or (by_identity and limited and (same or allows["resource"]))
    )
    return "allowed" if allowed else "implicitDeny"


# --- what is generated ---------------------------------------------------------------------------------------------

pattern_actions = st.sampled_from((*ACTIONS, "*", "s3:*", "iam:get*", "iam:*User", "s3:?etObject", "S3:PUTOBJECT"))
pattern_resources = st.sampled_from(
    (
        *RESOURCES,
        *("arn:aws:s3:::*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a?:c", "arn:aws:s3:::*/a*", "arn:aws:x:*-1:1:a*"),
        *("arn:aws:x:*:b", "arn:aws:iam::*:user/${aws:username}", "arn:aws:s3:::b/${k:a}*", "arn:aws:x:r?1:1:*"),
    )
)
words = ("a", "b", "ab", "*", "5", "50", "true", "2020-01-01", "10.0.0.1", "arn:aws:s3:::a", "")
keys = ("aws:username", "k:a", "K:B")
wanted = {
    "StringEquals": ("a", "b", "*", "${k:a}", "x${aws:username}"),
    "StringLike": ("a*", "?", "*", "${k:a}*", "*b"),
    "ArnLike": ("arn:aws:s3:::a*", "arn:*:*:*:*:*", "arn:aws:s3:::?"),
    "NumericLessThan": ("10", "6"),
    "Bool": ("true", "false"),
    "DateGreaterThan": ("2019-01-01", "2021-01-01"),
    "IpAddress": ("10.0.0.0/30", "10.0.0.1"),
    "Null": ("true", "false"),
}
names = {
    **{name: base for base in wanted for name in (base, f"{base}IfExists") if name != "NullIfExists"},
    "StringNotEquals": "StringEquals",
    "StringNotLikeIfExists": "StringLike",
    "NotIpAddress": "IpAddress",
    "ForAllValues:StringEquals": "StringEquals",
    "ForAnyValue:StringEquals": "StringEquals",
    "ForAllValues:StringLike": "StringLike",
    "ForAnyValue:StringLike": "StringLike",
    "ForAllValues:StringNotEquals": "StringEquals",
    "ForAnyValue:StringNotEquals": "StringEquals",
    "ForAnyValue:ArnNotLikeIfExists": "ArnLike",
    "ForAllValues:NumericLessThan": "NumericLessThan",
}


def condition(name: str) -> st.SearchStrategy[dict[str, Any]]:
    values = st.lists(st.sampled_from(wanted[names[name]]), min_size=1, max_size=2)
    return st.fixed_dictionaries({name: st.dictionaries(st.sampled_from(keys), values, min_size=1, max_size=2)})


lines = st.sampled_from(sorted(names)).flatmap(condition)
principal_names = st.sampled_from(
    (
        *("*", *ACCOUNTS, "arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:role/r"),
        *("arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:iam::444455556666:user/a"),
    )
)


@st.composite
def statements(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    action = draw(st.sampled_from(("Action", "Action", "NotAction")))
    resource = draw(st.sampled_from(("Resource", "Resource", "NotResource")))
    made: dict[str, Any] = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny"))),
        action: draw(st.lists(pattern_actions, min_size=1, max_size=3)),
        resource: draw(st.lists(pattern_resources, min_size=1, max_size=3)),
    }
    if draw(st.booleans()):
        made["Condition"] = draw(lines)
    if kind in ("resource", "rcp"):
        made["Principal"] = {"AWS": draw(st.lists(principal_names, min_size=1, max_size=2))}
    return made


@st.composite
def policy_sets(draw: st.DrawFn) -> dict[str, list[list[dict[str, Any]]] | None]:
    """Draw documents by type; a few types at a time, so that requests get past them."""
    used = draw(st.sets(st.sampled_from(KINDS), max_size=3)) | {"identity"}
    made: dict[str, list[list[dict[str, Any]]] | None] = {}
    for kind in KINDS:
        documents = st.lists(st.lists(statements(kind), min_size=1, max_size=4), max_size=3)
        made[kind] = draw(documents) if kind in used else None if kind in ("boundary", "session") else []
    return made


PRINCIPALS = (
    Principal("root", "arn:aws:iam::111122223333:root", "111122223333"),
    Principal("user", "arn:aws:iam::111122223333:user/a", "111122223333"),
    Principal("user", "arn:aws:iam::444455556666:user/a", "444455556666"),
    Principal(
        "role-session",
        "arn:aws:sts::111122223333:assumed-role/r/s",
        "111122223333",
        "arn:aws:iam::111122223333:role/r",
    ),
)
contexts = st.dictionaries(
    st.sampled_from([key.lower() for key in keys]), st.lists(st.sampled_from(words), max_size=2).map(tuple)
)
requests = st.builds(
    AuthorizationRequest,
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from(PRINCIPALS),
    st.sampled_from((*ACCOUNTS[:1], *ACCOUNTS)),
    contexts,
)


def compiled(documents: Sequence[Sequence[dict[str, Any]]], kind: Any) -> tuple[CompiledPolicy, ...]:
    texts = [json.dumps({"Version": "2012-10-17", "Statement": document}) for document in documents]
    return tuple(compile_policy(parse_document(text), PolicySource(kind, kind)) for text in texts)


def gathered(policies: dict[str, list[list[dict[str, Any]]] | None]) -> PolicySet:
    made = {kind: None if documents is None else compiled(documents, kind) for kind, documents in policies.items()}
    return PolicySet(
        identity=made["identity"] or (),
        boundary=made["boundary"],
        session=made["session"],
        resource=made["resource"] or (),
        scps=made["scp"] or (),
        rcps=made["rcp"] or (),
    )


# --- the promises --------------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(policy_sets(), st.lists(requests, min_size=1, max_size=4))
def test_the_engine_agrees_with_the_naive_evaluator(policies: Any, asked: list[AuthorizationRequest]) -> None:
    """Compiled, indexed and cached, the engine answers what the plain reading of the documents answers."""
    engine = gathered(policies)
    for request in asked * 2:
        assert decide(request, engine).outcome == naive(request, policies)


@settings(max_examples=35, deadline=None)
@given(policy_sets(), requests, st.sampled_from(KINDS), st.data())
def test_a_deny_never_allows_more(policies: Any, request: AuthorizationRequest, kind: str, data: st.DataObject) -> None:
    """Whatever Deny statement joins whatever policy, nothing becomes allowed that was not."""
    before = decide(request, gathered(policies))
    denying = {**data.draw(statements(kind)), "Effect": "Deny"}
    existing = policies[kind] or []
    place = data.draw(st.integers(0, len(existing)))
    # A new document may be a type's first, and then it limits; in an old document the statement only denies.
    documents = [*existing[:place], [denying], *existing[place:]]
    after = decide(request, gathered({**policies, kind: documents}))
    assert before.allowed or not after.allowed
    assert after.outcome != "allowed" or before.outcome == "allowed"


@settings(max_examples=35, deadline=None)
@given(policy_sets(), requests, st.randoms(use_true_random=False))
def test_order_never_matters(policies: Any, request: AuthorizationRequest, random: Any) -> None:
    """Statements and policies in another order decide the same, by the same type of policy."""
    shuffled = {}
    for kind, documents in policies.items():
        shuffled[kind] = documents and [
            random.sample(one, len(one)) for one in random.sample(documents, len(documents))
        ]
    before, after = decide(request, gathered(policies)), decide(request, gathered(shuffled))
    assert (before.outcome, before.blocked_by) == (after.outcome, after.blocked_by)
    assert sorted(map(repr, before.missing_context)) == sorted(map(repr, after.missing_context))


@settings(max_examples=35, deadline=None)
@given(policy_sets(), requests)
def test_a_decision_agrees_with_its_reasons(policies: Any, request: AuthorizationRequest) -> None:
    """A deny shows what denied, an implicit one the type that did not allow, an allow the statements that did."""
    decision = decide(request, gathered(policies))
    effects = {one.effect for one in decision.statements}
    if decision.outcome == "explicitDeny":
        assert effects == {"Deny"}
        assert decision.blocked_by is not None
        assert decision.outcome_of(decision.blocked_by) == "explicitDeny"
    elif decision.outcome == "implicitDeny":
        assert not effects
        assert decision.blocked_by is not None
        assert decision.outcome_of(decision.blocked_by) in ("implicitDeny", None)
    else:
        assert decision.blocked_by is None
        assert effects == {"Allow"} or request.principal.type == "root"
