"""What the examples of keys, passwords, devices, certificates, providers and reports need."""

from __future__ import annotations

from collections.abc import Callable

from tests.contract.certificates import chain, issue
from tests.contract.example_needs import Need, Ready, documented, nothing
from tests.contract.expect import allow
from tests.contract.in_process import Account
from tests.contract.roles import assume, make_role, root_of, trust
from tests.contract.test_federation import THUMBPRINT
from tests.contract.totp_device import make_device

_PASSWORD = "correct-Horse-1"


def user(name: str, *, password: str | None = None, keys: int = 0) -> Need:
    """Make a user, with a password and with keys; the first one's id goes into the request."""

    def need(account: Account) -> Ready:
        account.iam.create_user(UserName=name)
        if password is not None:
            account.iam.create_login_profile(UserName=name, Password=password)
        made = [account.iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"] for _ in range(keys)]
        return Ready({"AccessKeyId": made[0]}, refused=("NoSuchEntity", 404)) if made else Ready()

    return need


def alice_with_keys(account: Account) -> None:
    """Make the user whose keys are listed."""
    user("Alice", keys=2)(account)


def bob_who_asks(account: Account) -> Ready:
    """Make the user who changes its own password."""
    key = account.user("Bob", allow("iam:ChangePassword"))
    password = documented("iam", "ChangePassword")["OldPassword"]
    account.iam.create_login_profile(UserName="Bob", Password=password)
    return Ready(key=key)


def signing_certificate(name: str) -> Callable[[Account], Ready]:
    """Make a user with a signing certificate, whose id goes into the request."""

    def need(account: Account) -> Ready:
        account.iam.create_user(UserName=name)
        made = account.iam.upload_signing_certificate(UserName=name, CertificateBody=issue(name).pem)
        return Ready({"CertificateId": made["Certificate"]["CertificateId"]}, refused=("NoSuchEntity", 404))

    return need


def listed_certificate(account: Account) -> None:
    """Make the user whose signing certificate is listed."""
    signing_certificate("Bob")(account)


def password_policy(account: Account) -> None:
    """Set the policy that GetAccountPasswordPolicy answers."""
    account.iam.update_account_password_policy(
        MinimumPasswordLength=8,
        RequireNumbers=True,
        RequireSymbols=True,
        MaxPasswordAge=90,
        PasswordReusePrevention=12,
        HardExpiry=False,
    )


def devices(account: Account) -> None:
    """Make the devices that are listed."""
    for name in ("ExampleMFADevice", "Juan"):
        make_device(account.iam, account.server.clock, name)


def example_device(account: Account) -> None:
    """Make the device that is deleted."""
    make_device(account.iam, account.server.clock, "ExampleName")


def bob_with_certificate(account: Account) -> Ready:
    """Make the user for whom a certificate is uploaded."""
    account.iam.create_user(UserName="Bob")
    return Ready({"CertificateBody": issue("Bob").pem}, refused=("MalformedCertificate", 400))


def server_certificate(_account: Account) -> Ready:
    """Give a certificate and its key."""
    filled = {"CertificateBody": chain()[0].pem, "PrivateKey": chain()[0].key_pem}
    return Ready(filled, refused=("MalformedCertificate", 400))


def oidc_provider(account: Account) -> None:
    """Make the provider that is given one more client."""
    account.iam.create_open_id_connect_provider(Url="https://server.example.com", ThumbprintList=[THUMBPRINT])


def thumbprint(_account: Account) -> Ready:
    """Give a thumbprint: the example's is no number."""
    return Ready({"ThumbprintList": [THUMBPRINT]}, refused=("InvalidInput", 400))


def reported_policy(account: Account) -> None:
    """Make the policy that is reported on, borne by a role and a user who both used it, the user last."""
    made = account.iam.create_policy(PolicyName="ExamplePolicy1", PolicyDocument=allow(["iam:*", "s3:*"]))
    arn = made["Policy"]["Arn"]
    role = make_role(account, "AWSExampleRole01", trust(root_of(account)))
    account.iam.attach_role_policy(RoleName="AWSExampleRole01", PolicyArn=arn)
    key = account.user("AWSExampleUser01")
    account.iam.attach_user_policy(UserName="AWSExampleUser01", PolicyArn=arn)
    for one in (assume(account, role), key):
        account.client("iam", one).list_users()


def last_accessed_report(account: Account) -> Ready:
    """Make the report that is read."""
    reported_policy(account)
    arn = f"arn:aws:iam::{account.account_id}:policy/ExamplePolicy1"
    job = account.iam.generate_service_last_accessed_details(Arn=arn)["JobId"]
    return Ready({"JobId": job}, refused=("NoSuchEntity", 404))


def refused_to_one_account(code: str, status: int) -> Need:
    """Ask for what only an organisation has."""
    return lambda _account: Ready(None, refused=(code, status))


NEEDS: dict[str, Need] = {
    "AddClientIDToOpenIDConnectProvider": oidc_provider,
    "ChangePassword": bob_who_asks,
    "CreateAccessKey": user("Bob"),
    "CreateLoginProfile": user("Bob"),
    "CreateOpenIDConnectProvider": thumbprint,
    "DeleteAccessKey": user("Bob", keys=1),
    "DeleteAccountPasswordPolicy": password_policy,
    "DeleteLoginProfile": user("Bob", password=_PASSWORD),
    "DeleteSigningCertificate": signing_certificate("Anika"),
    "DeleteVirtualMFADevice": example_device,
    "GenerateOrganizationsAccessReport": refused_to_one_account("OrganizationNotFoundException", 400),
    "GenerateServiceLastAccessedDetails": reported_policy,
    "GetAccountPasswordPolicy": password_policy,
    "GetAccountSummary": nothing,
    "GetLoginProfile": user("Anika", password=_PASSWORD),
    "GetOrganizationsAccessReport": refused_to_one_account("NoSuchEntity", 404),
    "GetServiceLastAccessedDetails": last_accessed_report,
    "GetServiceLastAccessedDetailsWithEntities": last_accessed_report,
    "ListAccessKeys": alice_with_keys,
    "ListSigningCertificates": listed_certificate,
    "ListVirtualMFADevices": devices,
    "SetSecurityTokenServicePreferences": nothing,
    "UpdateAccessKey": user("Bob", keys=1),
    "UpdateAccountPasswordPolicy": nothing,
    "UpdateLoginProfile": user("Bob", password=_PASSWORD),
    "UpdateSigningCertificate": signing_certificate("Bob"),
    "UploadServerCertificate": server_certificate,
    "UploadSigningCertificate": bob_with_certificate,
}
