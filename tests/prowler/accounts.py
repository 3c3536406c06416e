"""
Two accounts to be audited: one as an auditor wants it, one set up wrong in known ways.

The clock cannot be turned back for a running server: what takes months is written into its store.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import boto3

from keywright.aws.identifiers import new_access_key_id, new_secret_access_key
from keywright.identity.totp import time_step, totp
from keywright.store.sealing import sealer_from_file
from tests.contract.certificates import Issued, issue
from tests.contract.expect import allow
from tests.contract.identity_providers import Saml
from tests.contract.roles import trust
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

AWS_POLICY: Final = "arn:aws:iam::aws:policy/"
ADMINISTRATOR: Final = AWS_POLICY + "AdministratorAccess"
PASSWORD: Final = "correct-Horse-battery-1"
_DAY: Final = timedelta(days=1)


class Place(NamedTuple):
    """A running server, and one account in it."""

    server: LiveServer
    account: Account

    @property
    def admin(self) -> Key:
        """Give the key with which the account came."""
        return Key(self.account.access_key_id, self.account.secret_access_key)

    def iam(self, key: Key | None = None) -> Any:
        """Make an IAM client."""
        return self.client("iam", key or self.admin)

    def client(self, service: str, key: Key) -> Any:
        """Make a client."""
        return boto3.client(
            service,
            endpoint_url=self.server.url,
            region_name="us-east-1",
            aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret_access_key,
        )

    def store(self, statement: str, *values: Any) -> None:
        """Write into the store."""
        with closing(sqlite3.connect(self.server.data / "keywright.db", timeout=10, isolation_level=None)) as store:
            store.execute(statement, values)

    def new_key(self, user_name: str) -> Key:
        """Make a key for a user."""
        made = self.iam().create_access_key(UserName=user_name)["AccessKey"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"])

    def use(self, key: Key) -> None:
        """Use a key."""
        self.client("sts", key).get_caller_identity()

    def enable_device(self, iam: Any, **user: str) -> None:
        """Give a user, or the root user, a virtual device."""
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user.get("UserName", "root-account-mfa-device"))
        device = made["VirtualMFADevice"]
        seed, step = base64.b32decode(device["Base32StringSeed"]), time_step(datetime.now(UTC))
        iam.enable_mfa_device(
            UserName=user.get("UserName", self.account.account_id),
            SerialNumber=device["SerialNumber"],
            AuthenticationCode1=totp(seed, step - 1),
            AuthenticationCode2=totp(seed, step),
        )

    @contextmanager
    def root_key(self) -> Iterator[Key]:
        """Have a key of the root user's, for a while."""
        key = Key(new_access_key_id(self.account.account_id), new_secret_access_key())
        sealer = sealer_from_file(self.server.data / "master.key", create=False)
        self.store(
            "INSERT INTO access_keys (access_key_id, account_id, sealed_secret, status, created_at)"
            " VALUES (?, ?, ?, 'Active', ?)",
            key.access_key_id,
            self.account.account_id,
            sealer.seal(key.secret_access_key.encode(), f"access_keys/{key.access_key_id}"),
            _milliseconds(datetime.now(UTC)),
        )
        yield key
        self.iam(key).delete_access_key(AccessKeyId=key.access_key_id)


def set_up_right(place: Place) -> Key:
    """Set an account up as an auditor wants it; gives the auditor's key."""
    iam, account_id = place.iam(), place.account.account_id
    iam.update_account_password_policy(
        MinimumPasswordLength=14,
        RequireSymbols=True,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True,
        MaxPasswordAge=90,
        PasswordReusePrevention=24,
    )
    with place.root_key() as root:
        place.enable_device(place.iam(root))
    iam.create_saml_provider(Name="corporate", SAMLMetadataDocument=Saml().metadata)
    for role, policy in (("Support", "AWSSupportAccess"), ("Audit", "SecurityAudit")):
        ours = trust({"AWS": f"arn:aws:iam::{account_id}:root"})
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=ours)
        iam.attach_role_policy(RoleName=role, PolicyArn=AWS_POLICY + policy)
    from_here = {"StringEquals": {"aws:SourceAccount": account_id}}
    of_a_server = trust({"Service": "ec2.amazonaws.com"}, Condition=from_here)
    iam.create_role(RoleName="server", AssumeRolePolicyDocument=of_a_server)
    made = iam.create_policy(PolicyName="read-bucket", PolicyDocument=allow("s3:GetObject", "arn:aws:s3:::bucket/*"))
    iam.attach_role_policy(RoleName="server", PolicyArn=made["Policy"]["Arn"])
    upload(iam, "fresh", issue("fresh", since=datetime.now(UTC) - _DAY))
    iam.create_group(GroupName="Auditors")
    for name in ("SecurityAudit", "job-function/ViewOnlyAccess"):
        iam.attach_group_policy(GroupName="Auditors", PolicyArn=AWS_POLICY + name)
    iam.create_user(UserName="auditor")
    iam.add_user_to_group(GroupName="Auditors", UserName="auditor")
    place.enable_device(iam, UserName="auditor")
    auditor = place.new_key("auditor")
    place.use(auditor)
    with place.root_key() as root:
        _delete_administrator(place.iam(root), place)
    return auditor


def upload(iam: Any, name: str, issued: Issued) -> None:
    """Upload a server certificate."""
    iam.upload_server_certificate(ServerCertificateName=name, CertificateBody=issued.pem, PrivateKey=issued.key_pem)


def _delete_administrator(iam: Any, place: Place) -> None:
    name = place.account.user_name
    iam.detach_user_policy(UserName=name, PolicyArn=ADMINISTRATOR)
    iam.delete_login_profile(UserName=name)
    iam.delete_access_key(UserName=name, AccessKeyId=place.account.access_key_id)
    iam.delete_user(UserName=name)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
