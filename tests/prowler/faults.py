"""What may be wrong with an account, one fault after the other, and what Prowler is to find of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from tests.contract.certificates import issue
from tests.contract.expect import allow
from tests.contract.roles import trust
from tests.prowler.accounts import ADMINISTRATOR, AWS_POLICY, PASSWORD, Place, upload

Finding = tuple[str, str]
"""A check that failed, without `iam_`, and the resource's name; the account is called `account`."""
_OTHER_ACCOUNT: Final = "111122223333"
_EC2: Final = trust({"Service": "ec2.amazonaws.com"})
_HARMLESS: Final = allow("s3:GetObject", "arn:aws:s3:::bucket/*")


class Fault(NamedTuple):
    """How to set something up wrong, and what is found of it."""

    set_up: Callable[[Place, Any], None]
    found: set[Finding]


def user(place: Place, iam: Any, name: str, *, device: bool = True) -> None:
    """Make a user; one without a device is a fault of its own."""
    iam.create_user(UserName=name)
    if device:
        place.enable_device(iam, UserName=name)


def old_key(place: Place, iam: Any) -> None:
    """A key was made 100 days ago, and last used 50 days ago."""
    user(place, iam, "old-key")
    key = place.new_key("old-key").access_key_id
    now = datetime.now(UTC)
    made, used = (int((now - timedelta(days=days)).timestamp() * 1000) for days in (100, 50))
    place.store(
        "UPDATE access_keys SET created_at = ?, last_used_at = ?, last_used_service = 's3', last_used_region = 'N/A'"
        " WHERE access_key_id = ?",
        *(made, used, key),
    )


def two_keys(place: Place, iam: Any) -> None:
    """A user has two active keys."""
    user(place, iam, "two-keys")
    for _ in range(2):
        place.use(place.new_key("two-keys"))


def console_without_device(place: Place, iam: Any) -> None:
    """A user signs in by password alone."""
    user(place, iam, "no-device", device=False)
    iam.create_login_profile(UserName="no-device", Password=PASSWORD)


def initial_key(place: Place, iam: Any) -> None:
    """A user of the console was given a key that is not used."""
    user(place, iam, "initial-key")
    iam.create_login_profile(UserName="initial-key", Password=PASSWORD)
    place.new_key("initial-key")


def policies_of_its_own(place: Place, iam: Any) -> None:
    """A user has policies that no group gives."""
    user(place, iam, "direct")
    iam.attach_user_policy(UserName="direct", PolicyArn=AWS_POLICY + "job-function/Billing")
    iam.put_user_policy(UserName="direct", PolicyName="inline", PolicyDocument=_HARMLESS)


def administrators(place: Place, iam: Any) -> None:
    """A group of administrators has a member without a device."""
    user(place, iam, "operator", device=False)
    iam.create_group(GroupName="Operators")
    iam.attach_group_policy(GroupName="Operators", PolicyArn=ADMINISTRATOR)
    iam.add_user_to_group(GroupName="Operators", UserName="operator")


def everything_allowed(_place: Place, iam: Any) -> None:
    """A policy of the account's own allows everything, and is attached."""
    made = iam.create_policy(PolicyName="everything", PolicyDocument=allow("*"))
    iam.create_group(GroupName="Everything")
    iam.attach_group_policy(GroupName="Everything", PolicyArn=made["Policy"]["Arn"])


def everything_prepared(_place: Place, iam: Any) -> None:
    """Another one is attached to nobody yet."""
    iam.create_policy(PolicyName="prepared", PolicyDocument=allow("*"))


def passed_role(_place: Place, iam: Any) -> None:
    """A group may make a function of any role, and so become it."""
    iam.create_group(GroupName="Escalating")
    document = allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])
    iam.put_group_policy(GroupName="Escalating", PolicyName="escalation", PolicyDocument=document)


def any_role(_place: Place, iam: Any) -> None:
    """A group may assume any role, whose it may be."""
    made = iam.create_policy(PolicyName="any-role", PolicyDocument=allow("sts:AssumeRole"))
    iam.create_group(GroupName="Roles")
    iam.attach_group_policy(GroupName="Roles", PolicyArn=made["Policy"]["Arn"])


def keys_and_trails(_place: Place, iam: Any) -> None:
    """A group may do anything with keys and with trails."""
    iam.create_group(GroupName="Keys")
    for service in ("kms", "cloudtrail"):
        iam.put_group_policy(GroupName="Keys", PolicyName=service, PolicyDocument=allow(f"{service}:*"))


