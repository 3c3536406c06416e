"""Service-linked roles by boto3."""

from __future__ import annotations

from typing import Any

import pytest

from keywright.aws.service_linked_roles import SERVICE_LINKED_ROLES
from keywright.identity.aws_managed import ARN_PREFIX, aws_managed_policy
from tests.contract.expect import allow, refused
from tests.contract.in_process import Account
from tests.contract.test_iam_roles import EC2, READ_ONLY, make

BATCH = "batch.amazonaws.com"
ROLE = "AWSServiceRoleForBatch"


def test_create_service_linked_role(account: Account) -> None:
    """A service's role has AWS's name and path, trusts the service alone, and bears the service's policy."""
    iam = account.iam
    made = iam.create_service_linked_role(AWSServiceName=BATCH, Description="d")["Role"]
    assert made["Arn"] == f"arn:aws:iam::{account.account_id}:role/aws-service-role/{BATCH}/{ROLE}"
    assert (made["Path"], made["RoleName"], made["Description"]) == (f"/aws-service-role/{BATCH}/", ROLE, "d")
    assert made["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [{"Action": ["sts:AssumeRole"], "Principal": {"Service": [BATCH]}, "Effect": "Allow"}],
    }
    attached = iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
    assert [one["PolicyArn"] for one in attached] == [f"{ARN_PREFIX}aws-service-role/BatchServiceRolePolicy"]


def test_every_named_policy_is_there() -> None:
    """Each policy that a service's role is to bear is one of AWS's that Keywright keeps."""
    names = [kind.policy_name for kind in SERVICE_LINKED_ROLES.values() if kind.policy_name is not None]
    missing = [name for name in names if aws_managed_policy(f"{ARN_PREFIX}aws-service-role/{name}") is None]
    assert missing == []


def test_a_suffix_tells_the_roles_of_a_service_apart(iam: Any) -> None:
    """A service that takes suffixes has a role for each; one without gets one, and a second is refused as taken."""
    service = "autoscaling.amazonaws.com"
    first = iam.create_service_linked_role(AWSServiceName=service)["Role"]["RoleName"]
    second = iam.create_service_linked_role(AWSServiceName=service, CustomSuffix="b")["Role"]["RoleName"]
    assert (first, second) == ("AWSServiceRoleForAutoScaling", "AWSServiceRoleForAutoScaling_b")
    message = f"Service role name {second} has been taken in this account, please try a different suffix."
    with refused("InvalidInput", 400, message):
        iam.create_service_linked_role(AWSServiceName=service, CustomSuffix="b")


def test_create_service_linked_role_refuses(iam: Any) -> None:
    """A suffix where there is none, a role that is there, and a service without a role are refused."""
    with refused("InvalidInput", 400, f"Custom suffix is not allowed for {BATCH}"):
        iam.create_service_linked_role(AWSServiceName=BATCH, CustomSuffix="x")
    iam.create_service_linked_role(AWSServiceName=BATCH)
    message = f"Service role name {ROLE} has been taken in this account, please try a different suffix."
    with refused("InvalidInput", 400, message):
        iam.create_service_linked_role(AWSServiceName=BATCH)
    with refused("NoSuchEntity", 404):
        iam.create_service_linked_role(AWSServiceName="nothing.amazonaws.com")
    with refused("ValidationError", 400):
        iam.create_service_linked_role(AWSServiceName="no/thing")


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("delete_role", {}),
        ("update_role", {"MaxSessionDuration": 7200}),
        ("update_assume_role_policy", {"PolicyDocument": EC2}),
        ("put_role_policy", {"PolicyName": "p", "PolicyDocument": allow("s3:*")}),
        ("delete_role_policy", {"PolicyName": "p"}),
        ("attach_role_policy", {"PolicyArn": READ_ONLY}),
        ("detach_role_policy", {"PolicyArn": READ_ONLY}),
        ("put_role_permissions_boundary", {"PermissionsBoundary": READ_ONLY}),
        ("delete_role_permissions_boundary", {}),
        ("add_role_to_instance_profile", {"InstanceProfileName": "p"}),
        ("remove_role_from_instance_profile", {"InstanceProfileName": "p"}),
    ],
)
def test_nobody_else_changes_it(iam: Any, operation: str, more: dict[str, Any]) -> None:
    """What only the service may change is an UnmodifiableEntity, in the words recorded for DeleteRole."""
    iam.create_service_linked_role(AWSServiceName=BATCH)
    iam.create_instance_profile(InstanceProfileName="p")
    message = f"Cannot perform the operation on the protected role '{ROLE}' - this role is only modifiable by AWS"
    with refused("UnmodifiableEntity", 400, message):
        getattr(iam, operation)(RoleName=ROLE, **more)


def test_its_description_may_be_changed(iam: Any) -> None:
    """The description of a service-linked role is the account's to edit, by either operation."""
    iam.create_service_linked_role(AWSServiceName=BATCH)
    assert iam.update_role_description(RoleName=ROLE, Description="a")["Role"]["Description"] == "a"
    iam.update_role(RoleName=ROLE, Description="b")
    assert iam.get_role(RoleName=ROLE)["Role"]["Description"] == "b"


def test_delete_service_linked_role(account: Account, other: Account) -> None:
    """A deletion has a task, which its own account finds done; the role is gone, and may be made again."""
    iam = account.iam
    iam.create_service_linked_role(AWSServiceName=BATCH)
    task = iam.delete_service_linked_role(RoleName=ROLE)["DeletionTaskId"]
    assert task.startswith(f"task/aws-service-role/{BATCH}/{ROLE}/")
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    with refused("NoSuchEntity", 404):
        other.iam.get_service_linked_role_deletion_status(DeletionTaskId=task)
    with refused("NoSuchEntity", 404, f"The role with name {ROLE} cannot be found."):
        iam.get_role(RoleName=ROLE)
    iam.create_service_linked_role(AWSServiceName=BATCH)


def test_delete_service_linked_role_refuses(iam: Any) -> None:
    """A role that is not service-linked does not go this way, and a task that is none has no status."""
    make(iam)
    with refused("NoSuchEntity", 404):
        iam.delete_service_linked_role(RoleName="r")
    assert iam.get_role(RoleName="r")["Role"]["RoleName"] == "r"
    with refused("InvalidInput", 400):
        iam.get_service_linked_role_deletion_status(DeletionTaskId="task")
