"""Groups by boto3: their lives, who is in them, and what their policies do for members."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sqlalchemy import insert

from keywright.aws.identifiers import account_of, new_unique_id
from keywright.store.tables import groups
from tests.contract.expect import allow, deny, pages, refused
from tests.contract.in_process import Account

READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"


def test_create_group_answers_what_it_made(account: Account) -> None:
    """CreateGroup answers path, name, id, ARN and date, and GetGroup the same with nobody in it."""
    made = account.iam.create_group(Path="/team/", GroupName="Admins")["Group"]
    found = account.iam.get_group(GroupName="aDMINS")
    assert (found["Group"], found["Users"], found["IsTruncated"]) == (made, [], False)
    group_id = made.pop("GroupId")
    assert made.pop("CreateDate").tzinfo is not None
    assert made == {
        "Path": "/team/",
        "GroupName": "Admins",
        "Arn": f"arn:aws:iam::{account.account_id}:group/team/Admins",
    }
    assert (group_id[:4], len(group_id), account_of(group_id)) == ("AGPA", 21, account.account_id)


def test_a_group_name_is_taken_in_every_case(iam: Any) -> None:
    """Names of groups differ by more than case, whatever their paths."""
    iam.create_group(GroupName="Admins")
    with refused("EntityAlreadyExists", 409, "Group with name ADMINS already exists."):
        iam.create_group(GroupName="ADMINS", Path="/x/")


def test_update_group_keeps_members_and_policies(account: Account) -> None:
    """A renamed and moved group has another ARN, and the members, policies and id that it had."""
    iam = account.iam
    made = iam.create_group(GroupName="a")["Group"]
    iam.create_user(UserName="u")
    iam.add_user_to_group(GroupName="a", UserName="u")
    iam.put_group_policy(GroupName="a", PolicyName="p", PolicyDocument=allow("s3:*"))
    iam.update_group(GroupName="a", NewGroupName="b", NewPath="/y/")
    found = iam.get_group(GroupName="b")
    assert found["Group"]["Arn"] == f"arn:aws:iam::{account.account_id}:group/y/b"
    assert (found["Group"]["GroupId"], found["Users"][0]["UserName"]) == (made["GroupId"], "u")
    assert iam.list_group_policies(GroupName="b")["PolicyNames"] == ["p"]
    iam.create_group(GroupName="c")
    with refused("EntityAlreadyExists", 409, "Group with name C already exists."):
        iam.update_group(GroupName="b", NewGroupName="C")


def test_list_groups_pages_to_the_end(iam: Any) -> None:
    """Pages of one hold every group once, by name; a prefix narrows by path, upper and lower case apart."""
    for name, path in (("c", "/"), ("B", "/x/"), ("a", "/X/")):
        iam.create_group(GroupName=name, Path=path)
    assert [[group["GroupName"] for group in page] for page in pages(iam, "list_groups", "Groups")] == [
        ["a"],
        ["B"],
        ["c"],
    ]
    assert [group["GroupName"] for group in iam.list_groups(PathPrefix="/x/")["Groups"]] == ["B"]


def test_delete_group_says_what_is_left(iam: Any) -> None:
    """A group with members, attached or inline policies is a DeleteConflict, each in AWS's words; then it goes."""
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    iam.add_user_to_group(GroupName="g", UserName="u")
    iam.attach_group_policy(GroupName="g", PolicyArn=READ_ONLY)
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=allow("s3:*"))
    with refused("DeleteConflict", 409, "Cannot delete entity, must remove users from group first."):
        iam.delete_group(GroupName="g")
    iam.remove_user_from_group(GroupName="g", UserName="u")
    with refused("DeleteConflict", 409, "Cannot delete entity, must detach all policies first."):
        iam.delete_group(GroupName="g")
    iam.detach_group_policy(GroupName="g", PolicyArn=READ_ONLY)
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete policies first."):
        iam.delete_group(GroupName="g")
    iam.delete_group_policy(GroupName="g", PolicyName="p")
    iam.delete_group(GroupName="g")
    with refused("NoSuchEntity", 404, "The group with name g cannot be found."):
        iam.get_group(GroupName="g")


