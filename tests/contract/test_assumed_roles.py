"""AssumeRole by boto3: who may, for how long, with what, and what a session is then."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest

from keywright.aws.identifiers import account_of
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import Account, SteppingClock
from tests.contract.roles import as_key, assume, events, make_role, root_of, trust
from tests.contract.totp_device import enable_device

INVALID = "The security token included in the request is invalid"
DURATION = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
CHAINED = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."


def denied(caller: str, role_arn: str, action: str = "sts:AssumeRole") -> str:
    """Write AWS's refusal, which does not say whose policy refused."""
    return f"User: {caller} is not authorized to perform: {action} on resource: {role_arn}"


def test_a_role_session(account: Account, clock: SteppingClock) -> None:
    """AssumeRole answers an hour of the role, under the session's name and the role's id."""
    arn = make_role(account, "deploy", trust(root_of(account)), Path="/ci/")
    answer = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="bob@example.com")
    role_id = account.iam.get_role(RoleName="deploy")["Role"]["RoleId"]
    user = answer["AssumedRoleUser"]
    assert user["Arn"] == f"arn:aws:sts::{account.account_id}:assumed-role/deploy/bob@example.com"
    assert user["AssumedRoleId"] == f"{role_id}:bob@example.com"
    made = answer["Credentials"]
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", made["AccessKeyId"])
    assert account_of(made["AccessKeyId"]) == account.account_id
    assert abs((made["Expiration"] - clock.now).total_seconds() - 3600) < 5
    assert answer["SessionTokenSize"] == len(made["SessionToken"])
    assert (
        answer["PackedPolicySize"] == answer["SessionTokenUtilization"] == -(-100 * len(made["SessionToken"]) // 4096)
    )
    me = account.client("sts", assume(account, arn, name="bob@example.com")).get_caller_identity()
    assert (me["UserId"], me["Account"], me["Arn"]) == (user["AssumedRoleId"], account.account_id, user["Arn"])


def test_a_session_has_its_roles_permissions_of_now(account: Account) -> None:
    """What the role may, the session may, and what its user may it may not; a change counts at once."""
    arn = make_role(account, "reader", trust(root_of(account)), allow("s3:ListAllMyBuckets"))
    session = assume(account, arn)
    s3 = account.client("s3", session)
    s3.list_buckets()
    with refused("AccessDenied", 403) as answer:
        account.client("iam", session).list_users()
    assert "assumed-role/reader/session is not authorized to perform: iam:ListUsers" in answer["Error"]["Message"]
    account.iam.delete_role_policy(RoleName="reader", PolicyName="inline")
    with refused("AccessDenied", 403):
        s3.list_buckets()


def test_a_trust_policy_that_names_the_user_is_enough(account: Account) -> None:
    """In the role's own account one who is named needs no policy; who is meant by the account does."""
    key = account.user("alice")
    alice = f"arn:aws:iam::{account.account_id}:user/alice"
    named = make_role(account, "named", trust({"AWS": alice}))
    by_account = make_role(account, "by-account", trust(root_of(account)))
    assume(account, named, key)
    with refused("AccessDenied", 403, denied(alice, by_account)):
        assume(account, by_account, key)
    account.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=allow("sts:AssumeRole", by_account))
    assume(account, by_account, key)


def test_every_refusal_reads_alike(account: Account) -> None:
    """A role that trusts nobody else, a deny and a role that is not there are refused in the same words."""
    key = account.user("alice", allow("sts:*"))
    alice = f"arn:aws:iam::{account.account_id}:user/alice"
    admin = f"arn:aws:iam::{account.account_id}:user/admin"
    theirs = make_role(account, "theirs", trust({"AWS": admin}))
    missing = theirs.replace("theirs", "missing")
    for arn in (theirs, missing, "arn:aws:s3:::bucket-and-no-role"):
        with refused("AccessDenied", 403, denied(alice, arn)):
            assume(account, arn, key)
    mine = make_role(account, "mine", trust({"AWS": alice}))
    account.iam.put_user_policy(UserName="alice", PolicyName="no", PolicyDocument=deny("sts:AssumeRole"))
    with refused("AccessDenied", 403, denied(alice, mine)):
        assume(account, mine, key)


