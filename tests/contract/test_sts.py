"""STS by boto3: who one is, whose a key is, and temporary credentials."""

from __future__ import annotations

from typing import Any

import pytest

from keywright.aws.identifiers import account_of
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import Account, Key, SteppingClock
from tests.contract.roles import as_key, events, make_role, root_of, trust
from tests.contract.totp_device import enable_device

INVALID = "The security token included in the request is invalid"
EXPIRED = "The security token included in the request is expired"


def session_of(account: Account, key: Key, **parameters: Any) -> Key:
    """Get a session token with a key."""
    return as_key(account.client("sts", key).get_session_token(**parameters))


def test_get_caller_identity_of_a_user(account: Account) -> None:
    """A user is its unique id, its account and its ARN."""
    answer = account.client("sts").get_caller_identity()
    user = account.iam.get_user()["User"]
    answer.pop("ResponseMetadata")
    assert answer == {"UserId": user["UserId"], "Account": account.account_id, "Arn": user["Arn"]}


def test_get_caller_identity_of_the_root_user(account: Account) -> None:
    """The root user's id is the account's."""
    answer = account.client("sts", account.root).get_caller_identity()
    assert (answer["UserId"], answer["Account"]) == (account.account_id, account.account_id)
    assert answer["Arn"] == f"arn:aws:iam::{account.account_id}:root"


def test_nobody_can_be_denied_its_own_identity(account: Account) -> None:
    """GetCallerIdentity needs no permission, and an explicit deny changes nothing (API reference)."""
    key = account.user("alice", deny("sts:GetCallerIdentity"))
    assert account.client("sts", key).get_caller_identity()["Account"] == account.account_id


def test_get_access_key_info_reads_any_key(account: Account, other: Account) -> None:
    """The account of a key is told whoever's it is, of a session's key too."""
    sts = account.client("sts")
    assert sts.get_access_key_info(AccessKeyId=other.admin.access_key_id)["Account"] == other.account_id
    session = session_of(other, other.admin)
    assert sts.get_access_key_info(AccessKeyId=session.access_key_id)["Account"] == other.account_id


@pytest.mark.parametrize("access_key_id", ["AKIA", "AKIA" + "!" * 16, "x" * 129])
def test_get_access_key_info_refuses_what_is_no_id(account: Account, access_key_id: str) -> None:
    """An id out of the model's rules is a ValidationError that names the parameter."""
    with refused("ValidationError", 400) as answer:
        account.client("sts").get_access_key_info(AccessKeyId=access_key_id)
    assert "at 'accessKeyId' failed to satisfy constraint" in answer["Error"]["Message"]


def test_get_access_key_info_needs_permission(account: Account) -> None:
    """It is an action like others: who is not allowed to is told so."""
    key = account.user("alice")
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: sts:GetAccessKeyInfo on "
        "resource: * because no identity-based policy allows the sts:GetAccessKeyInfo action"
    )
    with refused("AccessDenied", 403, message):
        account.client("sts", key).get_access_key_info(AccessKeyId=key.access_key_id)


def test_get_session_token_needs_no_permission(account: Account, clock: SteppingClock) -> None:
    """A user without any policy gets 12 hours, for a key that carries its account."""
    made = account.client("sts", account.user("alice")).get_session_token()["Credentials"]
    assert set(made) == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    assert (made["AccessKeyId"][:4], len(made["AccessKeyId"])) == ("ASIA", 20)
    assert account_of(made["AccessKeyId"]) == account.account_id
    assert len(made["SecretAccessKey"]) == 40
    assert abs((made["Expiration"] - clock.now).total_seconds() - 43_200) < 5


def test_get_session_token_heeds_a_deny(account: Account) -> None:
    """An explicit deny counts, as AWS's quarantine policy shows, and the refusal names the policy."""
    arn = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
    key = account.user("alice")
    account.iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    sts = account.client("sts", key)
    with refused("AccessDenied", 403) as answer:
        sts.get_session_token()
    assert answer["Error"]["Message"].endswith(f" with an explicit deny in an identity-based policy: {arn}")
    assert sts.get_caller_identity()["Arn"].endswith("alice")


