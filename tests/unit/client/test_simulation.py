"""`--can`: whose policies are asked, and what is said of the answer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from keywright.client.identity import Caller
from keywright.client.simulation import Ability, ability

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/path/alice"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/path/r"


class Iam:
    """An IAM that gives one simulation's answer, and notes what it was asked."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def get_role(self, **asked: str) -> dict[str, Any]:
        """Give a role."""
        assert asked == {"RoleName": "r"}
        return {"Role": {"Arn": ROLE}}

    def simulate_principal_policy(self, **asked: Any) -> dict[str, Any]:
        """Give the answer."""
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"EvaluationResults": [self.answer]}


def ask(iam: Iam, arn: str = USER, resource: str | None = None) -> Ability:
    """Ask about one action."""
    return ability(iam, Caller(arn, ACCOUNT, "X"), "s3:ListBucket", resource)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"EvalDecision": "allowed", "MatchedStatements": [{"SourcePolicyId": "p"}]}, "by p"),
        ({"EvalDecision": "explicitDeny", "MatchedStatements": [{"SourcePolicyId": "d"}]}, "denied by d"),
        ({"EvalDecision": "implicitDeny", "MatchedStatements": []}, "no policy allows it"),
        (
            {"EvalDecision": "implicitDeny", "OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            "no service control policy allows it",
        ),
        (
            {
                "EvalDecision": "implicitDeny",
                "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
            },
            "the permissions boundary does not allow it",
        ),
        (
            {"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:SourceIp"]},
            "no policy allows it; a real request may differ by aws:SourceIp",
        ),
    ],
)
def test_why(answer: dict[str, Any], why: str) -> None:
    """A decision comes with the policy, or the kind of policy, that makes it."""
    found = ask(Iam(answer))
    assert (found.decision, found.why) == (answer["EvalDecision"], why)


def test_whose_policies() -> None:
    """Of a user the user's are asked, of a role's session the role's; of a federated user's nothing can be."""
    iam = Iam({"EvalDecision": "allowed"})
    ask(iam, resource="arn:aws:s3:::b")
    ask(iam, f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session")
    assert iam.asked == [
        {"PolicySourceArn": USER, "ActionNames": ["s3:ListBucket"], "ResourceArns": ["arn:aws:s3:::b"]},
        {"PolicySourceArn": ROLE, "ActionNames": ["s3:ListBucket"]},
    ]
    assert ask(iam, f"arn:aws:sts::{ACCOUNT}:federated-user/f").decision is None
    assert ask(iam, f"arn:aws:iam::{ACCOUNT}:root").decision == "allowed"
    assert len(iam.asked) == 2


def test_no_answer_is_no_decision() -> None:
    """Where the simulation is refused there is no decision, and the refusal is the reason."""
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "SimulatePrincipalPolicy")
    assert ask(Iam(refused)) == Ability("s3:ListBucket", "*", None, "AccessDenied: no")
