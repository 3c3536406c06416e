"""Access keys by boto3: making, listing, switching and deleting what signs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from keywright.aws.identifiers import account_of
from tests.contract.expect import allow, pages, refused
from tests.contract.in_process import Account, Key, SteppingClock

UNKNOWN_KEY = "The security token included in the request is invalid."


def test_create_access_key_answers_the_secret_once(account: Account, clock: SteppingClock) -> None:
    """CreateAccessKey answers an active key that carries its account, and the only copy of its secret."""
    iam = account.iam
    iam.create_user(UserName="alice")
    before = clock.now
    key = iam.create_access_key(UserName="ALICE")["AccessKey"]
    assert set(key) == {"UserName", "AccessKeyId", "Status", "SecretAccessKey", "CreateDate"}
    assert (key["UserName"], key["Status"]) == ("alice", "Active")
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", key["AccessKeyId"])
    assert account_of(key["AccessKeyId"]) == account.account_id
    assert re.fullmatch(r"[A-Za-z0-9+/]{40}", key["SecretAccessKey"])
    assert before.replace(microsecond=0) <= key["CreateDate"] <= clock.now
    listed = iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    assert listed == [{name: value for name, value in key.items() if name != "SecretAccessKey"}]


def test_a_new_key_signs(account: Account) -> None:
    """A key works in the very next request."""
    key = account.user("alice")
    assert account.client("sts", key).get_caller_identity()["Arn"].endswith(":user/alice")


def test_a_user_has_two_keys_at_most(iam: Any) -> None:
    """The third key is LimitExceeded, an inactive one counts, and a deleted one does not."""
    iam.create_user(UserName="u")
    first = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    iam.create_access_key(UserName="u")
    iam.update_access_key(UserName="u", AccessKeyId=first, Status="Inactive")
    with refused("LimitExceeded", 409, "Cannot exceed quota for AccessKeysPerUser: 2"):
        iam.create_access_key(UserName="u")
    iam.delete_access_key(UserName="u", AccessKeyId=first)
    iam.create_access_key(UserName="u")


def test_create_access_key_refuses_a_stranger(iam: Any) -> None:
    """A key for a user who is not there is NoSuchEntity."""
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.create_access_key(UserName="nobody")


@pytest.mark.parametrize("name", ["a b", "x" * 129])
def test_create_access_key_refuses_what_is_no_name(iam: Any, name: str) -> None:
    """A name that no user can have is a ValidationError."""
    with refused("ValidationError", 400):
        iam.create_access_key(UserName=name)


def test_without_a_name_keys_are_the_callers(account: Account) -> None:
    """A user manages its own keys without naming itself."""
    key = account.user("alice", allow("iam:*AccessKey*"))
    alice = account.client("iam", key)
    made = alice.create_access_key()["AccessKey"]
    assert made["UserName"] == "alice"
    ids = {one["AccessKeyId"] for one in alice.list_access_keys()["AccessKeyMetadata"]}
    assert ids == {key.access_key_id, made["AccessKeyId"]}
    alice.update_access_key(AccessKeyId=made["AccessKeyId"], Status="Inactive")
    alice.delete_access_key(AccessKeyId=made["AccessKeyId"])
    assert len(alice.list_access_keys()["AccessKeyMetadata"]) == 1


def test_the_root_user_manages_its_own_keys(account: Account) -> None:
    """Without a name the root user's requests are about the root user's keys, two at most."""
    root = account.client("iam", account.root)
    made = root.create_access_key()["AccessKey"]
    new = account.client("sts", Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert new.get_caller_identity()["Arn"] == f"arn:aws:iam::{account.account_id}:root"
    with refused("LimitExceeded", 409, "Cannot exceed quota for AccessKeysPerUser: 2"):
        root.create_access_key()
    ids = {one["AccessKeyId"] for one in root.list_access_keys()["AccessKeyMetadata"]}
    assert ids == {account.root.access_key_id, made["AccessKeyId"]}
    root.delete_access_key(AccessKeyId=made["AccessKeyId"])
    assert account.iam.list_access_keys()["AccessKeyMetadata"][0]["AccessKeyId"] == account.admin.access_key_id


def test_list_access_keys_pages_to_the_end(iam: Any) -> None:
    """Pages of one hold each key once, and end."""
    iam.create_user(UserName="u")
    made = {iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"] for _ in range(2)}
    found = pages(iam, "list_access_keys", "AccessKeyMetadata", UserName="u")
    assert [len(page) for page in found] == [1, 1]
    assert {page[0]["AccessKeyId"] for page in found} == made


def test_list_access_keys_refuses_a_stranger(iam: Any) -> None:
    """The keys of a user who is not there are NoSuchEntity, those of a user without keys an empty list."""
    iam.create_user(UserName="u")
    assert iam.list_access_keys(UserName="u")["AccessKeyMetadata"] == []
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.list_access_keys(UserName="nobody")


def test_a_status_change_takes_effect_at_once(account: Account) -> None:
    """An inactive key is refused like an unknown one in the next request, and signs again once it is active."""
    key = account.user("alice")
    sts = account.client("sts", key)
    sts.get_caller_identity()
    for _ in range(2):
        account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="Inactive")
        with refused("InvalidClientTokenId", 403, UNKNOWN_KEY):
            sts.get_caller_identity()
        account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="Active")
        sts.get_caller_identity()


def test_a_deleted_key_stops_at_once(account: Account) -> None:
    """A deleted key is refused like an unknown one in the next request."""
    key = account.user("alice")
    sts = account.client("sts", key)
    sts.get_caller_identity()
    account.iam.delete_access_key(UserName="alice", AccessKeyId=key.access_key_id)
    with refused("InvalidClientTokenId", 403, UNKNOWN_KEY):
        sts.get_caller_identity()


def test_a_key_may_deactivate_itself(account: Account) -> None:
    """The request that ends its own key is answered; the next one is not."""
    key = account.user("alice", allow("iam:UpdateAccessKey"))
    alice = account.client("iam", key)
    alice.update_access_key(AccessKeyId=key.access_key_id, Status="Inactive")
    with refused("InvalidClientTokenId", 403, UNKNOWN_KEY):
        alice.update_access_key(AccessKeyId=key.access_key_id, Status="Active")


def test_a_key_cannot_be_set_to_expired(account: Account) -> None:
    """Expired is in the model's enum and refused by IAM all the same (recorded: InvalidInput)."""
    key = account.user("alice")
    with refused("InvalidInput", 400):
        account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="Expired")
    account.client("sts", key).get_caller_identity()