def test_across_accounts_both_sides_must_allow(account: Account, other: Account) -> None:
    """A role of another account needs to trust the caller, and the caller to be allowed by its own."""
    key = other.user("alice")
    alice = f"arn:aws:iam::{other.account_id}:user/alice"
    arn = make_role(account, "shared", trust(root_of(other)), allow("s3:ListAllMyBuckets"))
    with refused("AccessDenied", 403, denied(alice, arn)):
        assume(other, arn, key)
    other.iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=allow("sts:AssumeRole"))
    session = assume(other, arn, key)
    me = account.client("sts", session).get_caller_identity()
    assert me["Account"] == account.account_id
    account.iam.update_assume_role_policy(RoleName="shared", PolicyDocument=trust(root_of(account)))
    with refused("AccessDenied", 403, denied(alice, arn)):
        assume(other, arn, key)


def test_the_external_id_is_asked_for(account: Account, other: Account) -> None:
    """A trust policy that asks for an external id takes the right one only."""
    condition = {"StringEquals": {"sts:ExternalId": "123ABC"}}
    arn = make_role(account, "vendor", trust(root_of(other), Condition=condition))
    assume(other, arn, ExternalId="123ABC")
    with refused("AccessDenied", 403):
        assume(other, arn)
    with refused("AccessDenied", 403):
        assume(other, arn, ExternalId="123abc")


def test_the_session_name_can_be_asked_for(account: Account) -> None:
    """A trust policy may insist on the user's own name."""
    arn = make_role(
        account, "r", trust(root_of(account), Condition={"StringLike": {"sts:RoleSessionName": "${aws:username}"}})
    )
    assume(account, arn, name="admin")
    with refused("AccessDenied", 403):
        assume(account, arn, name="somebody")


def test_a_root_user_assumes_no_role(account: Account) -> None:
    """The root user is refused, whoever is trusted."""
    arn = make_role(account, "r", trust(root_of(account)))
    with refused("AccessDenied", 403, "Roles may not be assumed by root accounts."):
        assume(account, arn, account.root)


@pytest.mark.parametrize(
    "arn",
    [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ],
)
def test_what_is_no_arn(account: Account, arn: str) -> None:
    """A text that is no ARN is a ValidationError that says so, as recorded from AWS."""
    with refused("ValidationError", 400, f"{arn} is invalid"):
        assume(account, arn)


def test_a_session_name_has_its_characters(account: Account) -> None:
    """A name with other characters is refused, as recorded from AWS."""
    message = (
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
    )
    with refused("ValidationError", 400, message):
        assume(account, f"arn:aws:iam::{account.account_id}:role/role", name="Session1:2")


def test_durations(account: Account, clock: SteppingClock) -> None:
    """A session is as long as asked, at most as long as its role permits, 12 hours for any."""
    long = make_role(account, "long", trust(root_of(account)), MaxSessionDuration=43_200)
    short = make_role(account, "short", trust(root_of(account)))
    sts = account.client("sts")
    for seconds in (900, 43_200):
        made = sts.assume_role(RoleArn=long, RoleSessionName="ab", DurationSeconds=seconds)["Credentials"]
        assert abs((made["Expiration"] - clock.now).total_seconds() - seconds) < 5
    with refused("ValidationError", 400, DURATION):
        assume(account, short, DurationSeconds=3601)
    for seconds in (899, 43_201):
        with refused("ValidationError", 400) as answer:
            assume(account, long, DurationSeconds=seconds)
        assert "at 'durationSeconds' failed to satisfy constraint" in answer["Error"]["Message"]


def test_chaining_is_an_hour(account: Account) -> None:
    """A session assumes another role for an hour at most, be it a role's session or a user's."""
    first = make_role(account, "first", trust(root_of(account)), allow("sts:AssumeRole"), MaxSessionDuration=7200)
    second = make_role(account, "second", trust({"AWS": first}), MaxSessionDuration=7200)
    third = make_role(account, "third", trust(root_of(account)), MaxSessionDuration=7200)
    chained = assume(account, first, DurationSeconds=7200)
    assume(account, second, chained, DurationSeconds=3600)
    with refused("ValidationError", 400, CHAINED):
        assume(account, second, chained, DurationSeconds=3601)
    made = account.client("sts").get_session_token()["Credentials"]
    token = as_key({"Credentials": made})
    assume(account, third, token)
    with refused("ValidationError", 400, CHAINED):
        assume(account, third, token, DurationSeconds=3601)