@pytest.mark.parametrize("seconds", [900, 129_600])
def test_the_duration_is_as_asked(account: Account, clock: SteppingClock, seconds: int) -> None:
    """From a quarter of an hour to a day and a half."""
    made = account.client("sts").get_session_token(DurationSeconds=seconds)["Credentials"]
    assert abs((made["Expiration"] - clock.now).total_seconds() - seconds) < 5


@pytest.mark.parametrize("seconds", [899, 129_601, 0])
def test_durations_out_of_range(account: Account, seconds: int) -> None:
    """Any other duration is a ValidationError."""
    with refused("ValidationError", 400) as answer:
        account.client("sts").get_session_token(DurationSeconds=seconds)
    assert "at 'durationSeconds' failed to satisfy constraint" in answer["Error"]["Message"]


def test_the_root_users_session_is_an_hour_at_most(account: Account, clock: SteppingClock) -> None:
    """The root user gets an hour, whatever longer time is asked for."""
    sts = account.client("sts", account.root)
    for parameters, seconds in (({}, 3600), ({"DurationSeconds": 7200}, 3600), ({"DurationSeconds": 900}, 900)):
        made = sts.get_session_token(**parameters)["Credentials"]
        assert abs((made["Expiration"] - clock.now).total_seconds() - seconds) < 5


def test_an_mfa_device_that_is_not_the_callers(account: Account) -> None:
    """A code for a device that the caller does not have is AccessDenied."""
    serial = f"arn:aws:iam::{account.account_id}:mfa/admin"
    with refused("AccessDenied", 403) as answer:
        account.client("sts").get_session_token(SerialNumber=serial, TokenCode="123456")
    assert answer["Error"]["Message"].startswith("MultiFactorAuthentication failed")


def test_a_session_is_its_user(account: Account) -> None:
    """A session has its user's identity and its user's policies of now."""
    key = account.user("alice", allow("s3:ListAllMyBuckets"))
    session = session_of(account, key)
    long_term = account.client("sts", key).get_caller_identity()
    temporary = account.client("sts", session).get_caller_identity()
    assert (temporary["UserId"], temporary["Arn"]) == (long_term["UserId"], long_term["Arn"])
    s3 = account.client("s3", session)
    s3.list_buckets()
    account.iam.delete_user_policy(UserName="alice", PolicyName="inline")
    with refused("AccessDenied", 403):
        s3.list_buckets()


def test_a_session_outlives_the_key_that_made_it(account: Account) -> None:
    """Deactivating a key ends the key, not the sessions that it got."""
    key = account.user("alice")
    session = session_of(account, key)
    account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="Inactive")
    account.client("sts", session).get_caller_identity()


def test_a_session_ends_when_it_says(account: Account, clock: SteppingClock) -> None:
    """Up to its expiration a session signs, from then on it is ExpiredToken."""
    session = session_of(account, account.user("alice"), DurationSeconds=900)
    sts = account.client("sts", session)
    clock.advance(seconds=880)
    sts.get_caller_identity()
    clock.advance(seconds=20)
    with refused("ExpiredToken", 403, EXPIRED):
        sts.get_caller_identity()
    with refused("ExpiredTokenException", 400, EXPIRED):
        account.client("cloudtrail", session).lookup_events()
    with refused("ExpiredToken", 400, "The provided token has expired."):
        account.client("s3", session).list_buckets()


def test_a_session_ends_with_its_owner(account: Account) -> None:
    """When the user is deleted its sessions stop at once."""
    key = account.user("alice")
    session = session_of(account, key)
    sts = account.client("sts", session)
    sts.get_caller_identity()
    account.iam.delete_access_key(UserName="alice", AccessKeyId=key.access_key_id)
    account.iam.delete_user(UserName="alice")
    with refused("InvalidClientTokenId", 403, INVALID):
        sts.get_caller_identity()
    account.iam.create_user(UserName="alice")
    with refused("InvalidClientTokenId", 403, INVALID):
        sts.get_caller_identity()


