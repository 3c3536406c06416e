"""Instance profiles by boto3."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import insert

from keywright.aws.identifiers import account_of, new_unique_id
from keywright.store.tables import instance_profiles
from tests.contract.expect import allow, pages, refused
from tests.contract.in_process import Account
from tests.contract.test_iam_roles import EC2, make


def test_create_instance_profile_answers_what_it_made(account: Account) -> None:
    """CreateInstanceProfile answers path, name, id, ARN, date, tags and no role; GetInstanceProfile the same."""
    tags = [{"Key": "k", "Value": "v"}]
    made = account.iam.create_instance_profile(InstanceProfileName="Web", Path="/a/", Tags=tags)["InstanceProfile"]
    assert account.iam.get_instance_profile(InstanceProfileName="wEB")["InstanceProfile"] == made
    profile_id = made.pop("InstanceProfileId")
    assert made.pop("CreateDate").tzinfo is not None
    assert made == {
        "Path": "/a/",
        "InstanceProfileName": "Web",
        "Arn": f"arn:aws:iam::{account.account_id}:instance-profile/a/Web",
        "Roles": [],
        "Tags": tags,
    }
    assert (profile_id[:4], len(profile_id), account_of(profile_id)) == ("AIPA", 21, account.account_id)


def test_a_profile_carries_one_role(iam: Any) -> None:
    """A role put into a profile is shown in it; a second one is LimitExceeded; taken out, it makes room."""
    made, other = make(iam, "r"), make(iam, "other")
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    carried = iam.get_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Roles"]
    assert carried == [made]
    for role in ("r", "other"):
        with refused("LimitExceeded", 409, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"):
            iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName=role)
    with refused("DeleteConflict", 409, "Cannot delete entity, must remove roles from instance profile first."):
        iam.delete_instance_profile(InstanceProfileName="p")
    with refused("NoSuchEntity", 404):
        iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="other")
    iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="r")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="other")
    assert iam.get_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Roles"] == [other]


def test_lists_page_to_the_end(iam: Any) -> None:
    """The account's profiles, those below a path, and those of a role are listed by name, without tags."""
    make(iam)
    for name, path in (("b", "/x/"), ("A", "/"), ("c", "/X/")):
        iam.create_instance_profile(InstanceProfileName=name, Path=path, Tags=[{"Key": "k", "Value": "v"}])
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName="r")
    found = pages(iam, "list_instance_profiles", "InstanceProfiles")
    assert [[one["InstanceProfileName"] for one in page] for page in found] == [["A"], ["b"], ["c"]]
    assert "Tags" not in found[0][0]
    assert found[0][0]["Roles"][0]["AssumeRolePolicyDocument"] == json.loads(EC2)
    of_role = pages(iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName="r")
    assert of_role == found
    below = iam.list_instance_profiles(PathPrefix="/x/")["InstanceProfiles"]
    assert [one["InstanceProfileName"] for one in below] == ["b"]


def test_a_profile_name_is_taken_in_every_case(iam: Any) -> None:
    """Names of instance profiles differ by more than case."""
    iam.create_instance_profile(InstanceProfileName="web")
    with refused("EntityAlreadyExists", 409, "Instance Profile WEB already exists."):
        iam.create_instance_profile(InstanceProfileName="WEB")


