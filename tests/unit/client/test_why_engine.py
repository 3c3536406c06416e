"""What our own engine tells of a denial: near misses, advice that it has checked, and what it leaves open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keywright.client.why.advice import advise
from keywright.client.why.circumstances import Circumstances, gather
from keywright.client.why.deciding import decided
from keywright.client.why.engine import Case
from keywright.client.why.explanation import Check, FailedCondition, Finding
from keywright.client.why.near_misses import asked, had, told
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, SCP, TRUST, ReadPolicy
from keywright.client.why.unread import unread

ALICE = "arn:aws:iam::111122223333:user/alice"
SESSION = "arn:aws:sts::111122223333:assumed-role/deploy/s1"
ROLE = "arn:aws:iam::111122223333:role/deep/path/target"
ELSEWHERE = "arn:aws:iam::444455556666:role/target"
KEY = "arn:aws:s3:::mine/key"


def read(kind: str, *statements: Any, name: str = "p") -> ReadPolicy:
    """Have read a policy."""
    return ReadPolicy(name, name, kind, json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def allow(action: str = "s3:GetObject", **members: Any) -> Any:
    """Write an Allow; on every resource, unless it names principals."""
    rest = {} if "Principal" in members else {"Resource": "*"}
    return {"Sid": "S", "Effect": "Allow", "Action": action, **rest, **members}


def case(*policies: ReadPolicy, action: str = "s3:GetObject", resource: str = KEY, **changes: Any) -> Case:
    """Put a question; what is known of the request is given by `known`."""
    known = changes.pop("known", {})
    principal = changes.pop("principal", ALICE)
    circumstances = gather(changes.pop("told", None), known, principal, resource, (), None)
    return Case(principal, action, resource, policies, circumstances, changes.pop("is_read", True))


def finding(kind: str | None, one: Case) -> Finding:
    """Have found that nothing allows it."""
    misses = one.near_misses(kind)
    return Finding("reported", False, one.principal, one.action, one.resource, kind, False, near_misses=misses)


@pytest.mark.parametrize(
    ("operator", "values", "words"),
    [
        ("StringEquals", ("blue",), "blue"),
        ("StringEquals", ("blue", "red"), "blue or red"),
        ("StringNotEquals", ("blue",), "anything but blue"),
        ("StringLike", ("b*",), "something like b*"),
        ("ForAllValues:StringLike", ("b*",), "for each value something like b*"),
        ("IpAddress", ("192.0.2.0/24",), "an address in 192.0.2.0/24"),
        ("NotIpAddress", ("192.0.2.0/24",), "anything but an address in 192.0.2.0/24"),
        ("NumericLessThanEquals", ("3600",), "at most 3600"),
        ("NumericGreaterThan", ("3600",), "more than 3600"),
        ("DateLessThan", ("2026-01-01",), "before 2026-01-01"),
        ("DateEquals", ("2026-01-01",), "2026-01-01"),
        ("ArnLike", ("arn:aws:s3:::b",), "the ARN arn:aws:s3:::b"),
        ("Bool", ("true",), "true"),
        ("Null", ("true",), "none"),
        ("Null", ("false",), "any"),
        ("New", ("x",), "New x"),
    ],
)
def test_what_is_asked(operator: str, values: tuple[str, ...], words: str) -> None:
    """Each operator's demand is told in words."""
    assert asked(FailedCondition("k", operator, values, None, is_known=True)) == words


def test_what_the_request_had() -> None:
    """A value, none, and what is not known are three things."""
    one = FailedCondition("k", "StringEquals", ("x",), ("a", "b"), is_known=True)
    assert had(one) == "the request had a, b"
    assert had(FailedCondition("k", "StringEquals", ("x",), None, is_known=True)) == "the request had none"
    assert "not known" in had(FailedCondition("k", "StringEquals", ("x",), None, is_known=False))