def test_membership_is_listed_from_both_sides(iam: Any) -> None:
    """GetGroup pages through the members by name, ListGroupsForUser through the groups; joining twice is once."""
    for name in ("b", "A", "c"):
        iam.create_user(UserName=name)
        iam.create_group(GroupName=name)
    for name in ("b", "A", "c", "c"):
        iam.add_user_to_group(GroupName="A", UserName=name)
        iam.add_user_to_group(GroupName=name, UserName="b")
    members = pages(iam, "get_group", "Users", GroupName="A")
    assert [[user["UserName"] for user in page] for page in members] == [["A"], ["b"], ["c"]]
    joined = pages(iam, "list_groups_for_user", "Groups", UserName="B")
    assert [[group["GroupName"] for group in page] for page in joined] == [["A"], ["b"], ["c"]]
    iam.remove_user_from_group(GroupName="A", UserName="c")
    assert iam.list_groups_for_user(UserName="c")["Groups"] == []


def test_a_member_is_not_deleted(iam: Any) -> None:
    """A user who is in a group is a DeleteConflict until taken out of it."""
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    iam.add_user_to_group(GroupName="g", UserName="u")
    with refused("DeleteConflict", 409, "Cannot delete entity, must remove users from group first."):
        iam.delete_user(UserName="u")
    iam.remove_user_from_group(GroupName="g", UserName="u")
    iam.delete_user(UserName="u")


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("get_group", {"GroupName": "x"}, "The group with name x cannot be found."),
        ("update_group", {"GroupName": "x"}, "The group with name x cannot be found."),
        ("delete_group", {"GroupName": "x"}, "The group with name x cannot be found."),
        ("add_user_to_group", {"GroupName": "x", "UserName": "u"}, "The group with name x cannot be found."),
        ("add_user_to_group", {"GroupName": "g", "UserName": "x"}, "The user with name x cannot be found."),
        ("remove_user_from_group", {"GroupName": "x", "UserName": "u"}, "The group with name x cannot be found."),
        ("remove_user_from_group", {"GroupName": "g", "UserName": "u"}, None),
        ("list_groups_for_user", {"UserName": "x"}, "The user with name x cannot be found."),
        ("get_group_policy", {"GroupName": "g", "PolicyName": "x"}, "The group policy with name x cannot be found."),
        ("delete_group_policy", {"GroupName": "g", "PolicyName": "x"}, "The group policy with name x cannot be found."),
        ("list_group_policies", {"GroupName": "x"}, "The group with name x cannot be found."),
        ("list_attached_group_policies", {"GroupName": "x"}, "The group with name x cannot be found."),
        ("detach_group_policy", {"GroupName": "g", "PolicyArn": READ_ONLY}, f"Policy {READ_ONLY} was not found."),
        ("attach_group_policy", {"GroupName": "x", "PolicyArn": READ_ONLY}, "The group with name x cannot be found."),
    ],
)
def test_what_is_not_there(iam: Any, operation: str, parameters: dict[str, str], message: str | None) -> None:
    """A group, a member or a policy that is not there is NoSuchEntity, which says what it is."""
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    with refused("NoSuchEntity", 404, message):
        getattr(iam, operation)(**parameters)


def test_bad_group_names_and_paths(iam: Any) -> None:
    """Names and paths out of IAM's rules are ValidationErrors."""
    for parameters in ({"GroupName": "a b"}, {"GroupName": "x" * 129}, {"GroupName": "g", "Path": "x"}, {}):
        with refused("ValidationError", 400):
            iam.create_group(**parameters)