def test_a_status_out_of_the_enum_is_said_as_aws_says_it(account: Account) -> None:
    """A status that is none is a ValidationError in IAM's words."""
    key = account.user("alice")
    message = (
        "1 validation error detected: Value at 'status' failed to satisfy constraint: "
        "Member must satisfy enum value set"
    )
    with refused("ValidationError", 400) as answer:
        account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="active")
    assert answer["Error"]["Message"].startswith(message)


@pytest.mark.parametrize("operation", ["update_access_key", "delete_access_key"])
def test_a_key_is_its_owners_only(account: Account, operation: str) -> None:
    """A key named beside another user is NoSuchEntity, and stays as it was."""
    key = account.user("alice")
    account.iam.create_user(UserName="bob")
    status = {"Status": "Inactive"} if operation == "update_access_key" else {}
    with refused("NoSuchEntity", 404, f"The Access Key with id {key.access_key_id} cannot be found."):
        getattr(account.iam, operation)(UserName="bob", AccessKeyId=key.access_key_id, **status)
    account.client("sts", key).get_caller_identity()


@pytest.mark.parametrize(("access_key_id", "code"), [("AKIA" + "Q" * 16, "NoSuchEntity"), ("AKIA", "ValidationError")])
def test_delete_access_key_refuses_what_is_no_key(iam: Any, access_key_id: str, code: str) -> None:
    """A key that is not there is NoSuchEntity; an id too short to be one is a ValidationError."""
    with refused(code, 404 if code == "NoSuchEntity" else 400):
        iam.delete_access_key(AccessKeyId=access_key_id)