def test_a_session_without_its_token(account: Account) -> None:
    """A session's key without its token is an unknown key."""
    session = session_of(account, account.admin)
    account.client("sts", session).get_caller_identity()
    with refused("InvalidClientTokenId", 403, INVALID + "."):
        account.client("sts", session._replace(token=None)).get_caller_identity()


def test_a_token_belongs_to_its_key(account: Account, other: Account) -> None:
    """Another session's token, a token beside a long-term key, and one that is none are refused alike."""
    mine, theirs = session_of(account, account.admin), session_of(other, other.admin)
    assert mine.token is not None
    for wrong in (
        mine._replace(token=theirs.token),
        account.admin._replace(token=mine.token),
        mine._replace(token="AAAA" + mine.token[4:]),
        mine._replace(token=mine.token[:-8]),
        mine._replace(token="not a token"),
    ):
        with refused("InvalidClientTokenId", 403, INVALID):
            account.client("sts", wrong).get_caller_identity()


def test_a_session_signs_with_its_own_secret(account: Account) -> None:
    """A session's key and token with another secret do not sign."""
    session = session_of(account, account.admin)
    with refused("SignatureDoesNotMatch", 403):
        account.client("sts", session._replace(secret=account.admin.secret)).get_caller_identity()


def test_a_session_without_mfa_has_no_iam(account: Account) -> None:
    """Without MFA a session may call no operation of IAM, whatever its policies (API reference)."""
    iam = account.client("iam", session_of(account, account.admin))
    for call in (iam.get_user, iam.list_users, lambda: iam.create_user(UserName="x")):
        with refused("InvalidClientTokenId", 403, INVALID):
            call()
    with refused("NoSuchEntity", 404):
        account.iam.get_user(UserName="x")


def test_a_session_gets_no_session(account: Account) -> None:
    """Of STS a session has a few operations alone; GetSessionToken is refused in AWS's words."""
    session = session_of(account, account.admin)
    sts = account.client("sts", session)
    with refused("AccessDenied", 403, "Cannot call GetSessionToken with session credentials"):
        sts.get_session_token()
    with refused("AccessDenied", 403):
        sts.get_access_key_info(AccessKeyId=session.access_key_id)
    sts.get_caller_identity()


def test_a_root_session_is_root(account: Account) -> None:
    """The root user's session may all that needs no IAM."""
    session = session_of(account, account.root)
    assert account.client("sts", session).get_caller_identity()["Arn"].endswith(":root")
    account.client("s3", session).list_buckets()