def test_an_account_has_300_groups_at_most(account: Account) -> None:
    """The 301st group is LimitExceeded."""
    rows = [
        {
            "group_id": new_unique_id("AGPA", account.account_id),
            "account_id": account.account_id,
            "group_name": f"g{number}",
            "group_name_key": f"g{number}",
            "path": "/",
            "created_at": account.server.clock.now,
        }
        for number in range(300)
    ]
    account.server.write(lambda connection: connection.execute(insert(groups), rows))
    with refused("LimitExceeded", 409, "Cannot exceed quota for GroupsPerAccount: 300"):
        account.iam.create_group(GroupName="one-more")


def test_a_user_is_in_ten_groups_at_most(iam: Any) -> None:
    """The eleventh group of a user is LimitExceeded."""
    iam.create_user(UserName="u")
    for number in range(11):
        iam.create_group(GroupName=f"g{number}")
    for number in range(10):
        iam.add_user_to_group(GroupName=f"g{number}", UserName="u")
    with refused("LimitExceeded", 409, "Cannot exceed quota for GroupsPerUser: 10"):
        iam.add_user_to_group(GroupName="g10", UserName="u")


def test_the_quota_holds_under_contention(account: Account) -> None:
    """Sixteen callers that put one user into a group each at the same time succeed exactly ten times."""
    account.iam.create_user(UserName="u")
    names = [f"g{number}" for number in range(16)]
    for name in names:
        account.iam.create_group(GroupName=name)

    def join(name: str) -> str:
        try:
            account.iam.add_user_to_group(GroupName=name, UserName="u")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "joined"

    with ThreadPoolExecutor(16) as callers:
        assert Counter(callers.map(join, names)) == {"joined": 10, "LimitExceeded": 6}
    assert len(account.iam.list_groups_for_user(UserName="u")["Groups"]) == 10


def test_a_group_bears_ten_managed_policies_at_most(iam: Any) -> None:
    """The eleventh managed policy of a group is LimitExceeded."""
    iam.create_group(GroupName="g")
    for number in range(11):
        arn = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
        if number < 10:
            iam.attach_group_policy(GroupName="g", PolicyArn=arn)
    with refused("LimitExceeded", 409, "Cannot exceed quota for PoliciesPerGroup: 10"):
        iam.attach_group_policy(GroupName="g", PolicyArn=arn)


def test_a_groups_inline_policies_have_5120_characters_at_most(iam: Any) -> None:
    """Inline policies of a group share 5,120 characters; one too many is LimitExceeded and nothing is stored."""
    iam.create_group(GroupName="g")
    with refused("LimitExceeded", 409, "Maximum policy size of 5120 bytes exceeded for group g"):
        iam.put_group_policy(
            GroupName="g", PolicyName="p", PolicyDocument=allow("s3:Get*", "arn:aws:s3:::" + "x" * 5120)
        )
    assert iam.list_group_policies(GroupName="g")["PolicyNames"] == []


def test_a_groups_inline_policies(iam: Any) -> None:
    """An inline policy of a group is put, replaced, read, listed and deleted by its name in any case."""
    iam.create_group(GroupName="G")
    iam.put_group_policy(GroupName="G", PolicyName="P", PolicyDocument=allow("s3:*"))
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=allow("ec2:*"))
    found = iam.get_group_policy(GroupName="g", PolicyName="P")
    assert (found["GroupName"], found["PolicyName"]) == ("G", "p")
    assert found["PolicyDocument"]["Statement"][0]["Action"] == "ec2:*"
    iam.put_group_policy(GroupName="G", PolicyName="a", PolicyDocument=allow("s3:*"))
    assert pages(iam, "list_group_policies", "PolicyNames", GroupName="G") == [["a"], ["p"]]
    iam.delete_group_policy(GroupName="G", PolicyName="A")
    assert iam.list_group_policies(GroupName="G")["PolicyNames"] == ["p"]
    with refused("MalformedPolicyDocument", 400):
        iam.put_group_policy(GroupName="G", PolicyName="x", PolicyDocument="{}")