def test_a_role_session_gets_no_session_of_another_kind(account: Account) -> None:
    """GetSessionToken and GetFederationToken are closed to role sessions, the rest of STS is not."""
    arn = make_role(account, "r", trust(root_of(account)), allow("*"))
    sts = account.client("sts", assume(account, arn))
    with refused("AccessDenied", 403, "Cannot call GetSessionToken with session credentials"):
        sts.get_session_token()
    with refused("AccessDenied", 403, "Cannot call GetFederationToken with session credentials"):
        sts.get_federation_token(Name="bob")
    sts.get_access_key_info(AccessKeyId=account.admin.access_key_id)


def test_a_role_session_is_no_user(account: Account) -> None:
    """What is one's own for a user is nobody's for a session: it must name a user."""
    arn = make_role(account, "r", trust(root_of(account)), allow("iam:*"))
    iam = account.client("iam", assume(account, arn))
    message = "Must specify userName when calling with non-User credentials"
    for call in (iam.get_user, iam.create_access_key, iam.list_access_keys):
        with refused("ValidationError", 400, message):
            call()
    iam.get_user(UserName="admin")


def test_session_policies_cut_down(account: Account) -> None:
    """A session may what its role and its session policies both allow, those by value and by ARN together."""
    arn = make_role(account, "r", trust(root_of(account)), allow(["s3:*", "iam:ListUsers", "iam:ListRoles"]))
    by_value = assume(account, arn, Policy=allow(["iam:ListUsers", "iam:ListGroups"]))
    iam = account.client("iam", by_value)
    iam.list_users()
    with refused("AccessDenied", 403) as answer:
        iam.list_roles()
    assert "because no session policy allows the iam:ListRoles action" in answer["Error"]["Message"]
    with refused("AccessDenied", 403) as answer:
        iam.list_groups()
    assert "because no identity-based policy allows the iam:ListGroups action" in answer["Error"]["Message"]
    made = account.iam.create_policy(PolicyName="roles", PolicyDocument=allow("iam:ListRoles"))["Policy"]["Arn"]
    session = assume(account, arn, Policy=allow("iam:ListUsers"), PolicyArns=[{"arn": made}])
    both = account.client("iam", session)
    both.list_users()
    both.list_roles()
    account.iam.delete_policy(PolicyArn=made)
    both.list_users()
    with refused("AccessDenied", 403):
        both.list_roles()


def test_session_policies_are_looked_at(account: Account, other: Account) -> None:
    """What is no policy, and an ARN that is none of the role's account's, is refused."""
    arn = make_role(account, "r", trust(root_of(account)))
    with refused("MalformedPolicyDocument", 400):
        assume(account, arn, Policy='{"Version":"2012-10-17"')
    with refused("MalformedPolicyDocument", 400):
        assume(account, arn, Policy='{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}')
    foreign = other.iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    for policy_arn in (foreign, "arn:aws:iam::aws:policy/NoSuchPolicyAtAll"):
        with refused("ValidationError", 400):
            assume(account, arn, PolicyArns=[{"arn": policy_arn}])
    with refused("ValidationError", 400):
        assume(account, arn, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}] * 11)


def test_too_much_for_a_token(account: Account) -> None:
    """Policies and tags that do not fit a token of 4096 characters are PackedPolicyTooLarge, with the percentage."""
    arn = make_role(account, "r", trust(root_of(account), "sts:AssumeRole", "sts:TagSession"))
    tags = [{"Key": f"key{number}", "Value": secrets.token_hex(128)} for number in range(50)]
    with refused("PackedPolicyTooLarge", 400) as answer:
        assume(account, arn, Tags=tags)
    message = answer["Error"]["Message"]
    assert re.fullmatch(r"Packed size of session tags consumes \d{3}% of allotted space\.", message)
    answer = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="ab", Tags=tags[:4])
    assert 20 < answer["PackedPolicySize"] < 100


@pytest.mark.parametrize("size", [0, 1024, 4096])
def test_a_token_of_a_least_size(account: Account, size: int) -> None:
    """A token is made as long as asked, to see what bears it, and is good."""
    arn = make_role(account, "r", trust(root_of(account)))
    answer = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="ab", MinimumSessionTokenSize=size)
    assert size <= answer["SessionTokenSize"] <= 4096
    account.client("sts", assume(account, arn, MinimumSessionTokenSize=size)).get_caller_identity()


