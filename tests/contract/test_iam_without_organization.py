"""What an account in no organisation, and no partner of AWS's, gets from IAM."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.contract.expect import refused
from tests.contract.in_process import Account

REQUEST_ID = "0123456789abcdef"


@pytest.mark.parametrize(
    "call",
    [
        "enable_organizations_root_credentials_management",
        "disable_organizations_root_credentials_management",
        "enable_organizations_root_sessions",
        "disable_organizations_root_sessions",
        "list_organizations_features",
    ],
)
def test_root_access_is_an_organizations(iam: Any, call: str) -> None:
    """Central root access is refused for want of an organisation, by the error that botocore knows."""
    with refused("OrganizationNotFoundException", 400):
        getattr(iam, call)()
    with pytest.raises(iam.exceptions.OrganizationNotFoundException):
        getattr(iam, call)()


def test_reports_on_an_organization(iam: Any) -> None:
    """A report on an organisation is refused, and there is none to be had."""
    with refused("OrganizationNotFoundException", 400):
        iam.generate_organizations_access_report(EntityPath="o-a1b2c3d4e5/r-f6g7h8i9j0example")
    with refused("ValidationError", 400):
        iam.generate_organizations_access_report(EntityPath="not-an-entity-path-at-all")
    job = str(uuid.uuid4())
    with refused("NoSuchEntity", 404, f"The job with id {job} cannot be found."):
        iam.get_organizations_access_report(JobId=job)


def test_no_partner_delegates(iam: Any) -> None:
    """A delegation request names a policy template, of which none is registered; so there is no request."""
    with refused("InvalidInput", 400):
        iam.create_delegation_request(
            Description="backup",
            Permissions={"PolicyTemplateArn": "arn:aws:iam::123456789012:policy-template/x"},
            RequestorWorkflowId="workflow-1",
            NotificationChannel="arn:aws:sns:us-east-1:123456789012:topic",
            SessionDuration=3600,
        )
    answer = iam.list_delegation_requests()
    assert (answer["DelegationRequests"], answer["isTruncated"]) == ([], False)


@pytest.mark.parametrize(
    "call",
    [
        "get_delegation_request",
        "accept_delegation_request",
        "associate_delegation_request",
        "reject_delegation_request",
        "send_delegation_token",
        "update_delegation_request",
    ],
)
def test_a_delegation_request_is_not_found(iam: Any, call: str) -> None:
    """Whatever is asked of a request, there is none; what is no id is a ValidationError."""
    with refused("NoSuchEntity", 404, f"The delegation request with id {REQUEST_ID} cannot be found."):
        getattr(iam, call)(DelegationRequestId=REQUEST_ID)
    with refused("ValidationError", 400):
        getattr(iam, call)(DelegationRequestId="short")


def test_summaries_are_of_delegation_requests(account: Account) -> None:
    """A summary of a request that is not there is NoSuchEntity, of anything else InvalidInput."""
    arn = f"arn:aws:iam::{account.account_id}:delegation-request/{REQUEST_ID}"
    with refused("NoSuchEntity", 404):
        account.iam.get_human_readable_summary(EntityArn=arn)
    with refused("InvalidInput", 400):
        account.iam.get_human_readable_summary(EntityArn=f"arn:aws:iam::{account.account_id}:user/admin")
