"""Credentials for one service alone, by boto3."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.expect import refused
from tests.contract.in_process import Account, SteppingClock

CODECOMMIT, BEDROCK = "codecommit.amazonaws.com", "bedrock.amazonaws.com"
UNKNOWN_ID = "satisfiesregexbutstillinvalid"


@pytest.fixture
def alice(iam: Any) -> str:
    """A user."""
    iam.create_user(UserName="alice")
    return "alice"


def create(iam: Any, service: str = CODECOMMIT, user: str = "alice", **more: Any) -> dict[str, Any]:
    """Make a credential."""
    request = {"UserName": user, "ServiceName": service} | more
    made: dict[str, Any] = iam.create_service_specific_credential(**request)["ServiceSpecificCredential"]
    return made


def test_a_password_is_for_a_user_name(account: Account, alice: str) -> None:
    """A credential of CodeCommit has a user name of user and account, and its password once."""
    made = create(account.iam)
    assert (made["UserName"], made["Status"], made["ServiceName"]) == (alice, "Active", CODECOMMIT)
    assert made["ServiceUserName"] == f"alice-at-{account.account_id}"
    assert len(made["ServicePassword"]) == 44
    assert re.fullmatch(r"ACCA[A-Z2-7]{17}", made["ServiceSpecificCredentialId"])
    assert not {"ServiceCredentialSecret", "ServiceCredentialAlias", "ExpirationDate"} & set(made)
    [listed] = account.iam.list_service_specific_credentials(UserName=alice)["ServiceSpecificCredentials"]
    assert listed == {name: value for name, value in made.items() if name != "ServicePassword"}
    assert create(account.iam)["ServiceUserName"] == f"alice+1-at-{account.account_id}"
    events = account.client("cloudtrail").lookup_events()["Events"]
    assert not any(made["ServicePassword"] in one["CloudTrailEvent"] for one in events)


def test_an_api_key_carries_its_alias_and_expires(account: Account, alice: str, clock: SteppingClock) -> None:
    """A Bedrock key is one text that holds its alias; after the days that were asked for its status is Expired."""
    made = create(account.iam, BEDROCK, CredentialAgeDays=30)
    secret = made["ServiceCredentialSecret"]
    assert secret.startswith("ABSK")
    assert base64.b64decode(secret[4:]).decode().startswith(f"{made['ServiceCredentialAlias']}:")
    assert made["ExpirationDate"] - made["CreateDate"] == timedelta(days=30)
    assert not {"ServicePassword", "ServiceUserName"} & set(made)
    clock.advance(days=30)
    [listed] = account.iam.list_service_specific_credentials(UserName=alice)["ServiceSpecificCredentials"]
    assert listed["Status"] == "Expired"


def test_what_cannot_be_made(iam: Any, alice: str) -> None:
    """A user or service that is not there, an age for a password, and a third credential are refused."""
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        create(iam, user="nobody")
    for service in ("s3.amazonaws.com", "o3on3n3onosneo"):
        with refused("NoSuchEntity", 404, f"No such service {service} is supported for Service Specific Credentials"):
            create(iam, service)
        with refused("NoSuchEntity", 404, f"No such service {service} is supported for Service Specific Credentials"):
            iam.list_service_specific_credentials(UserName=alice, ServiceName=service)
    with refused("ValidationError", 400):
        create(iam, CredentialAgeDays=30)
    for _ in range(2):
        create(iam)
    with refused("LimitExceeded", 409):
        create(iam)
    create(iam, BEDROCK)


def test_credentials_are_listed_by_service_and_for_all_users(account: Account, alice: str) -> None:
    """A list is a user's, of a service where one is named, or all users' by pages; not both."""
    iam = account.iam
    iam.create_user(UserName="bob")
    create(iam)
    create(iam, BEDROCK)
    create(iam, BEDROCK, "bob")
    listed = iam.list_service_specific_credentials(UserName=alice, ServiceName=BEDROCK)["ServiceSpecificCredentials"]
    assert [(one["UserName"], one["ServiceName"]) for one in listed] == [(alice, BEDROCK)]
    first = iam.list_service_specific_credentials(AllUsers=True, MaxItems=2)
    assert first["IsTruncated"]
    second = iam.list_service_specific_credentials(AllUsers=True, Marker=first["Marker"])
    found = first["ServiceSpecificCredentials"] + second["ServiceSpecificCredentials"]
    assert sorted(one["UserName"] for one in found) == [alice, alice, "bob"]
    assert iam.list_service_specific_credentials()["ServiceSpecificCredentials"] == []
    with refused("ValidationError", 400):
        iam.list_service_specific_credentials(UserName=alice, AllUsers=True)
    with refused("ValidationError", 400):
        account.client("iam", account.root).list_service_specific_credentials()


def test_reset_makes_another_secret(iam: Any, alice: str) -> None:
    """ResetServiceSpecificCredential answers a new secret for the same credential."""
    made = create(iam)
    this = {"UserName": alice, "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    again = iam.reset_service_specific_credential(**this)["ServiceSpecificCredential"]
    assert again["ServicePassword"] != made["ServicePassword"]
    assert again | {"ServicePassword": ""} == made | {"ServicePassword": ""}


def test_credentials_are_switched_and_deleted(iam: Any, alice: str) -> None:
    """A credential is deactivated and deleted; while there is one its user is not."""
    this = {"UserName": alice, "ServiceSpecificCredentialId": create(iam)["ServiceSpecificCredentialId"]}
    iam.update_service_specific_credential(**this, Status="Inactive")
    assert (
        iam.list_service_specific_credentials(UserName=alice)["ServiceSpecificCredentials"][0]["Status"] == "Inactive"
    )
    with refused("InvalidInput", 400):
        iam.update_service_specific_credential(**this, Status="Expired")
    with refused("ValidationError", 400):
        iam.update_service_specific_credential(**this, Status="Gone")
    with refused("DeleteConflict", 409, "Cannot delete entity, must remove referenced objects first."):
        iam.delete_user(UserName=alice)
    iam.delete_service_specific_credential(**this)
    iam.delete_user(UserName=alice)


@pytest.mark.parametrize("call", ["update", "reset", "delete"])
def test_a_credential_is_found_by_user_and_id(iam: Any, alice: str, call: str) -> None:
    """An id that is none, one that nobody has, and somebody else's are refused in AWS's words."""
    iam.create_user(UserName="bob")
    theirs = create(iam, user="bob")["ServiceSpecificCredentialId"]
    act = getattr(iam, f"{call}_service_specific_credential")
    more = {"Status": "Active"} if call == "update" else {}
    with refused("ValidationError", 400):
        act(UserName=alice, ServiceSpecificCredentialId="not-an-id-of-any-credential", **more)
    for one in (UNKNOWN_ID, theirs):
        with refused("NoSuchEntity", 404, f"No such credential {one} exists"):
            act(UserName=alice, ServiceSpecificCredentialId=one, **more)
    with refused("NoSuchEntity", 404, "The user with name wrong-user-name cannot be found."):
        act(UserName="wrong-user-name", ServiceSpecificCredentialId=theirs, **more)