def test_the_boundary_of_a_role_bounds_its_sessions(account: Account) -> None:
    """A session may nothing that its role's permissions boundary does not allow."""
    boundary = account.iam.create_policy(PolicyName="b", PolicyDocument=allow("iam:ListUsers"))["Policy"]["Arn"]
    arn = make_role(account, "r", trust(root_of(account)), allow("iam:*"), PermissionsBoundary=boundary)
    iam = account.client("iam", assume(account, arn))
    iam.list_users()
    with refused("AccessDenied", 403) as answer:
        iam.list_roles()
    assert "because no permissions boundary allows the iam:ListRoles action" in answer["Error"]["Message"]


TAGGED = ("sts:AssumeRole", "sts:TagSession")


def test_session_tags_are_principal_tags(account: Account) -> None:
    """A session's tags count above its role's, in whatever case, and the role's others stay."""
    document = allow("iam:ListUsers", Condition={"StringEquals": {"aws:PrincipalTag/Team": "blue"}})
    arn = make_role(account, "r", trust(root_of(account), *TAGGED), document, Tags=[{"Key": "team", "Value": "red"}])
    with refused("AccessDenied", 403):
        account.client("iam", assume(account, arn)).list_users()
    tagged = assume(account, arn, Tags=[{"Key": "Team", "Value": "blue"}])
    account.client("iam", tagged).list_users()
    account.iam.tag_role(RoleName="r", Tags=[{"Key": "Team", "Value": "blue"}])
    account.client("iam", assume(account, arn)).list_users()


def test_tags_need_permission(account: Account) -> None:
    """Whoever passes tags must be allowed to by the trust policy, which may say which."""
    arn = make_role(account, "r", trust(root_of(account)))
    admin = f"arn:aws:iam::{account.account_id}:user/admin"
    with refused("AccessDenied", 403, denied(admin, arn, "sts:TagSession")):
        assume(account, arn, Tags=[{"Key": "Team", "Value": "blue"}])
    condition = {"StringEquals": {"aws:RequestTag/Team": ["blue", "red"]}}
    account.iam.update_assume_role_policy(
        RoleName="r", PolicyDocument=trust(root_of(account), *TAGGED, Condition=condition)
    )
    assume(account, arn, Tags=[{"Key": "Team", "Value": "blue"}])
    with refused("AccessDenied", 403):
        assume(account, arn, Tags=[{"Key": "Team", "Value": "green"}])


def test_tag_rules(account: Account) -> None:
    """Tags that AWS refuses are refused in its words, as recorded."""
    arn = make_role(account, "r", trust(root_of(account), *TAGGED))
    message = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    with refused("InvalidParameterValue", 400, message):
        assume(account, arn, Tags=[{"Key": "A", "Value": "1"}, {"Key": "a", "Value": "2"}])
    message = "The specified transitive tag key must be included in the requested tags."
    with refused("InvalidParameterValue", 400, message):
        assume(account, arn, Tags=[{"Key": "A", "Value": "1"}], TransitiveTagKeys=["B"])
    with refused("InvalidParameterValue", 400):
        assume(account, arn, Tags=[{"Key": "aws:A", "Value": "1"}])


def test_transitive_tags_go_on(account: Account) -> None:
    """A transitive tag is in the next session too, needs permission there, and cannot be overridden; others end."""
    first = make_role(account, "first", trust(root_of(account), *TAGGED), allow("sts:*"))
    second = make_role(account, "second", trust({"AWS": first}), allow("iam:ListUsers"))
    tags = [{"Key": "Team", "Value": "blue"}, {"Key": "Other", "Value": "x"}]
    session = assume(account, first, Tags=tags, TransitiveTagKeys=["team"])
    caller = f"arn:aws:sts::{account.account_id}:assumed-role/first/session"
    with refused("AccessDenied", 403, denied(caller, second, "sts:TagSession")):
        assume(account, second, session)
    account.iam.update_assume_role_policy(RoleName="second", PolicyDocument=trust({"AWS": first}, *TAGGED))
    for key, may in (("Team", True), ("Other", False)):
        document = allow("iam:ListUsers", Condition={"Null": {f"aws:PrincipalTag/{key}": "false"}})
        account.iam.put_role_policy(RoleName="second", PolicyName="inline", PolicyDocument=document)
        iam = account.client("iam", assume(account, second, session))
        if may:
            iam.list_users()
        else:
            with refused("AccessDenied", 403):
                iam.list_users()
    message = (
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
        "calling session."
    )
    with refused("InvalidParameterValue", 400, message):
        assume(account, second, session, Tags=[{"Key": "TEAM", "Value": "red"}])


