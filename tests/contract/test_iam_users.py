"""IAM users by boto3: their lives, their names and paths, their quotas."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from keywright.aws.identifiers import account_of, new_unique_id
from keywright.store.tables import users
from tests.contract.expect import allow, pages, refused
from tests.contract.in_process import Account, Key, SteppingClock

VALIDATION = "ValidationError"


def test_create_user_answers_what_it_made(account: Account, clock: SteppingClock) -> None:
    """CreateUser answers path, name, id, ARN, date and tags, and nothing that was not asked for."""
    before = clock.now
    answer = account.iam.create_user(Path="/team/blue/", UserName="Alice", Tags=[{"Key": "Cost", "Value": "7"}])
    user = answer["User"]
    user_id = user.pop("UserId")
    created = user.pop("CreateDate")
    assert user == {
        "Path": "/team/blue/",
        "UserName": "Alice",
        "Arn": f"arn:aws:iam::{account.account_id}:user/team/blue/Alice",
        "Tags": [{"Key": "Cost", "Value": "7"}],
    }
    assert (len(user_id), user_id[:4], account_of(user_id)) == (21, "AIDA", account.account_id)
    assert before.replace(microsecond=0) <= created <= clock.now
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ResponseMetadata"]["RequestId"] == answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]


def test_a_user_name_is_taken_in_every_case(iam: Any) -> None:
    """Names differ by more than case; the refusal repeats the name that was asked for."""
    iam.create_user(UserName="Alice")
    with refused("EntityAlreadyExists", 409, "User with name aLICE already exists."):
        iam.create_user(UserName="aLICE")


@pytest.mark.parametrize("name", ["A", "a.b,c=d+e@f_g-h", "x" * 64])
def test_user_names_of_every_allowed_kind(iam: Any, name: str) -> None:
    """A name of 1 to 64 letters, digits and +=,.@-_ is kept as it was written."""
    iam.create_user(UserName=name)
    assert iam.get_user(UserName=name)["User"]["UserName"] == name


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "a\n", "a:b", "x" * 65])
def test_user_names_of_no_allowed_kind(iam: Any, name: str) -> None:
    """A name outside of IAM's rules is a ValidationError that names the parameter."""
    with refused(VALIDATION, 400) as answer:
        iam.create_user(UserName=name)
    assert "userName" in answer["Error"]["Message"]


def test_a_refused_user_name_is_said_as_aws_says_it(iam: Any) -> None:
    """The words of a refused pattern and of a refused length are IAM's own, which leave out the value."""
    head = "1 validation error detected: Value at 'userName' failed to satisfy constraint: "
    sentence = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
    with refused(VALIDATION, 400, f"The specified value for userName is invalid. {sentence}"):
        iam.create_user(UserName="a b")
    with refused(VALIDATION, 400, head + "Member must have length less than or equal to 64"):
        iam.create_user(UserName="x" * 65)


def test_lookups_take_names_of_up_to_128_characters(iam: Any) -> None:
    """A name that could never be made is not found, rather than refused, up to 128 characters."""
    with refused("NoSuchEntity", 404, f"The user with name {'x' * 128} cannot be found."):
        iam.get_user(UserName="x" * 128)
    with refused(VALIDATION, 400):
        iam.get_user(UserName="x" * 129)


@pytest.mark.parametrize("path", ["/", "/a/", "/a//b/", "/a/b.c/!~/"])
def test_paths_of_every_allowed_kind(iam: Any, path: str) -> None:
    """A path is a slash, or anything printable between two of them (recorded: `/a//b/` is accepted)."""
    assert iam.create_user(UserName="u", Path=path)["User"]["Path"] == path


@pytest.mark.parametrize("path", ["", "//", "x", "/x", "x/", "/a b/", "/é/", "/\x7f/", "/" + "x" * 511 + "/"])
def test_paths_of_no_allowed_kind(iam: Any, path: str) -> None:
    """Any other path is a ValidationError (recorded: `//`, `/x`, spaces, DEL, non-ASCII)."""
    with refused(VALIDATION, 400):
        iam.create_user(UserName="u", Path=path)


def test_create_user_needs_a_name(iam: Any) -> None:
    """A missing required parameter is reported as a null value."""
    with refused(VALIDATION, 400) as answer:
        iam.create_user()
    assert answer["Error"]["Message"].endswith("at 'userName' failed to satisfy constraint: Member must not be null")


def test_get_user_finds_a_name_in_any_case(iam: Any) -> None:
    """GetUser finds a user by name in any case and gives the name as it was made."""
    made = iam.create_user(UserName="Alice")["User"]
    assert iam.get_user(UserName="aLiCe")["User"] == made


def test_get_user_without_a_name_is_the_caller(account: Account) -> None:
    """Without a name GetUser describes who asks: the user, or the root user."""
    assert account.iam.get_user()["User"]["UserName"] == "admin"
    root = account.client("iam", account.root).get_user()["User"]
    assert root["Arn"] == f"arn:aws:iam::{account.account_id}:root"
    assert root["UserId"] == account.account_id