def test_a_key_that_was_never_used(account: Account) -> None:
    """A key that never signed has N/A for service and region, and no date."""
    key = account.user("alice")
    assert last_used(account, key.access_key_id) == {"ServiceName": "N/A", "Region": "N/A"}


@pytest.mark.parametrize(
    ("service", "operation", "region", "expected"),
    [
        ("sts", "get_caller_identity", "eu-central-1", ("sts", "eu-central-1")),
        ("iam", "get_user", "us-east-1", ("iam", "us-east-1")),
        ("cloudtrail", "lookup_events", "eu-west-1", ("cloudtrail", "eu-west-1")),
        ("s3", "list_buckets", "eu-west-1", ("s3", "N/A")),
    ],
)
def test_a_use_is_noted(
    account: Account, clock: SteppingClock, service: str, operation: str, region: str, expected: tuple[str, str]
) -> None:
    """The last use has its date, service and region, to be read right after."""
    key = account.user("alice", allow("*"))
    getattr(account.client(service, key, region), operation)()
    used = last_used(account, key.access_key_id)
    assert (used["ServiceName"], used["Region"]) == expected
    assert abs((clock.now - used["LastUsedDate"]).total_seconds()) < 5


def test_a_refused_request_is_a_use_too(account: Account) -> None:
    """A key that signed is used, whether its user was allowed to or not."""
    key = account.user("alice")
    with refused("AccessDenied", 403):
        account.client("iam", key).list_users()
    assert last_used(account, key.access_key_id)["ServiceName"] == "iam"


def test_only_the_first_use_in_15_minutes_is_noted(account: Account, clock: SteppingClock) -> None:
    """A later use within a quarter of an hour changes nothing; one after it does."""
    key = account.user("alice", allow("*"))
    account.client("sts", key).get_caller_identity()
    clock.advance(minutes=10)
    account.client("iam", key).get_user()
    first = last_used(account, key.access_key_id)
    assert first["ServiceName"] == "sts"
    clock.advance(minutes=6)
    account.client("iam", key).get_user()
    second = last_used(account, key.access_key_id)
    assert second["ServiceName"] == "iam"
    assert 15 * 60 < (second["LastUsedDate"] - first["LastUsedDate"]).total_seconds() < 17 * 60


def test_a_wrong_signature_is_no_use(account: Account) -> None:
    """Whoever only knows a key's id leaves no mark on it."""
    key = account.user("alice")
    with refused("SignatureDoesNotMatch", 403):
        account.client("sts", key._replace(secret="x" * 40)).get_caller_identity()
    assert last_used(account, key.access_key_id)["ServiceName"] == "N/A"


def test_the_last_use_names_the_owner(account: Account) -> None:
    """GetAccessKeyLastUsed says whose key it is; the root user's has no user name."""
    key = account.user("alice")
    assert account.iam.get_access_key_last_used(AccessKeyId=key.access_key_id)["UserName"] == "alice"
    assert "UserName" not in account.iam.get_access_key_last_used(AccessKeyId=account.root.access_key_id)


def test_the_last_use_of_an_unknown_key(iam: Any) -> None:
    """A key that is nobody's here is NoSuchEntity."""
    unknown = "AKIA" + "Q" * 16
    with refused("NoSuchEntity", 404, f"The Access Key with id {unknown} cannot be found."):
        iam.get_access_key_last_used(AccessKeyId=unknown)


def last_used(account: Account, access_key_id: str) -> dict[str, Any]:
    """Ask for a key's last use, as the administrator."""
    found: dict[str, Any] = account.iam.get_access_key_last_used(AccessKeyId=access_key_id)["AccessKeyLastUsed"]
    return found