def test_source_identity(account: Account) -> None:
    """It needs permission, is answered, goes on with each session, and is nobody's to change."""
    both = ("sts:AssumeRole", "sts:SetSourceIdentity")
    first = make_role(account, "first", trust(root_of(account)), allow("sts:*"))
    admin = f"arn:aws:iam::{account.account_id}:user/admin"
    with refused("AccessDenied", 403, denied(admin, first, "sts:SetSourceIdentity")):
        assume(account, first, SourceIdentity="admin")
    account.iam.update_assume_role_policy(RoleName="first", PolicyDocument=trust(root_of(account), *both))
    sts = account.client("sts")
    answer = sts.assume_role(RoleArn=first, RoleSessionName="ab", SourceIdentity="admin")
    assert answer["SourceIdentity"] == "admin"
    assert "SourceIdentity" not in sts.assume_role(RoleArn=first, RoleSessionName="ab")
    session = assume(account, first, SourceIdentity="admin")
    condition = {"StringEquals": {"aws:SourceIdentity": "admin"}}
    document = allow("iam:ListUsers", Condition=condition)
    second = make_role(account, "second", trust({"AWS": first}, *both), document)
    chained = account.client("sts", session).assume_role(RoleArn=second, RoleSessionName="ab")
    assert chained["SourceIdentity"] == "admin"
    account.client("iam", assume(account, second, session)).list_users()
    with refused("AccessDenied", 403) as refusal:
        assume(account, second, session, SourceIdentity="bob")
    assert "sts:SetSourceIdentity" in refusal["Error"]["Message"]


def test_mfa(account: Account, clock: SteppingClock) -> None:
    """A trust policy that asks for MFA takes a right code of the caller's device, once."""
    key = account.user("alice", allow("sts:AssumeRole"))
    device = enable_device(account.iam, clock, "alice")
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}
    arn = make_role(account, "r", trust(root_of(account), *TAGGED, Condition=condition))
    account.iam.put_user_policy(UserName="alice", PolicyName="t", PolicyDocument=allow("sts:TagSession"))
    with refused("AccessDenied", 403):
        assume(account, arn, key)
    code = device.code()
    assume(account, arn, key, SerialNumber=device.serial_number, TokenCode=code, Tags=[{"Key": "a", "Value": "b"}])
    message = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
    with refused("AccessDenied", 403, message):
        assume(account, arn, key, SerialNumber=device.serial_number, TokenCode=code)
    message = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "
    with refused("AccessDenied", 403, message):
        assume(account, arn, key, SerialNumber=device.serial_number)
    with refused("AccessDenied", 403) as answer:
        assume(account, arn, key, SerialNumber=device.serial_number + "x", TokenCode=code)
    assert answer["Error"]["Message"].startswith("MultiFactorAuthentication failed, unable to validate MFA code.")


def test_a_context_assertion_is_nobodys(account: Account) -> None:
    """Context assertions are for applications of IAM Identity Center: none is valid here, and none is ignored."""
    arn = make_role(account, "r", trust(root_of(account)))
    context = [{"ProviderArn": "arn:aws:iam::aws:contextProvider/IdentityCenter", "ContextAssertion": "x" * 8}]
    with refused("InvalidContextAssertion", 400):
        assume(account, arn, ProvidedContexts=context)


def test_a_session_ends_with_its_role(account: Account) -> None:
    """When a role is deleted its sessions stop, and another role of the name does not revive them."""
    arn = make_role(account, "r", trust(root_of(account)))
    sts = account.client("sts", assume(account, arn))
    sts.get_caller_identity()
    account.iam.delete_role(RoleName="r")
    with refused("InvalidClientTokenId", 403, INVALID):
        sts.get_caller_identity()
    make_role(account, "r", trust(root_of(account)))
    with refused("InvalidClientTokenId", 403, INVALID):
        sts.get_caller_identity()


