"""What a finding is made to mean: what is missing, what would be dangerous, what is not promised."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from keywright.client.why.advice import advise
from keywright.client.why.details import find_by_id
from keywright.client.why.explanation import Finding, FoundStatement
from keywright.client.why.message import find_by_message
from keywright.client.why.smallest import dangers, smallest_policy

ALICE = "arn:aws:iam::111122223333:user/alice"
SESSION = "arn:aws:sts::111122223333:assumed-role/deploy/s1"
BUCKET = "arn:aws:s3:::mine/key"
FINDING = Finding(
    "reported",
    allowed=False,
    principal=ALICE,
    action="s3:GetObject",
    resource=BUCKET,
    blocked_by=None,
    is_explicit=False,
)


def missing(blocked_by: str | None, **changes: Any) -> Any:
    """Advise on a denial for want of an Allow."""
    return advise(replace(FINDING, blocked_by=blocked_by, **changes))


def statement_of(policy: str) -> Any:
    """Give a policy's one statement."""
    (statement,) = json.loads(policy)["Statement"]
    return statement


def test_identity() -> None:
    """A user's missing Allow is put by put-user-policy, a session's into its role."""
    advice = missing("identity-based policy")
    assert statement_of(advice.policy) == {"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET}
    assert advice.commands[0].startswith("aws iam put-user-policy --user-name alice ")
    assert (
        missing("identity-based policy", principal=SESSION)
        .commands[0]
        .startswith("aws iam put-role-policy --role-name deploy ")
    )


def test_resource_and_trust() -> None:
    """A resource's own policy gets a statement that names the principal; of a session its role."""
    granted = statement_of(missing("resource-based policy", principal=SESSION).policy)
    assert granted["Principal"] == {"AWS": "arn:aws:iam::111122223333:role/deploy"}
    assert granted["Resource"] == BUCKET
    assert "Resource" not in statement_of(missing("role trust policy", action="sts:AssumeRole").policy)


@pytest.mark.parametrize(
    ("blocked_by", "said"),
    [
        ("service control policy", "management account"),
        ("resource control policy", "management account"),
        ("VPC endpoint policy", "VPC endpoint"),
        ("session policy", "another session"),
    ],
)
def test_what_others_have_to_change(blocked_by: str, said: str) -> None:
    """Of a type of policy that is not the account's own to change, it is said whose it is."""
    advice = missing(blocked_by)
    assert any(said in one for one in advice.warnings)
    assert not any("put-user-policy" in one for one in advice.commands)


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("aws:MultiFactorAuthPresent", "MFA"),
        ("aws:SourceIp", "address"),
        ("aws:RequestedRegion", "region"),
        ("aws:SourceVpce", "network"),
        ("aws:PrincipalTag/team", "tags"),
    ],
)
def test_hints_of_conditions(key: str, hint: str) -> None:
    """A Deny's condition says what the call would have to be to escape it; no Allow is offered."""
    text = json.dumps({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {key: "x"}}})
    found = FoundStatement("p", "identity-based policy", "Deny", "S", 1, 1, 1, text)
    advice = advise(replace(FINDING, blocked_by="identity-based policy", is_explicit=True, statements=(found,)))
    assert any(hint in one for one in advice.warnings)
    assert advice.policy is None


def test_dangers() -> None:
    """What gives more permissions is warned of; PassRole is bound to a service; a resource that is missing is said."""
    assert any("more permissions" in one for one in dangers("iam:AttachUserPolicy", ALICE))
    assert "iam:PassedToService" in smallest_policy("iam:PassRole", "arn:aws:iam::111122223333:role/r")
    assert any("put its ARN" in one for one in dangers("s3:GetObject", "*"))
    assert any("spelt" in one for one in dangers("s3:NoSuchThing", "*"))
    assert not list(dangers("s3:GetObject", BUCKET))
    assert statement_of(smallest_policy("s3:ListAllMyBuckets", "arn:aws:s3:::x"))["Resource"] == "*"


def test_allowed_is_not_promised() -> None:
    """What was not read is told in place of a yes."""
    allowed = replace(FINDING, confidence="simulated", allowed=True)
    told = advise(allowed, None, ("the session policy", "the policy of the bucket")).summary
    assert told == "no denial found in what could be read; not read: the session policy; the policy of the bucket"
    assert advise(allowed).summary.startswith(f"{ALICE} may do s3:GetObject on {BUCKET} now")


def test_nothing_named() -> None:
    """Where neither the resource nor the policy is named, no policy is made up."""
    advice = missing(None, resource=None)
    assert (advice.policy, advice.commands) == (None, ("keywright why s3:GetObject ARN",))


class Toolbox:
    """An iam-toolbox that knows of a refusal only the second time, and tells it on two pages."""

    def __init__(self) -> None:
        self.asked = 0

    def get_request_authorization_details(self, **asked: str) -> Any:
        """Answer."""
        self.asked += 1
        if self.asked == 1:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "X")
        allowed = {"action": "s3:A", "evaluatedEffect": "ALLOW"}
        scp = {
            "checkType": "SERVICE_CONTROL_POLICY",
            "evaluatedEffect": "EXPLICIT_DENY",
            "matchedPolicies": [{"uri": "arn:scp", "matchedStatements": [{"sid": "No", "evaluatedEffect": "DENY"}]}],
        }
        new = {"checkType": "SOMETHING_NEW", "evaluatedEffect": "ALLOW"}
        refused = {"action": "s3:B", "resource": BUCKET, "evaluatedEffect": "EXPLICIT_DENY", "checks": [new, scp]}
        context = {"aws:PrincipalArn": [ALICE]}
        if "nextToken" in asked:
            return {"evaluations": [refused], "policies": [{"uri": "arn:scp", "inline": False}]}
        return {"requestContext": context, "evaluations": [allowed], "policies": [], "nextToken": "t"}

    def get_request_authorization_policy(self, **_asked: str) -> Any:
        """Let nobody read the policy."""
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "X")


def test_details_come_late_and_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is recorded after the refusal is waited for; what may not be read is named; new checks are shown."""
    monkeypatch.setattr("keywright.client.why.details.time.sleep", lambda _seconds: None)
    found = find_by_id(Toolbox(), "0" * 25, lambda _arn: [])
    assert (found.principal, found.action, found.blocked_by) == (ALICE, "s3:B", "service control policy")
    (statement,) = found.statements
    assert (statement.policy, statement.sid, statement.effect, statement.number) == ("arn:scp", "No", "Deny", None)
    assert [check.policy_type for check in found.checks] == ["SOMETHING_NEW", "service control policy"]


def test_a_message_of_another_form() -> None:
    """A decoded message that is not of the known form is an error, not a guess."""

    class Sts:
        def decode_authorization_message(self, **_asked: str) -> Any:
            return {"DecodedMessage": "[]"}

    with pytest.raises(ValueError, match="not of the form"):
        find_by_message(Sts(), "x", lambda _arn: [])