def test_a_groups_managed_policies(account: Account) -> None:
    """Managed policies of a group are attached once, listed by path, and count as attachments of the policy."""
    iam = account.iam
    iam.create_group(GroupName="g")
    arn = iam.create_policy(PolicyName="p", Path="/x/", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    for policy in (arn, arn, READ_ONLY):
        iam.attach_group_policy(GroupName="g", PolicyArn=policy)
    attached = pages(iam, "list_attached_group_policies", "AttachedPolicies", GroupName="g")
    assert [[one["PolicyArn"] for one in page] for page in attached] == [[arn], [READ_ONLY]]
    narrowed = iam.list_attached_group_policies(GroupName="g", PathPrefix="/x/")["AttachedPolicies"]
    assert narrowed == [{"PolicyName": "p", "PolicyArn": arn}]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    with refused("DeleteConflict", 409, "Cannot delete a policy attached to entities."):
        iam.delete_policy(PolicyArn=arn)
    with refused("ValidationError", 400, "Invalid ARN:  Could not be parsed!"):
        iam.attach_group_policy(GroupName="g", PolicyArn="not-an-arn-at-all-but-long")
    missing = f"arn:aws:iam::{account.account_id}:policy/none"
    with refused("NoSuchEntity", 404, f"Policy {missing} does not exist or is not attachable."):
        iam.attach_group_policy(GroupName="g", PolicyArn=missing)


def test_a_groups_policies_follow_its_members_at_once(account: Account) -> None:
    """What a group's policies allow and deny holds for a member from the next request on, and no longer."""
    iam = account.iam
    iam.create_group(GroupName="g")
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=allow("iam:ListUsers"))
    iam.attach_group_policy(GroupName="g", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    alice = account.client("iam", account.user("alice"))
    with refused("AccessDenied", 403):
        alice.list_users()
    iam.add_user_to_group(GroupName="g", UserName="alice")
    alice.list_users()
    alice.list_groups()
    iam.put_group_policy(GroupName="g", PolicyName="no", PolicyDocument=deny("iam:ListGroups"))
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:ListGroups on resource: "
        f"arn:aws:iam::{account.account_id}:group/ with an explicit deny in an identity-based policy"
    )
    with refused("AccessDenied", 403, message):
        alice.list_groups()
    iam.remove_user_from_group(GroupName="g", UserName="alice")
    with refused("AccessDenied", 403):
        alice.list_users()


def test_refusals_say_the_group(account: Account) -> None:
    """A refusal says the group as AWS does: by ARN where it is made, by name where it is used, by path in a list."""
    account.iam.create_group(GroupName="g", Path="/x/")
    alice = account.client("iam", account.user("alice"))
    head = f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:"
    tail = " because no identity-based policy allows the iam:{} action"
    for operation, name, resource, parameters in (
        (
            "create_group",
            "CreateGroup",
            f"arn:aws:iam::{account.account_id}:group/x/h",
            {"GroupName": "h", "Path": "/x/"},
        ),
        ("add_user_to_group", "AddUserToGroup", "group g", {"GroupName": "g", "UserName": "alice"}),
        ("list_groups", "ListGroups", f"arn:aws:iam::{account.account_id}:group/", {}),
        ("list_groups_for_user", "ListGroupsForUser", "user alice", {"UserName": "alice"}),
    ):
        with refused("AccessDenied", 403, f"{head}{name} on resource: {resource}{tail.format(name)}"):
            getattr(alice, operation)(**parameters)


def test_another_account_has_groups_of_its_own(account: Account, other: Account) -> None:
    """Groups of one account are not there for another, by name or in a list."""
    account.iam.create_group(GroupName="g")
    assert other.iam.list_groups()["Groups"] == []
    with refused("NoSuchEntity", 404):
        other.iam.get_group(GroupName="g")
    other.iam.create_group(GroupName="g")
