"""Service last accessed by boto3: what a policy allows, and what was really called."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import Account, SteppingClock


def report(iam: Any, arn: str, granularity: str | None = None) -> dict[str, Any]:
    """Ask for a report and read it to its end."""
    more = {} if granularity is None else {"Granularity": granularity}
    job = iam.generate_service_last_accessed_details(Arn=arn, **more)["JobId"]
    answer: dict[str, Any] = iam.get_service_last_accessed_details(JobId=job, MaxItems=1000)
    assert answer["JobStatus"] == "COMPLETED"
    return answer | {"JobId": job}


def services(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Read a report's services by namespace."""
    return {one["ServiceNamespace"]: one for one in answer["ServicesLastAccessed"]}


def arn_of(account: Account, kind: str, name: str) -> str:
    """Name an entity."""
    return f"arn:aws:iam::{account.account_id}:{kind}/{name}"


def test_a_users_report_has_what_is_allowed_and_what_was_used(account: Account, clock: SteppingClock) -> None:
    """Each service that the user's policies allow stands there by name, with its last use where there was one."""
    key = account.user("alice", allow(["s3:ListAllMyBuckets", "iam:Get*", "sqs:*"]))
    me = arn_of(account, "user", "alice")
    account.client("s3", key).list_buckets()
    with pytest.raises(ClientError):
        account.client("iam", key).list_users()
    answer = report(account.iam, me)
    assert answer["JobType"] == "SERVICE_LEVEL"
    found = services(answer)
    assert sorted(found) == ["iam", "s3", "sqs"]
    assert found["iam"]["ServiceName"] == "AWS Identity and Access Management (IAM)"
    assert (found["s3"]["LastAuthenticatedEntity"], found["s3"]["TotalAuthenticatedEntities"]) == (me, 1)
    assert found["s3"]["LastAuthenticatedRegion"] == "us-east-1"
    assert found["s3"]["LastAuthenticated"] <= clock.now
    assert found["iam"]["TotalAuthenticatedEntities"] == 1, "an attempt that is refused counts"
    assert found["sqs"]["TotalAuthenticatedEntities"] == 0
    assert "LastAuthenticated" not in found["sqs"]
    assert "TrackedActionsLastAccessed" not in found["s3"]


def test_actions_are_told_when_asked_for(account: Account) -> None:
    """At action level each action that was called stands there by its name."""
    key = account.user("alice", allow("iam:*"))
    alice = account.client("iam", key)
    alice.list_users()
    alice.get_user()
    answer = report(account.iam, arn_of(account, "user", "alice"), "ACTION_LEVEL")
    actions = services(answer)["iam"]["TrackedActionsLastAccessed"]
    assert [one["ActionName"] for one in actions] == ["GetUser", "ListUsers"]
    assert {one["LastAccessedEntity"] for one in actions} == {arn_of(account, "user", "alice")}


def test_a_use_is_noted_again_after_a_quarter_of_an_hour(account: Account, clock: SteppingClock) -> None:
    """The first use in fifteen minutes is what is told; after them the next one is."""
    key = account.user("alice", allow("s3:*"))
    s3, arn = account.client("s3", key), arn_of(account, "user", "alice")
    s3.list_buckets()
    first = services(report(account.iam, arn))["s3"]["LastAuthenticated"]
    clock.advance(minutes=14)
    s3.list_buckets()
    assert services(report(account.iam, arn))["s3"]["LastAuthenticated"] == first
    clock.advance(minutes=2)
    s3.list_buckets()
    assert services(report(account.iam, arn))["s3"]["LastAuthenticated"] > first


def test_groups_and_policies_tell_of_their_users(account: Account) -> None:
    """A group's report tells of its members, a policy's of all who have it; the entities stand latest first."""
    iam = account.iam
    policy = iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    iam.create_group(GroupName="g")
    iam.attach_group_policy(GroupName="g", PolicyArn=policy)
    keys = {name: account.user(name) for name in ("alice", "bob", "carol")}
    for name in ("alice", "bob"):
        iam.add_user_to_group(GroupName="g", UserName=name)
    iam.attach_user_policy(UserName="carol", PolicyArn=policy)
    for name in ("bob", "alice"):
        account.client("s3", keys[name]).list_buckets()
    group = report(iam, arn_of(account, "group", "g"))
    assert services(group)["s3"]["LastAuthenticatedEntity"] == arn_of(account, "user", "alice")
    assert services(group)["s3"]["TotalAuthenticatedEntities"] == 2
    of_policy = report(iam, policy)
    assert list(services(of_policy)) == ["s3"]
    request = {"JobId": of_policy["JobId"], "ServiceNamespace": "s3"}
    first = iam.get_service_last_accessed_details_with_entities(**request, MaxItems=2)
    rest = iam.get_service_last_accessed_details_with_entities(**request, Marker=first["Marker"])
    entities = first["EntityDetailsList"] + rest["EntityDetailsList"]
    assert [one["EntityInfo"]["Name"] for one in entities] == ["alice", "bob", "carol"]
    assert [one["EntityInfo"]["Type"] for one in entities] == ["USER"] * 3
    assert ["LastAuthenticated" in one for one in entities] == [True, True, False]
    with refused("InvalidInput", 400):
        iam.get_service_last_accessed_details_with_entities(JobId=of_policy["JobId"], ServiceNamespace="sqs")


def test_a_deny_takes_nothing_out_and_a_star_lets_everything_in(account: Account) -> None:
    """The report asks what any statement allows: an administrator has every service, by pages; a deny has none."""
    iam = account.iam
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="no", PolicyDocument=deny("*"))
    arn = arn_of(account, "user", "alice")
    assert report(iam, arn)["ServicesLastAccessed"] == []
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    answer = report(iam, arn)
    assert len(answer["ServicesLastAccessed"]) > 400
    names = [one["ServiceNamespace"] for one in answer["ServicesLastAccessed"]]
    assert names == sorted(names)
    page = iam.get_service_last_accessed_details(JobId=answer["JobId"])
    assert (len(page["ServicesLastAccessed"]), page["IsTruncated"]) == (100, True)


def test_what_is_not_there(account: Account, other: Account) -> None:
    """An ARN that names nothing, or nothing of this account, and a job that one did not ask for are refused."""
    iam = account.iam
    with refused("NoSuchEntity", 404):
        iam.generate_service_last_accessed_details(Arn=arn_of(account, "user", "nobody"))
    with refused("NoSuchEntity", 404):
        iam.generate_service_last_accessed_details(Arn=arn_of(other, "user", "admin"))
    with refused("NoSuchEntity", 404):
        iam.generate_service_last_accessed_details(Arn=arn_of(account, "policy", "none"))
    with refused("InvalidInput", 400):
        iam.generate_service_last_accessed_details(Arn="arn:aws:s3:::some-bucket")
    job = report(iam, arn_of(account, "user", "admin"))["JobId"]
    somebody = account.client("iam", account.user("bob", allow("iam:*")))
    for client, job_id in ((somebody, job), (other.iam, job), (iam, str(uuid.uuid4()))):
        with refused("NoSuchEntity", 404, f"The job with id {job_id} cannot be found."):
            client.get_service_last_accessed_details(JobId=job_id)
        with refused("NoSuchEntity", 404):
            client.get_service_last_accessed_details_with_entities(JobId=job_id, ServiceNamespace="s3")
