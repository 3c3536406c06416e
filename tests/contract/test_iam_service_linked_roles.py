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
RDS_DESCRIPTION = "Allows Amazon RDS to manage AWS resources on your behalf"
COGNITO_POLICY = "AmazonCognitoIdpEmailServiceRolePolicy"
VPC_ORIGIN_POLICY = "AWSCloudFrontVPCOriginServiceRolePolicy"


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


def test_it_trusts_its_service_as_aws_writes_it(iam: Any) -> None:
    """The role says its action and its service as plain strings, in lists only where it was made."""
    iam.create_service_linked_role(AWSServiceName=BATCH)
    statement = {"Effect": "Allow", "Principal": {"Service": BATCH}, "Action": "sts:AssumeRole"}
    kept = {"Version": "2012-10-17", "Statement": [statement]}
    assert iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"] == kept
    assert iam.list_roles(PathPrefix="/aws-service-role/")["Roles"][0]["AssumeRolePolicyDocument"] == kept


def test_every_named_policy_is_there() -> None:
    """Each policy that a service's role is to bear is one of AWS's that Keywright keeps, but for one."""
    names = [kind.policy_name for kind in SERVICE_LINKED_ROLES.values()]
    missing = [name for name in names if aws_managed_policy(f"{ARN_PREFIX}aws-service-role/{name}") is None]
    assert missing == ["AmazonLexBotPolicy"]


@pytest.mark.parametrize(
    ("service", "name", "policy", "description"),
    [
        ("rds", "AWSServiceRoleForRDS", "AmazonRDSServiceRolePolicy", RDS_DESCRIPTION),
        ("email.cognito-idp", "AWSServiceRoleForAmazonCognitoIdpEmailService", COGNITO_POLICY, None),
        ("lex", "AWSServiceRoleForLexBots", "AmazonLexBotPolicy", None),
        ("ec2-instance-connect", "AWSServiceRoleForEc2InstanceConnect", "Ec2InstanceConnectEndpoint", None),
        ("vpcorigin.cloudfront", "AWSServiceRoleForCloudFrontVPCOrigin", VPC_ORIGIN_POLICY, None),
    ],
)
def test_the_services_that_were_recorded(
    iam: Any, service: str, name: str, policy: str, description: str | None
) -> None:
    """A recorded service's role has the recorded name, policy and description, whether or not the policy is here."""
    iam.create_service_linked_role(AWSServiceName=f"{service}.amazonaws.com")
    assert iam.get_role(RoleName=name)["Role"].get("Description") == description
    [attached] = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert attached == {"PolicyName": policy, "PolicyArn": f"{ARN_PREFIX}aws-service-role/{policy}"}
    details = iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
    assert details[0]["AttachedManagedPolicies"] == [attached]


def test_three_services_take_suffixes() -> None:
    """As recorded, Auto Scaling, Connect and Lex V2 alone take suffixes."""
    found = {service.partition(".")[0] for service, kind in SERVICE_LINKED_ROLES.items() if kind.takes_suffix}
    assert found == {"autoscaling", "connect", "lexv2"}


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
    message = f"{ROLE} is an AWS service linked role, max session duration cannot be changed."
    with refused("UnmodifiableEntity", 400, message):
        iam.update_role(RoleName=ROLE, Description="c", MaxSessionDuration=7200)
    assert iam.get_role(RoleName=ROLE)["Role"]["Description"] == "b"


def test_delete_service_linked_role(account: Account, other: Account) -> None:
    """A deletion has a task, which its own account finds done; the role is gone, and may be made again."""
    iam = account.iam
    iam.create_service_linked_role(AWSServiceName=BATCH)
    task = iam.delete_service_linked_role(RoleName=ROLE)["DeletionTaskId"]
    assert task.startswith(f"task/aws-service-role/{BATCH}/{ROLE}/")
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    with refused("NoSuchEntity", 404, "Cannot find deletion status for given id."):
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
    with refused("InvalidInput", 400, "Invalid task id"):
        iam.get_service_linked_role_deletion_status(DeletionTaskId="task")
