"""The cases of cases/*.json, each written from the AWS page that its file names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keywright.policy.decide import Decision, decide
from keywright.policy.document import MalformedDocument, parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, compile_policy
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import AuthorizationRequest, Principal
from keywright.policy.validate import PolicyKind, read_policy

CASES = Path(__file__).parent / "cases"
ACCOUNT, OTHER = "111122223333", "444455556666"
CANONICAL_ID = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
PRINCIPALS = {
    "root": Principal("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT),
    "user": Principal(
        "user",
        f"arn:aws:iam::{ACCOUNT}:user/Bob",
        ACCOUNT,
        unique_id="AIDACKCEVSQ6C2EXAMPLE",
        canonical_user_id=CANONICAL_ID,
    ),
    "session": Principal(
        "role-session",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/Dev/bob",
        ACCOUNT,
        f"arn:aws:iam::{ACCOUNT}:role/Dev",
        "AROACKCEVSQ6C2EXAMPLE",
    ),
    "federated": Principal(
        "federated", f"arn:aws:sts::{ACCOUNT}:federated-user/bob", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/Bob"
    ),
    "other-root": Principal("root", f"arn:aws:iam::{OTHER}:root", OTHER),
    "other-user": Principal("user", f"arn:aws:iam::{OTHER}:user/Eve", OTHER),
    "other-session": Principal(
        "role-session", f"arn:aws:sts::{OTHER}:assumed-role/Ops/eve", OTHER, f"arn:aws:iam::{OTHER}:role/Ops"
    ),
    "federated-root": Principal(
        "federated", f"arn:aws:sts::{ACCOUNT}:federated-user/bob", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"
    ),
    "service": Principal("service", "ec2.amazonaws.com", ACCOUNT),
    "idp": Principal("identity-provider", f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com", ACCOUNT),
    "anonymous": Principal("anonymous", "", ""),
}


def load(pattern: str) -> list[tuple[str, dict[str, Any]]]:
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(CASES.glob(pattern))]


def compiled(
    statements: list[dict[str, Any]], kind: Any, version: str = "2012-10-17", level: str | None = None
) -> CompiledPolicy:
    text = json.dumps({"Version": version, "Statement": statements})
    return compile_policy(parse_document(text), PolicySource(kind, kind, attached_to=level))


def context(values: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key.lower(): tuple(listed) for key, listed in values.items()}


def ask(policies: PolicySet, action: str, resource: str, given: dict[str, list[str]] | None = None) -> Decision:
    return decide(AuthorizationRequest(action, resource, PRINCIPALS["user"], ACCOUNT, context(given or {})), policies)


@pytest.mark.parametrize(
    ("action_or_resource", "pattern", "asked", "matches"),
    [
        pytest.param(theme, *row, id=f"{theme}-{row[0]}-{row[1]}")
        for theme, file in load("matching/*.json")
        for row in file["rows"]
    ],
)
def test_pattern(action_or_resource: str, pattern: str, asked: str, *, matches: bool) -> None:
    """A pattern of Action or Resource, and of its Not form, covers exactly what AWS says."""
    is_action = action_or_resource == "actions"
    action, resource = (asked, "*") if is_action else ("s3:GetObject", asked)
    plain = {"Action": [pattern], "Resource": "*"} if is_action else {"Action": "*", "Resource": [pattern]}
    name = "Action" if is_action else "Resource"
    negated = {**{key: value for key, value in plain.items() if key != name}, f"Not{name}": pattern}
    allowing = PolicySet(identity=(compiled([{"Effect": "Allow", **plain}], "identity"),))
    excluding = PolicySet(identity=(compiled([{"Effect": "Allow", **negated}], "identity"),))
    assert ask(allowing, action, resource).allowed is matches
    assert ask(excluding, action, resource).allowed is not matches


@pytest.mark.parametrize(
    ("line", "given", "holds"),
    [
        pytest.param(line, given, holds, id=f"{theme}-{json.dumps(line['condition'])}-{json.dumps(given)}")
        for theme, file in load("conditions/*.json")
        for line in file["lines"]
        for given, holds in line["rows"]
    ],
)
def test_condition(line: dict[str, Any], given: dict[str, list[str]], *, holds: bool | str) -> None:
    """A condition holds or fails as AWS says, for an Allow and for a Deny; what cannot be read is closed to both."""
    statement = {"Action": "*", "Resource": "*", "Condition": line["condition"]}
    version = line.get("version", "2012-10-17")
    allow = compiled([{"Effect": "Allow", **statement}], "identity", version)
    deny = compiled([{"Effect": "Deny", **statement}], "identity", version)
    allowed = ask(PolicySet(identity=(allow,)), "s3:GetObject", "*", given).allowed
    denied = ask(PolicySet(identity=(deny,)), "s3:GetObject", "*", given).outcome == "explicitDeny"
    assert (allowed, denied) == ((False, True) if holds == "closed" else (holds, holds))


def policy_set(group: dict[str, Any]) -> PolicySet:
    version = group.get("version", "2012-10-17")

    def of(kind: str) -> tuple[CompiledPolicy, ...]:
        return tuple(compiled(statements, kind, version) for statements in group.get(kind, []))

    def levels(kind: str) -> tuple[CompiledPolicy, ...]:
        return tuple(
            compiled(one["statements"], kind, version, one["attached_to"]) for one in group.get(f"{kind}s", [])
        )

    return PolicySet(
        identity=of("identity"),
        boundary=of("boundary") if "boundary" in group else None,
        session=of("session") if "session" in group else None,
        resource=of("resource"),
        scps=levels("scp"),
        rcps=levels("rcp"),
        resource_must_allow=group.get("resource_must_allow", False),
    )


@pytest.mark.parametrize(
    ("group", "case"),
    [
        pytest.param(group, case, id=f"{theme}-{group['why']}-{number}")
        for theme, file in load("decisions/*.json")
        for group in file["groups"]
        for number, case in enumerate(group["asks"])
    ],
)
def test_decision(group: dict[str, Any], case: dict[str, Any]) -> None:
    """A request is decided as AWS decides it, twice the same, with the reasons that AWS gives."""
    policies = policy_set(group)
    request = AuthorizationRequest(
        case["action"],
        case["resource"],
        PRINCIPALS[case.get("as", "user")],
        case.get("owner", ACCOUNT),
        context(case.get("context", {})),
    )
    for _ in range(2):
        decision = decide(request, policies)
        assert decision.outcome == case["expect"]
        assert decision.allowed is (case["expect"] == "allowed")
        assert decision.blocked_by == case.get("blocked_by", decision.blocked_by)
        assert (decision.blocked_by is None) is decision.allowed
        if "sids" in case:
            assert [one.statement.sid for one in decision.statements] == case["sids"]
        if "missing" in case:
            assert list(decision.missing_context) == case["missing"]
        for kind, outcome in case.get("by", {}).items():
            assert decision.outcome_of(kind) == outcome


@pytest.mark.parametrize(
    ("kind", "document", "message"),
    [
        pytest.param(*row, id=f"{theme}-{number}-{row[0]}-{row[2]}")
        for theme, file in load("documents/*.json")
        for number, row in enumerate(file["rows"])
    ],
)
def test_document(kind: PolicyKind, document: Any, message: str | None) -> None:
    """A document is stored, or refused in AWS's words."""
    text = document if isinstance(document, str) else json.dumps(document)
    if message is None:
        read_policy(text, kind)
        return
    with pytest.raises(MalformedDocument) as refusal:
        read_policy(text, kind)
    assert refusal.value.message == message


def test_every_case_file_names_its_source_and_there_are_enough() -> None:
    """Each file says which AWS page it was written from, and together they hold at least 400 cases."""
    files = [json.loads(path.read_text("utf-8")) for path in CASES.rglob("*.json")]
    assert all(file["source"] for file in files)
    rows = sum(len(file.get("rows", [])) for file in files)
    rows += sum(len(line["rows"]) for file in files for line in file.get("lines", []))
    rows += sum(len(group["asks"]) for file in files for group in file.get("groups", []))
    assert rows >= 400