def test_near_misses() -> None:
    """The statements about this action and resource whose conditions fail are told, the nearest first, line by line."""
    region = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    both = {"StringEquals": {"aws:RequestedRegion": "us-east-1", "aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    one = case(
        read(IDENTITY, allow(Condition=both), allow(Sid="Near", Condition=region), name="mine"),
        read(
            IDENTITY, allow("s3:PutObject", Condition=region), allow(Resource="arn:aws:s3:::other/*", Condition=region)
        ),
        read(BOUNDARY, allow(Sid="Limit", Condition=region)),
        told={"aws:RequestedRegion": ["eu-west-1"], "aws:PrincipalTag/team": ["blue"]},
    )
    near, far = one.near_misses(IDENTITY)
    assert told(near) == (
        "the statement Near (line 1, column 238) of mine would allow it, but for aws:RequestedRegion: the request had "
        "eu-west-1, it asks for us-east-1"
    )
    assert [(line.key, line.values, line.had, line.is_known) for line in far.conditions] == [
        ("aws:RequestedRegion", ("us-east-1",), ("eu-west-1",), True),
        ("aws:ResourceTag/team", ("blue",), None, True),
    ]
    assert [miss.statement.sid for miss in one.near_misses(BOUNDARY)] == ["Limit"]
    assert len(one.near_misses(None)) == 3


def test_a_condition_is_not_widened() -> None:
    """Beside a near miss no Allow is advised, in whatever type of policy it is; what the request lacks is."""
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    one = case(read(IDENTITY, allow(Condition=mfa)))
    advice = advise(finding(IDENTITY, one), one)
    assert (advice.policy, advice.needed, advice.commands) == (None, (), ())
    assert "a request with aws:MultiFactorAuthPresent: true" in (advice.missing or "")
    assert any("MFA" in line for line in advice.warnings)
    assert any("--context aws:MultiFactorAuthPresent=VALUE" in line for line in advice.warnings)
    limited = case(read(BOUNDARY, allow(Condition=mfa)))
    advice = advise(finding(IDENTITY, limited), limited)
    assert (advice.policy, advice.needed) == (None, ())
    assert any("but for its conditions" in line for line in advice.warnings)


def test_advice_allows_and_no_more() -> None:
    """The engine allows the request with what is advised, and nothing else by it."""
    one = case(read(BOUNDARY, allow("s3:List*")), read(IDENTITY, allow("s3:List*")))
    advice = advise(finding(IDENTITY, one), one)
    assert [needed.policy_type for needed in advice.needed] == [IDENTITY, BOUNDARY]
    assert one.decide(advice.needed)[0].allowed
    assert not one.decide(advice.needed[:1])[0].allowed
    assert (advice.policy, len(advice.commands)) == (None, 2)
    for needed in advice.needed:
        (statement,) = json.loads(needed.policy)["Statement"]
        assert (statement["Action"], statement["Resource"]) == ("s3:GetObject", KEY)


@pytest.mark.parametrize(
    ("denying", "advised", "said"),
    [
        ({}, False, "which no Allow outweighs"),
        ({"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}, True, None),
        ({"Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}, False, "which no Allow outweighs"),
        ({"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}, True, "it depends on aws:SourceVpc"),
    ],
)
def test_advice_past_a_deny(denying: Any, advised: bool, said: str | None) -> None:
    """Where a Deny stands behind, nothing is advised; where that hangs on what is not known, it is said."""
    deny = {"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*", **denying}
    one = case(read(IDENTITY, deny), known={"aws:RequestedRegion": ["us-east-1"]})
    advice = advise(finding(IDENTITY, one), one)
    assert bool(advice.policy) is advised
    assert said is None or any(said in line for line in advice.warnings)


def test_advice_without_a_resource() -> None:
    """Where an action has a resource that is not named, no policy on every resource is proposed."""
    one = case(resource="*")
    advice = advise(finding(IDENTITY, one), one)
    assert (advice.policy, advice.needed, advice.commands) == (None, (), ("keywright why s3:GetObject ARN",))
    role = case(action="iam:PassRole", resource=ROLE)
    passing = advise(finding(IDENTITY, role), role).policy
    assert "SERVICE.amazonaws.com" in (passing or "")
    told_of = case(action="iam:PassRole", resource=ROLE, told={"iam:PassedToService": ["ec2.amazonaws.com"]})
    assert "ec2.amazonaws.com" in (advise(finding(IDENTITY, told_of), told_of).policy or "")


def test_no_advice_where_no_policy_helps() -> None:
    """A user of another account is let in by no policy: what helps is a role there."""
    one = case(action="iam:GetUser", resource="arn:aws:iam::444455556666:user/bob")
    advice = advise(finding(IDENTITY, one), one)
    assert (advice.policy, advice.needed) == (None, ())
    assert any("assume a role" in line for line in advice.warnings)
    nobody = case(action="iam:GetUser", resource=ALICE, principal=None)
    assert [one.policy_type for one in advise(finding(IDENTITY, nobody), nobody).needed] == [IDENTITY]


def test_unreadable_policies_promise_nothing() -> None:
    """A policy that the engine cannot read is passed over; what was checked without the others is said to be."""
    broken = ReadPolicy("b", "b", IDENTITY, '{"Statement": 1}')
    one = case(broken, is_read=False)
    advice = advise(finding(IDENTITY, one), one)
    assert advice.policy is not None
    assert any("checked by itself only" in line for line in advice.warnings)
    assert list(one.concerned(broken, "Allow")) == []


def assuming(policy: ReadPolicy | None, *own: ReadPolicy, **changes: Any) -> tuple[Finding | None, Case]:
    """Ask the engine about AssumeRole, where the simulator allows it."""
    policies = (*own, *(() if policy is None else (policy,)))
    one = case(*policies, action="sts:AssumeRole", resource=changes.pop("resource", ROLE), **changes)
    simulated = Finding("simulated", True, one.principal, one.action, one.resource, None, None)
    return decided(simulated, one)[0], one


def trusting(principal: Any, **members: Any) -> ReadPolicy:
    """Have read a trust policy."""
    return read(TRUST, allow("sts:AssumeRole", Principal=principal, **members), name="t")


OWN = read(IDENTITY, allow("sts:AssumeRole"))
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("policy", "changes", "allowed", "confidence"),
    [
        (trusting({"AWS": ALICE}), {}, True, "simulated"),
        (trusting({"AWS": ["111122223333"]}), {}, True, "simulated"),
        (trusting({"AWS": "arn:aws:iam::111122223333:root"}), {}, True, "simulated"),
        (trusting("*"), {}, True, "simulated"),
        (trusting({"AWS": "arn:aws:iam::111122223333:role/deploy"}), {"principal": SESSION}, True, "simulated"),
        (trusting({"AWS": ALICE}, Condition=MFA), {}, False, "incomplete"),
        (
            trusting({"AWS": ALICE}, Condition=MFA),
            {"known": {"aws:MultiFactorAuthPresent": ["true"]}},
            True,
            "simulated",
        ),
        (trusting({"AWS": ALICE}, Condition=MFA), {"told": {}}, False, "simulated"),
        (trusting({"AWS": ALICE + "2"}), {}, False, "simulated"),
        (trusting({"Service": "ec2.amazonaws.com"}), {}, False, "simulated"),
        (trusting({"AWS": ALICE}, Effect="Deny"), {}, False, "simulated"),
        (None, {}, True, "simulated"),
    ],
)
def test_trust(policy: ReadPolicy | None, changes: Any, allowed: bool, confidence: str) -> None:
    """A trust policy is decided by the engine, its conditions too; without one the simulation stands."""
    found, _ = assuming(policy, OWN, **changes)
    assert found is not None
    assert (found.allowed, found.confidence) == (allowed, confidence)
    assert found.allowed or found.blocked_by == TRUST


def test_trust_that_names_the_user_is_enough() -> None:
    """Within an account a trust policy that names the user suffices; one that names the account does not."""
    by_name, _ = assuming(trusting({"AWS": ALICE}))
    by_account, _ = assuming(trusting({"AWS": "111122223333"}))
    assert (by_name and by_name.allowed, by_account and by_account.allowed) == (True, False)
    assert by_account is not None
    assert by_account.blocked_by == IDENTITY


def test_across_accounts() -> None:
    """The role's owner, who cannot read the caller's policies, is certain of a no, and not of a yes."""
    no, one = assuming(trusting({"AWS": "444455556666"}), resource=ELSEWHERE, is_read=False)
    assert no is not None
    assert (no.allowed, no.blocked_by) == (False, TRUST)
    advice = advise(no, one)
    grants = {needed.policy_type: json.loads(needed.policy)["Statement"][0] for needed in advice.needed}
    assert grants[TRUST]["Principal"] == {"AWS": ALICE}
    assert set(grants) == {TRUST, IDENTITY}
    refused = Finding("simulated", False, ALICE, "sts:AssumeRole", ELSEWHERE, IDENTITY, False)
    for own, is_allowed in ((OWN, True), (read(IDENTITY, allow("s3:*")), False)):
        ours, _ = decided(refused, case(own, action="sts:AssumeRole", resource=ELSEWHERE))
        assert ours is not None
        assert (ours.allowed, ours.blocked_by) == (is_allowed, None if is_allowed else IDENTITY)
    yes, _ = assuming(trusting({"AWS": ALICE}), resource=ELSEWHERE, is_read=False)
    assert yes is not None
    assert yes.allowed
    left = list(unread(yes, None, "444455556666", identity=False, resource=True))
    assert left[0].startswith(f"the policies of {ALICE}")


def test_a_bucket_and_a_role() -> None:
    """The simulator takes no bucket's policy for a role; the engine does."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::mine/*"}
    one = case(read(IDENTITY, allow()), read(RESOURCE, deny, name="b"), principal=SESSION)
    simulated = Finding("simulated", True, SESSION, "s3:GetObject", KEY, None, None)
    found, (evidence,) = decided(simulated, one)
    assert found is not None
    assert (found.allowed, found.is_explicit, found.blocked_by) == (False, True, RESOURCE)
    assert [statement.policy for statement in found.statements] == ["b"]
    assert evidence.source == "engine"
    # What the simulator denies is denied; the engine has nothing to add.
    refused = Finding("simulated", False, SESSION, "s3:GetObject", KEY, IDENTITY, False)
    assert decided(refused, one) == (refused, ())


class Organizations:
    """A client of Organizations; signs in as well."""

    def __init__(self, head: str | None, code: str = "AccessDeniedException") -> None:
        self.head = head
        self.code = code

    def client(self, _service: str) -> Any:
        """Be it."""
        return self

    def describe_organization(self) -> Any:
        """Tell the head, or refuse."""
        from botocore.exceptions import ClientError

        if self.head is None:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "DescribeOrganization")
        return {"Organization": {"MasterAccountId": self.head}}


@pytest.mark.parametrize(
    ("service", "is_unread"),
    [
        (Organizations("111122223333"), False),
        (Organizations("999999999999"), True),
        (Organizations(None), True),
        (Organizations(None, "AWSOrganizationsNotInUseException"), False),
    ],
)
def test_organizations(service: Any, is_unread: bool) -> None:
    """An organization's policies are left open, but in the account at its head, and where there is none."""
    found = Finding("simulated", True, ALICE, "iam:ListUsers", "*", None, None)
    left = list(unread(found, service, "111122223333", identity=True, resource=False))
    assert bool(left) is is_unread
    seen = Finding("simulated", True, ALICE, "iam:ListUsers", "*", None, None, (Check(SCP, "allows"),))
    assert list(unread(seen, service, "111122223333", identity=True, resource=False)) == []


def test_what_is_left_unread() -> None:
    """Of a session its policy, of a resource that may have one its policy, of a request the keys that decide."""
    no_organization: Any = Organizations(None, "AWSOrganizationsNotInUseException")
    found = Finding("simulated", True, SESSION, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", None, None)
    left = list(unread(found, no_organization, "111122223333", identity=True, resource=False))
    assert [one.split(",")[0] for one in left] == [
        "the policy of arn:aws:sqs:us-east-1:111122223333:q",
        "the session policy",
    ]


def test_circumstances() -> None:
    """What the service told is all that the request had; what a person gives counts for more."""
    told_of = gather({"aws:SourceIp": ["192.0.2.1"]}, {"AWS:SourceIp": ["192.0.2.2"]}, ALICE, KEY, (), None)
    assert told_of.get("aws:sourceip") == ("192.0.2.2",)
    assert told_of.knows("aws:RequestedRegion")
    assert told_of.get("aws:username") == ("alice",)
    alone = gather(None, {}, SESSION, ROLE, (), None)
    assert (alone.get("aws:principaltype"), alone.get("aws:resourceaccount")) == (("AssumedRole",), ("111122223333",))
    assert not alone.knows("aws:RequestedRegion")
    assert Circumstances(read={"aws:resourcetag/"}).knows("aws:ResourceTag/team")
