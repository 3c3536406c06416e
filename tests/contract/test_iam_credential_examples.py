"""
The examples that botocore documents for credentials and reports, each called as it stands.

Only what AWS made up in them is filled in: the account, ids that a server gives, and the texts of certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.loaders
import pytest
from botocore import xform_name

from tests.contract.certificates import chain, issue
from tests.contract.expect import allow, refused
from tests.contract.in_process import Account
from tests.contract.totp_device import make_device

Filled = dict[str, Any]
SetUp = Callable[[Account], Filled]
EXAMPLES = botocore.loaders.Loader().load_service_model("iam", "examples-1")["examples"]
_VALUES_OF_OURS = {"AccessDetails", "SummaryMap"}


def nothing(_account: Account) -> Filled:
    """Make nothing: the example makes it."""
    return {}


def user(name: str, *, password: str | None = None) -> SetUp:
    """Make a user, with a password where one is given."""

    def set_up(account: Account) -> Filled:
        account.iam.create_user(UserName=name)
        if password is not None:
            account.iam.create_login_profile(UserName=name, Password=password)
        return {}

    return set_up


def signing_certificate(name: str) -> SetUp:
    """Make a user with a signing certificate, whose id goes into the request."""

    def set_up(account: Account) -> Filled:
        account.iam.create_user(UserName=name)
        made = account.iam.upload_signing_certificate(UserName=name, CertificateBody=issue(name).pem)
        return {"CertificateId": made["Certificate"]["CertificateId"]}

    return set_up


def password_policy(account: Account) -> Filled:
    """Set the policy that the example of GetAccountPasswordPolicy answers."""
    account.iam.update_account_password_policy(
        MinimumPasswordLength=8,
        RequireNumbers=True,
        RequireSymbols=True,
        MaxPasswordAge=90,
        PasswordReusePrevention=12,
        HardExpiry=False,
    )
    return {}


def devices(account: Account) -> Filled:
    """Make the devices that the examples list and delete."""
    for name in ("ExampleMFADevice", "Juan"):
        make_device(account.iam, account.server.clock, name)
    return {}


def example_device(account: Account) -> Filled:
    """Make the device that is deleted."""
    make_device(account.iam, account.server.clock, "ExampleName")
    return {"SerialNumber": f"arn:aws:iam::{account.account_id}:mfa/ExampleName"}


def bob_and_certificate(account: Account) -> Filled:
    """Make the user for whom a certificate is uploaded."""
    account.iam.create_user(UserName="Bob")
    return {"CertificateBody": issue("Bob").pem}


def server_certificate(_account: Account) -> Filled:
    """Give a certificate and its key."""
    return {"CertificateBody": chain()[0].pem, "PrivateKey": chain()[0].key_pem}


def example_policy(account: Account) -> Filled:
    """Make the policy that is reported on, borne by a user who used it."""
    made = account.iam.create_policy(PolicyName="ExamplePolicy1", PolicyDocument=allow(["iam:*", "s3:*"]))
    arn = made["Policy"]["Arn"]
    key = account.user("AWSExampleUser01")
    account.iam.attach_user_policy(UserName="AWSExampleUser01", PolicyArn=arn)
    account.client("iam", key).list_users()
    return {"Arn": arn}


def example_report(account: Account) -> Filled:
    """Make the report that is read."""
    return {"JobId": account.iam.generate_service_last_accessed_details(**example_policy(account))["JobId"]}


SET_UP: dict[str, SetUp] = {
    "CreateLoginProfile": user("Bob"),
    "DeleteAccountPasswordPolicy": password_policy,
    "DeleteLoginProfile": user("Bob", password="correct-Horse-1"),
    "DeleteSigningCertificate": signing_certificate("Anika"),
    "DeleteVirtualMFADevice": example_device,
    "GenerateServiceLastAccessedDetails": example_policy,
    "GetAccountPasswordPolicy": password_policy,
    "GetAccountSummary": nothing,
    "GetLoginProfile": user("Anika", password="correct-Horse-1"),
    "GetServiceLastAccessedDetails": example_report,
    "GetServiceLastAccessedDetailsWithEntities": example_report,
    "ListSigningCertificates": signing_certificate("Bob"),
    "ListVirtualMFADevices": devices,
    "UpdateAccountPasswordPolicy": nothing,
    "UpdateLoginProfile": user("Bob", password="correct-Horse-1"),
    "UpdateSigningCertificate": signing_certificate("Bob"),
    "UploadServerCertificate": server_certificate,
    "UploadSigningCertificate": bob_and_certificate,
}


def names_in(value: Any) -> Any:
    """Reduce an answer to the names of its members; of a list, to those of its first item."""
    if isinstance(value, dict):
        return {name: None if name in _VALUES_OF_OURS else names_in(item) for name, item in value.items()}
    return names_in(value[0]) if isinstance(value, list) and value else None


def contains(whole: Any, part: Any) -> bool:
    """Tell whether all names of one are in the other."""
    if not isinstance(part, dict):
        return True
    return isinstance(whole, dict) and all(name in whole and contains(whole[name], part[name]) for name in part)


@pytest.mark.parametrize("operation", SET_UP)
def test_the_documented_example(account: Account, operation: str) -> None:
    """The request is taken as it is documented, and every documented member is in the answer."""
    [example] = EXAMPLES[operation]
    filled = SET_UP[operation](account)
    request = example.get("input") or {}
    answer = getattr(account.iam, xform_name(operation))(
        **{name: filled.get(name, value) for name, value in request.items()}
    )
    if example.get("output") is not None:
        assert contains(names_in(answer), names_in(example["output"])), answer


def test_the_example_of_change_password(account: Account) -> None:
    """A user changes its password as documented, being the one who asks."""
    [example] = EXAMPLES["ChangePassword"]
    key = account.user("Bob", allow("iam:ChangePassword"))
    account.iam.create_login_profile(UserName="Bob", Password=example["input"]["OldPassword"])
    account.client("iam", key).change_password(**example["input"])


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [
        ("GenerateOrganizationsAccessReport", "OrganizationNotFoundException", 400),
        ("GetOrganizationsAccessReport", "NoSuchEntity", 404),
    ],
)
def test_examples_of_an_organization(iam: Any, operation: str, code: str, status: int) -> None:
    """What the examples ask of an organisation is refused to an account that is in none."""
    [example] = EXAMPLES[operation]
    with refused(code, status):
        getattr(iam, xform_name(operation))(**example["input"])