def test_delete_instance_profile(iam: Any) -> None:
    """A deleted profile is gone, with its tags, and its name is free."""
    iam.create_instance_profile(InstanceProfileName="p", Tags=[{"Key": "k", "Value": "v"}])
    iam.delete_instance_profile(InstanceProfileName="p")
    with refused("NoSuchEntity", 404, "Instance Profile p cannot be found."):
        iam.get_instance_profile(InstanceProfileName="p")
    assert "Tags" not in iam.create_instance_profile(InstanceProfileName="p")["InstanceProfile"]


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_instance_profile", {}),
        ("delete_instance_profile", {}),
        ("add_role_to_instance_profile", {"RoleName": "r"}),
        ("remove_role_from_instance_profile", {"RoleName": "r"}),
        ("tag_instance_profile", {"Tags": [{"Key": "k", "Value": "v"}]}),
        ("untag_instance_profile", {"TagKeys": ["k"]}),
        ("list_instance_profile_tags", {}),
    ],
)
def test_a_profile_that_is_not_there(iam: Any, operation: str, more: dict[str, Any]) -> None:
    """Everything that is asked of a profile that is not there is NoSuchEntity, in AWS's words."""
    make(iam)
    with refused("NoSuchEntity", 404, "Instance Profile none cannot be found."):
        getattr(iam, operation)(InstanceProfileName="none", **more)


@pytest.mark.parametrize("operation", ["add_role_to_instance_profile", "remove_role_from_instance_profile"])
def test_a_role_that_is_not_there(iam: Any, operation: str) -> None:
    """A role that is not there is neither put in nor taken out."""
    iam.create_instance_profile(InstanceProfileName="p")
    with refused("NoSuchEntity", 404, "The role with name none cannot be found."):
        getattr(iam, operation)(InstanceProfileName="p", RoleName="none")


def test_a_profiles_tags(iam: Any) -> None:
    """Tags of a profile are set, paged and removed; there are fifty at the most."""
    iam.create_instance_profile(InstanceProfileName="p")
    iam.tag_instance_profile(InstanceProfileName="p", Tags=[{"Key": "b", "Value": "1"}, {"Key": "A", "Value": "2"}])
    found = [page for page in pages(iam, "list_instance_profile_tags", "Tags", InstanceProfileName="p") if page]
    assert found == [[{"Key": "A", "Value": "2"}], [{"Key": "b", "Value": "1"}]]
    iam.untag_instance_profile(InstanceProfileName="p", TagKeys=["B"])
    assert iam.list_instance_profile_tags(InstanceProfileName="p")["Tags"] == [{"Key": "A", "Value": "2"}]
    with refused("LimitExceeded", 409, "Cannot exceed quota for TagsPerInstanceProfile: 50"):
        iam.tag_instance_profile(
            InstanceProfileName="p", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)]
        )


def test_an_account_has_1000_profiles_at_most(account: Account) -> None:
    """The 1,001st instance profile is LimitExceeded."""
    rows = [
        {
            "instance_profile_id": new_unique_id("AIPA", account.account_id),
            "account_id": account.account_id,
            "instance_profile_name": f"p{number}",
            "instance_profile_name_key": f"p{number}",
            "path": "/",
            "created_at": account.server.clock.now,
        }
        for number in range(1000)
    ]
    account.server.write(lambda connection: connection.execute(insert(instance_profiles), rows))
    with refused("LimitExceeded", 409, "Cannot exceed quota for InstanceProfilesPerAccount: 1000"):
        account.iam.create_instance_profile(InstanceProfileName="one-more")


def test_putting_a_role_in_passes_it_to_ec2(account: Account) -> None:
    """AddRoleToInstanceProfile needs iam:PassRole for the role as well, and says so as AWS does."""
    iam = account.iam
    make(iam)
    iam.create_instance_profile(InstanceProfileName="p")
    alice = account.client("iam", account.user("alice", allow("iam:AddRoleToInstanceProfile")))
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:PassRole on resource: "
        f"arn:aws:iam::{account.account_id}:role/r because no identity-based policy allows the iam:PassRole action"
    )
    with refused("AccessDenied", 403, message):
        alice.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    for service, allowed in (("lambda.amazonaws.com", False), ("ec2.amazonaws.com", True)):
        condition = {"StringEquals": {"iam:PassedToService": service}}
        iam.put_user_policy(
            UserName="alice", PolicyName="pass", PolicyDocument=allow("iam:PassRole", Condition=condition)
        )
        if allowed:
            alice.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
        else:
            with refused("AccessDenied", 403, message):
                alice.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