def test_get_session_token_with_mfa(account: Account, clock: SteppingClock) -> None:
    """A right code opens IAM to the session; it is good once, and only with its device's serial number."""
    key = account.user("alice", allow("iam:ListUsers", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    device = enable_device(account.iam, clock, "alice")
    code = device.code()
    session = session_of(account, key, SerialNumber=device.serial_number, TokenCode=code)
    account.client("iam", session).list_users()
    assert events(account, "ListUsers")[0]["userIdentity"]["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"
    message = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
    with refused("AccessDenied", 403, message):
        session_of(account, key, SerialNumber=device.serial_number, TokenCode=code)
    with refused("AccessDenied", 403):
        session_of(account, key, TokenCode=code)


def test_an_mfa_session_is_mfa_when_it_assumes(account: Account, clock: SteppingClock) -> None:
    """A role may trust those who have signed in with MFA: the session says so, the role's session no more."""
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    key = account.user("alice", allow("sts:AssumeRole"))
    device = enable_device(account.iam, clock, "alice")
    session = session_of(account, key, SerialNumber=device.serial_number, TokenCode=device.code())
    arn = make_role(
        account, "r", trust(root_of(account), Condition=condition), allow("iam:ListUsers", Condition=condition)
    )
    assumed = account.client("sts", session).assume_role(RoleArn=arn, RoleSessionName="ab")
    with refused("AccessDenied", 403):
        account.client("iam", as_key(assumed)).list_users()


def test_what_get_session_token_leaves_in_the_trail(account: Account) -> None:
    """Its event shows whose credentials were made, not the credentials."""
    session = session_of(account, account.admin)
    shown = events(account, "GetSessionToken")[0]["responseElements"]["credentials"]
    assert shown.keys() == {"accessKeyId", "expiration"}
    assert shown["accessKeyId"] == session.access_key_id


def federate(account: Account, key: Key, **parameters: Any) -> Key:
    """Get a federation token with a key."""
    return as_key(account.client("sts", key).get_federation_token(**({"Name": "bob"} | parameters)))


def test_a_federated_user(account: Account, clock: SteppingClock) -> None:
    """GetFederationToken answers half a day of a federated user of that name."""
    key = account.user("alice", allow("sts:GetFederationToken"))
    answer = account.client("sts", key).get_federation_token(Name="bob")
    arn = f"arn:aws:sts::{account.account_id}:federated-user/bob"
    assert answer["FederatedUser"] == {"FederatedUserId": f"{account.account_id}:bob", "Arn": arn}
    assert abs((answer["Credentials"]["Expiration"] - clock.now).total_seconds() - 43_200) < 5
    assert 0 < answer["PackedPolicySize"] == answer["SessionTokenUtilization"] < 100
    me = account.client("sts", as_key(answer)).get_caller_identity()
    assert (me["UserId"], me["Account"], me["Arn"]) == (f"{account.account_id}:bob", account.account_id, arn)


def test_federation_needs_permission(account: Account) -> None:
    """The permission is for the federated user's ARN, and tagging is another."""
    mine = f"arn:aws:sts::{account.account_id}:federated-user/bob"
    key = account.user("alice", allow("sts:GetFederationToken", mine))
    federate(account, key)
    with refused("AccessDenied", 403) as answer:
        federate(account, key, Name="carol")
    assert "sts:GetFederationToken on resource: " in answer["Error"]["Message"]
    with refused("AccessDenied", 403) as answer:
        federate(account, key, Tags=[{"Key": "a", "Value": "b"}])
    assert "sts:TagSession on resource: " + mine in answer["Error"]["Message"]


def test_a_federated_user_may_what_user_and_policy_allow(account: Account) -> None:
    """Without a session policy nothing; with one, what the user may as well."""
    key = account.user("alice", allow(["sts:*", "s3:ListAllMyBuckets"]))
    with refused("AccessDenied", 403):
        account.client("s3", federate(account, key)).list_buckets()
    account.client("s3", federate(account, key, Policy=allow("s3:*"))).list_buckets()
    with refused("AccessDeniedException", 400):
        account.client("cloudtrail", federate(account, key, Policy=allow("*"))).lookup_events()
    read_only = [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}]
    account.client("s3", federate(account, key, PolicyArns=read_only)).list_buckets()


def test_a_federated_user_of_the_root_user(account: Account, clock: SteppingClock) -> None:
    """The root user's federated user may what its policy allows, for an hour at most."""
    answer = account.client("sts", account.root).get_federation_token(
        Name="bob", Policy=allow("s3:ListAllMyBuckets"), DurationSeconds=7200
    )
    assert abs((answer["Credentials"]["Expiration"] - clock.now).total_seconds() - 3600) < 5
    session = as_key(answer)
    account.client("s3", session).list_buckets()
    with refused("AccessDeniedException", 400):
        account.client("cloudtrail", session).lookup_events()


def test_federation_tags_are_principal_tags(account: Account) -> None:
    """A federated user bears its user's tags, and above them its own."""
    document = allow("s3:ListAllMyBuckets", Condition={"StringEquals": {"aws:PrincipalTag/Team": "blue"}})
    key = account.user("alice", allow(["sts:GetFederationToken", "sts:TagSession", "s3:*"]))
    account.iam.tag_user(UserName="alice", Tags=[{"Key": "Team", "Value": "red"}])
    with refused("AccessDenied", 403):
        account.client("s3", federate(account, key, Policy=document)).list_buckets()
    tagged = federate(account, key, Policy=document, Tags=[{"Key": "team", "Value": "blue"}])
    account.client("s3", tagged).list_buckets()


def test_what_is_closed_to_a_federated_user(account: Account) -> None:
    """A federated user has no IAM, and of STS a few operations alone, whatever the policies."""
    session = federate(account, account.admin, Policy=allow("*"))
    with refused("InvalidClientTokenId", 403, INVALID):
        account.client("iam", session).list_users()
    sts = account.client("sts", session)
    arn = make_role(account, "r", trust(root_of(account)))
    for call in (
        sts.get_session_token,
        lambda: sts.get_federation_token(Name="carol"),
        lambda: sts.assume_role(RoleArn=arn, RoleSessionName="ab"),
    ):
        with refused("AccessDenied", 403) as answer:
            call()
        assert answer["Error"]["Message"].endswith(" with session credentials")
    with refused("ExpiredTradeInTokenException", 400):
        sts.get_delegated_access_token(TradeInToken="x")


def test_a_federated_user_in_the_trail(account: Account) -> None:
    """Its events say that it is one, and whose."""
    session = federate(account, account.admin, Policy=allow("s3:*"))
    account.client("s3", session).list_buckets()
    identity = events(account, "ListBuckets")[0]["userIdentity"]
    user = account.iam.get_user()["User"]
    assert (identity["type"], identity["principalId"]) == ("FederatedUser", f"{account.account_id}:bob")
    assert identity["sessionContext"]["sessionIssuer"] == {
        "type": "IAMUser",
        "principalId": user["UserId"],
        "arn": user["Arn"],
        "accountId": account.account_id,
        "userName": "admin",
    }
    made = events(account, "GetFederationToken")[0]
    assert made["responseElements"]["federatedUser"]["federatedUserId"] == f"{account.account_id}:bob"


def test_a_federated_user_ends_with_its_user(account: Account) -> None:
    """When the user is gone so is whom it federated."""
    key = account.user("alice", allow("sts:*"))
    session = federate(account, key)
    account.client("sts", session).get_caller_identity()
    account.iam.delete_access_key(UserName="alice", AccessKeyId=key.access_key_id)
    account.iam.delete_user_policy(UserName="alice", PolicyName="inline")
    account.iam.delete_user(UserName="alice")
    with refused("InvalidClientTokenId", 403, INVALID):
        account.client("sts", session).get_caller_identity()


TASK = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}


def test_nobody_assumes_root(account: Account, other: Account) -> None:
    """An account without an organisation has no members: AssumeRoot is refused, in the words of a refusal."""
    target = f"arn:aws:iam::{other.account_id}:root"
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/admin is not authorized to perform: sts:AssumeRoot on resource: "
        f"{target}"
    )
    with refused("AccessDenied", 403, message):
        account.client("sts").assume_root(TargetPrincipal=other.account_id, TaskPolicyArn=TASK)
    with refused("AccessDenied", 403):
        account.client("sts", account.root).assume_root(TargetPrincipal=other.account_id, TaskPolicyArn=TASK)
    with refused("ValidationError", 400):
        account.client("sts").assume_root(
            TargetPrincipal=other.account_id, TaskPolicyArn={"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}
        )
    with refused("ValidationError", 400):
        account.client("sts").assume_root(TargetPrincipal="not an account", TaskPolicyArn=TASK)


def test_no_trade_in_token_is_good(account: Account) -> None:
    """Trade-in tokens go to AWS's partners: none that is brought here can be exchanged."""
    with refused("ExpiredTradeInTokenException", 400):
        account.client("sts").get_delegated_access_token(TradeInToken="token")
    assert "token" not in str(events(account, "GetDelegatedAccessToken")[0]["requestParameters"])