def trusting_role(_place: Place, iam: Any) -> None:
    """A service may assume a role on anybody's behalf."""
    iam.create_role(RoleName="trusting", AssumeRolePolicyDocument=_EC2)


def strangers_roles(_place: Place, iam: Any) -> None:
    """Another account may read everything here, and rule here."""
    theirs = trust({"AWS": f"arn:aws:iam::{_OTHER_ACCOUNT}:root"})
    for name, policy in (("reader", "ReadOnlyAccess"), ("ruler", "AdministratorAccess")):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=theirs)
        iam.attach_role_policy(RoleName=name, PolicyArn=AWS_POLICY + policy)


def cloud_shell(_place: Place, iam: Any) -> None:
    """A group may use a shell that carries data out."""
    iam.create_group(GroupName="Shell")
    iam.attach_group_policy(GroupName="Shell", PolicyArn=AWS_POLICY + "AWSCloudShellFullAccess")


def expired_certificate(_place: Place, iam: Any) -> None:
    """A server's certificate is past its time."""
    upload(iam, "expired", issue("expired", since=datetime.now(UTC) - timedelta(days=400), days=300))


FAULTS: Final = (
    Fault(
        old_key,
        {("rotate_access_key_90_days", "old-key-access-key-1"), ("user_accesskey_unused", "old-key/AccessKey1")},
    ),
    Fault(two_keys, {("user_two_active_access_key", "two-keys")}),
    Fault(console_without_device, {("user_mfa_enabled_console_access", "no-device")}),
    Fault(initial_key, {("user_no_setup_initial_access_key", "initial-key")}),
    Fault(
        policies_of_its_own,
        {
            ("policy_attached_only_to_group_or_roles", "direct/Billing"),
            ("policy_attached_only_to_group_or_roles", "direct/inline"),
        },
    ),
    Fault(
        administrators,
        {
            ("administrator_access_with_mfa", "Operators"),
            ("group_administrator_access_policy", "Operators"),
            ("aws_attached_policy_no_administrative_privileges", "AdministratorAccess"),
        },
    ),
    Fault(
        everything_allowed,
        {
            ("customer_attached_policy_no_administrative_privileges", "everything"),
            ("no_custom_policy_permissive_role_assumption", "everything"),
            ("policy_allows_privilege_escalation", "everything"),
            ("policy_no_full_access_to_cloudtrail", "everything"),
            ("policy_no_full_access_to_kms", "everything"),
            ("policy_no_wildcard_marketplace_subscribe", "everything"),
        },
    ),
    Fault(everything_prepared, {("customer_unattached_policy_no_administrative_privileges", "prepared")}),
    Fault(passed_role, {("inline_policy_allows_privilege_escalation", "Escalating/escalation")}),
    Fault(any_role, {("no_custom_policy_permissive_role_assumption", "any-role")}),
    Fault(
        keys_and_trails,
        {
            ("inline_policy_no_full_access_to_kms", "Keys/kms"),
            ("inline_policy_no_full_access_to_cloudtrail", "Keys/cloudtrail"),
        },
    ),
    Fault(trusting_role, {("role_cross_service_confused_deputy_prevention", "trusting")}),
    Fault(
        strangers_roles,
        {
            ("role_cross_account_readonlyaccess_policy", "reader"),
            ("role_administratoraccess_policy", "ruler"),
        },
    ),
    Fault(cloud_shell, {("policy_cloudshell_admin_not_attached", "account")}),
    Fault(expired_certificate, {("no_expired_server_certificates_stored", "expired")}),
)
UNPREPARED: Final[set[Finding]] = {
    *((f"password_policy_{part}", "account") for part in ("lowercase", "uppercase", "number", "symbol", "reuse_24")),
    ("password_policy_minimum_length_14", "account"),
    ("password_policy_expires_passwords_within_90_days_or_less", "account"),
    ("check_saml_providers_sts", "account"),
    ("support_role_created", "account"),
    ("securityaudit_role_created", "SecurityAudit"),
    ("root_mfa_enabled", "<root_account>"),
    ("root_hardware_mfa_enabled", "<root_account>"),
    # The administrator with whom an account begins.
    ("policy_attached_only_to_group_or_roles", "admin/AdministratorAccess"),
    ("user_administrator_access_policy", "admin"),
    ("user_mfa_enabled_console_access", "admin"),
    ("user_with_temporary_credentials", "admin"),
    ("aws_attached_policy_no_administrative_privileges", "AdministratorAccess"),
}
"""What is found where nobody has set up anything yet."""