def test_revoking_older_sessions(account: Account, clock: SteppingClock) -> None:
    """A deny for tokens issued before a moment, as the console's "revoke sessions" writes, ends those alone."""
    arn = make_role(account, "r", trust(root_of(account)), allow("iam:ListUsers"))
    old = account.client("iam", assume(account, arn))
    old.list_users()
    clock.advance(seconds=5)
    moment = clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    clock.advance(seconds=5)
    document = deny("*", Condition={"DateLessThan": {"aws:TokenIssueTime": moment}})
    account.iam.put_role_policy(RoleName="r", PolicyName="AWSRevokeOlderSessions", PolicyDocument=document)
    with refused("AccessDenied", 403):
        old.list_users()
    account.client("iam", assume(account, arn)).list_users()


def test_a_renamed_path_does_not_hide_a_role(account: Account) -> None:
    """A role is found by its whole ARN, path and all."""
    arn = make_role(account, "r", trust(root_of(account)), Path="/a/b/")
    assume(account, arn)
    for wrong in (arn.replace("/a/b/", "/"), arn.replace("/a/b/", "/a/"), arn.replace("/r", "/R")):
        with refused("AccessDenied", 403):
            assume(account, wrong)


def test_what_the_trail_says(account: Account) -> None:
    """AssumeRole is a read in the trail that shows its answer without secrets; its session says whose role it is."""
    arn = make_role(account, "r", trust(root_of(account), "sts:AssumeRole", "sts:SetSourceIdentity"), allow("*"))
    session = assume(account, arn, name="bob", SourceIdentity="admin")
    account.client("iam", session).list_users()
    made = events(account, "AssumeRole")[0]
    assert made["readOnly"] is True
    assert made["requestParameters"] == {"roleArn": arn, "roleSessionName": "bob", "sourceIdentity": "admin"}
    shown = made["responseElements"]
    assert shown["credentials"].keys() == {"accessKeyId", "expiration"}
    assert shown["assumedRoleUser"]["arn"].endswith("assumed-role/r/bob")
    identity = events(account, "ListUsers")[0]["userIdentity"]
    role_id = account.iam.get_role(RoleName="r")["Role"]["RoleId"]
    assert identity["type"] == "AssumedRole"
    assert identity["principalId"] == f"{role_id}:bob"
    assert identity["arn"] == f"arn:aws:sts::{account.account_id}:assumed-role/r/bob"
    assert identity["accessKeyId"] == session.access_key_id
    context = identity["sessionContext"]
    assert context["sessionIssuer"] == {
        "type": "Role",
        "principalId": role_id,
        "arn": arn,
        "accountId": account.account_id,
        "userName": "r",
    }
    assert context["attributes"]["mfaAuthenticated"] == "false"
    assert (context["sourceIdentity"], context["webIdFederationData"]) == ("admin", {})
    by_name = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": "bob"}]
    )
    assert {event["EventName"] for event in by_name["Events"]} == {"ListUsers"}


def test_both_accounts_hear_of_a_role_that_is_assumed_across(account: Account, other: Account) -> None:
    """The role's account has an event of its own, which names the caller by account and id and nothing more."""
    arn = make_role(account, "shared", trust(root_of(other)))
    assume(other, arn)
    theirs, ours = events(other, "AssumeRole")[0], events(account, "AssumeRole")[0]
    admin = other.iam.get_user()["User"]["UserId"]
    assert ours["userIdentity"] == {"type": "AWSAccount", "principalId": admin, "accountId": other.account_id}
    assert theirs["userIdentity"]["userName"] == "admin"
    assert ours["sharedEventID"] == theirs["sharedEventID"]
    assert ours["eventID"] != theirs["eventID"]
    assert (ours["recipientAccountId"], theirs["recipientAccountId"]) == (account.account_id, other.account_id)
    assert ours["responseElements"] == theirs["responseElements"]
    assume(account, make_role(account, "own", trust(root_of(account))))
    assert "sharedEventID" not in events(account, "AssumeRole")[0]


def test_a_roles_last_use(account: Account, clock: SteppingClock) -> None:
    """A role is used when its session calls something, not when it is assumed."""
    arn = make_role(account, "r", trust(root_of(account)), allow("*"))
    session = assume(account, arn)
    assert account.iam.get_role(RoleName="r")["Role"]["RoleLastUsed"] == {}
    account.client("s3", session, region="eu-west-1").list_buckets()
    used: dict[str, Any] = account.iam.get_role(RoleName="r")["Role"]["RoleLastUsed"]
    assert abs((clock.now - used["LastUsedDate"]).total_seconds()) < 5
    assert "Region" in used