def test_get_user_refuses_a_stranger(iam: Any) -> None:
    """A user who is not there is NoSuchEntity, 404, in AWS's words."""
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.get_user(UserName="nobody")


def test_list_users_pages_to_the_end(iam: Any) -> None:
    """Pages of one hold every user once, by name, and end."""
    for name in ("carol", "Bob", "alice"):
        iam.create_user(UserName=name)
    found = pages(iam, "list_users", "Users")
    assert [[user["UserName"] for user in page] for page in found] == [["admin"], ["alice"], ["Bob"], ["carol"]]
    first = iam.list_users(MaxItems=3)
    assert first["IsTruncated"] is True
    rest = iam.list_users(Marker=first["Marker"])
    assert (rest["IsTruncated"], "Marker" in rest, len(rest["Users"])) == (False, False, 1)


def test_a_page_goes_on_where_the_last_one_ended(iam: Any) -> None:
    """A user added or deleted behind the marker changes nothing of what comes after it."""
    for name in ("b", "d", "e"):
        iam.create_user(UserName=name)
    marker = iam.list_users(MaxItems=2)["Marker"]
    iam.delete_user(UserName="b")
    iam.create_user(UserName="a")
    iam.create_user(UserName="c")
    assert [user["UserName"] for user in iam.list_users(Marker=marker)["Users"]] == ["c", "d", "e"]


def test_list_users_shows_no_tags_and_no_boundary(iam: Any, account: Account) -> None:
    """ListUsers gives a subset of a user's attributes: neither tags nor boundary (API reference)."""
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    iam.create_user(UserName="u", PermissionsBoundary=arn, Tags=[{"Key": "a", "Value": "b"}])
    listed = next(user for user in iam.list_users()["Users"] if user["UserName"] == "u")
    assert set(listed) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}
    assert iam.get_user(UserName="u")["User"]["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn,
    }


def test_list_users_by_path(iam: Any) -> None:
    """A path prefix selects by the characters of the path, its case included."""
    iam.create_user(UserName="a", Path="/team/blue/")
    iam.create_user(UserName="b", Path="/team/red/")
    iam.create_user(UserName="c", Path="/Team/")

    def names(prefix: str) -> list[str]:
        return [user["UserName"] for user in iam.list_users(PathPrefix=prefix)["Users"]]

    assert names("/team/") == ["a", "b"]
    assert names("/team/b") == ["a"]
    assert names("/Team/") == ["c"]
    assert names("/te_m/") == []
    assert names("/%") == []


@pytest.mark.parametrize(
    "parameters", [{"MaxItems": 0}, {"MaxItems": 1001}, {"PathPrefix": "x"}, {"Marker": "never given"}, {"Marker": ""}]
)
def test_list_users_refuses_bad_pages(iam: Any, parameters: dict[str, Any]) -> None:
    """A page size out of 1 to 1000, a prefix without a slash and a made-up marker are ValidationErrors."""
    with refused(VALIDATION, 400):
        iam.list_users(**parameters)


def test_update_user_keeps_the_user(iam: Any, account: Account) -> None:
    """A new name and path change the ARN; id, key, tags and policies stay."""
    key = account.user("old", allow("iam:GetUser"))
    iam.tag_user(UserName="old", Tags=[{"Key": "k", "Value": "v"}])
    before = iam.get_user(UserName="old")["User"]
    iam.update_user(UserName="old", NewUserName="New", NewPath="/p/")
    after = account.client("iam", key).get_user()["User"]
    assert after == before | {
        "UserName": "New",
        "Path": "/p/",
        "Arn": f"arn:aws:iam::{account.account_id}:user/p/New",
    }
    with refused("NoSuchEntity", 404):
        iam.get_user(UserName="old")


def test_update_user_changes_a_names_case_alone(iam: Any) -> None:
    """A user may be renamed to the same name in another case."""
    iam.create_user(UserName="alice")
    iam.update_user(UserName="alice", NewUserName="Alice")
    assert iam.get_user(UserName="alice")["User"]["UserName"] == "Alice"


def test_update_user_refuses_a_taken_name(iam: Any) -> None:
    """A name that another user has is EntityAlreadyExists, and nothing changes."""
    iam.create_user(UserName="a")
    iam.create_user(UserName="b", Path="/p/")
    with refused("EntityAlreadyExists", 409, "User with name A already exists."):
        iam.update_user(UserName="b", NewUserName="A", NewPath="/q/")
    assert iam.get_user(UserName="b")["User"]["Path"] == "/p/"


def test_a_rename_needs_permission_on_both_names(iam: Any, account: Account) -> None:
    """To change Bob to Robert one must be allowed to on Bob and on Robert (API reference, UpdateUser)."""
    users = f"arn:aws:iam::{account.account_id}:user/"
    half = account.client("iam", account.user("half", allow("iam:UpdateUser", users + "bob")))
    both = account.client("iam", account.user("both", allow("iam:UpdateUser", [users + "bob", users + "robert"])))
    iam.create_user(UserName="bob")
    with refused("AccessDenied", 403):
        half.update_user(UserName="bob", NewUserName="robert")
    assert iam.get_user(UserName="bob")["User"]["UserName"] == "bob"
    both.update_user(UserName="bob", NewUserName="robert")
    assert iam.get_user(UserName="robert")["User"]["UserName"] == "robert"


def test_update_user_refuses_a_stranger(iam: Any) -> None:
    """Renaming a user who is not there is NoSuchEntity."""
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.update_user(UserName="nobody", NewUserName="x")


def test_delete_user(iam: Any) -> None:
    """A deleted user is gone, and its name is free; the next one of that name has another id."""
    first = iam.create_user(UserName="u")["User"]["UserId"]
    iam.delete_user(UserName="U")
    with refused("NoSuchEntity", 404, "The user with name u cannot be found."):
        iam.delete_user(UserName="u")
    assert iam.create_user(UserName="u")["User"]["UserId"] != first


def test_delete_user_takes_its_tags_along(iam: Any) -> None:
    """Tags are no hindrance to deletion, and do not come back with the name."""
    iam.create_user(UserName="u", Tags=[{"Key": "k", "Value": "v"}])
    iam.delete_user(UserName="u")
    assert "Tags" not in iam.create_user(UserName="u")["User"]


def test_delete_user_refuses_what_still_has_something(iam: Any) -> None:
    """Attached and inline policies, keys and a password are each a DeleteConflict, in AWS's words."""
    arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=allow("s3:*"))
    key_id = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    with refused("DeleteConflict", 409, "Cannot delete entity, must detach all policies first."):
        iam.delete_user(UserName="u")
    iam.detach_user_policy(UserName="u", PolicyArn=arn)
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete policies first."):
        iam.delete_user(UserName="u")
    iam.delete_user_policy(UserName="u", PolicyName="p")
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete access keys first."):
        iam.delete_user(UserName="u")
    iam.update_access_key(UserName="u", AccessKeyId=key_id, Status="Inactive")
    with refused("DeleteConflict", 409):
        iam.delete_user(UserName="u")
    iam.delete_access_key(UserName="u", AccessKeyId=key_id)
    iam.delete_user(UserName="u")


def test_delete_user_refuses_who_has_a_password(iam: Any, account: Account) -> None:
    """A user with a console password must lose it first."""
    root = account.client("iam", account.root)
    root.detach_user_policy(UserName="admin", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    root.delete_access_key(UserName="admin", AccessKeyId=account.admin.access_key_id)
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete login profile first."):
        root.delete_user(UserName="admin")


def test_an_account_has_5000_users_at_most(iam: Any, account: Account) -> None:
    """The 5001st user is LimitExceeded, in IAM's words."""
    rows = [
        {
            "user_id": new_unique_id("AIDA", account.account_id),
            "account_id": account.account_id,
            "user_name": f"u{number}",
            "user_name_key": f"u{number}",
            "path": "/",
            "created_at": account.server.clock.now,
        }
        for number in range(4998)
    ]
    account.server.write(lambda connection: connection.execute(insert(users), rows) and None)
    iam.create_user(UserName="last")
    with refused("LimitExceeded", 409, "Cannot exceed quota for UsersPerAccount: 5000"):
        iam.create_user(UserName="one-too-many")


def test_a_boundary_must_exist(iam: Any, account: Account) -> None:
    """A user is not made with a boundary that is no policy."""
    arn = f"arn:aws:iam::{account.account_id}:policy/none"
    with refused("NoSuchEntity", 404):
        iam.create_user(UserName="u", PermissionsBoundary=arn)
    with refused("NoSuchEntity", 404):
        iam.get_user(UserName="u")


def test_a_boundary_caps_what_policies_allow(iam: Any, account: Account) -> None:
    """What a user's boundary does not allow is refused whatever its policies allow, and the refusal says so."""
    boundary = iam.create_policy(PolicyName="limit", PolicyDocument=allow("iam:GetUser"))["Policy"]["Arn"]
    iam.create_user(UserName="capped", PermissionsBoundary=boundary)
    iam.put_user_policy(UserName="capped", PolicyName="all", PolicyDocument=allow("*"))
    made = iam.create_access_key(UserName="capped")["AccessKey"]
    capped = account.client("iam", Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert capped.get_user()["User"]["UserName"] == "capped"
    with refused(
        "AccessDenied",
        403,
        f"User: arn:aws:iam::{account.account_id}:user/capped is not authorized to perform: iam:CreateUser on "
        f"resource: arn:aws:iam::{account.account_id}:user/x because no permissions boundary allows the "
        "iam:CreateUser action",
    ):
        capped.create_user(UserName="x")
