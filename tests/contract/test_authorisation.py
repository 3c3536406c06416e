"""Who may do what: every operation is refused without a permission, and says so in AWS's words."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from keywright.services.catalogue import all_services
from tests.contract.credential_refusals import CREDENTIAL_REFUSALS, PAST_THE_DOOR
from tests.contract.entity_refusals import ENTITY_REFUSALS, make_entities
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import Account

USER, POLICY, ALIAS = {"UserName": "bob"}, {"PolicyArn": "{policy}"}, {"AccountAlias": "some-alias"}
DOCUMENT = {"PolicyDocument": "{{}}"}
BOB, USER_ARN = "user bob", "arn:aws:iam::{account}:user/"


class Refusal(NamedTuple):
    """An operation, what it is asked with, the resource policies are asked about, and the one the refusal names."""

    service: str
    operation: str
    parameters: dict[str, Any]
    resource: str
    text: str | None


# AWS: facts/aws-errors.md, section C, says what each operation's refusal names.
REFUSALS = [
    Refusal("iam", "CreateUser", {"UserName": "x", "Path": "/p/"}, USER_ARN + "p/x", USER_ARN + "p/x"),
    Refusal("iam", "GetUser", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "ListUsers", {}, USER_ARN, USER_ARN),
    Refusal("iam", "ListUsers", {"PathPrefix": "/p/"}, USER_ARN + "p/", USER_ARN + "p/"),
    Refusal("iam", "UpdateUser", USER | {"NewPath": "/team/"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "DeleteUser", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "TagUser", USER | {"Tags": [{"Key": "a", "Value": "b"}]}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "UntagUser", USER | {"TagKeys": ["a"]}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "ListUserTags", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "PutUserPolicy", USER | DOCUMENT | {"PolicyName": "p"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "GetUserPolicy", USER | {"PolicyName": "p"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "ListUserPolicies", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "DeleteUserPolicy", USER | {"PolicyName": "p"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "AttachUserPolicy", USER | POLICY, USER_ARN + "team/bob", BOB),
    Refusal("iam", "DetachUserPolicy", USER | POLICY, USER_ARN + "team/bob", BOB),
    Refusal("iam", "ListAttachedUserPolicies", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "CreateAccessKey", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "ListAccessKeys", USER, USER_ARN + "team/bob", BOB),
    Refusal("iam", "UpdateAccessKey", USER | {"AccessKeyId": "{key}", "Status": "Active"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "DeleteAccessKey", USER | {"AccessKeyId": "{key}"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "GetAccessKeyLastUsed", {"AccessKeyId": "{key}"}, USER_ARN + "team/bob", BOB),
    Refusal("iam", "CreatePolicy", DOCUMENT | {"PolicyName": "x"}, "arn:aws:iam::{account}:policy/x", "policy x"),
    Refusal("iam", "GetPolicy", POLICY, "{policy}", "policy {policy}"),
    Refusal("iam", "ListPolicies", {}, "arn:aws:iam::{account}:policy/", "policy path /"),
    Refusal("iam", "DeletePolicy", POLICY, "{policy}", "policy {policy}"),
    Refusal("iam", "CreatePolicyVersion", POLICY | DOCUMENT, "{policy}", "policy {policy}"),
    Refusal("iam", "GetPolicyVersion", POLICY | {"VersionId": "v1"}, "{policy}", "policy {policy}"),
    Refusal("iam", "ListPolicyVersions", POLICY, "{policy}", "policy {policy}"),
    Refusal("iam", "SetDefaultPolicyVersion", POLICY | {"VersionId": "v1"}, "{policy}", "policy {policy}"),
    Refusal("iam", "DeletePolicyVersion", POLICY | {"VersionId": "v1"}, "{policy}", "policy {policy}"),
    Refusal("iam", "CreateAccountAlias", ALIAS, "*", "*"),
    Refusal("iam", "ListAccountAliases", {}, "*", "*"),
    Refusal("iam", "DeleteAccountAlias", ALIAS, "*", "*"),
    Refusal("iam", "GetAccountSummary", {}, "*", "*"),
    Refusal("sts", "GetAccessKeyInfo", {"AccessKeyId": "{key}"}, "*", "*"),
    Refusal("cloudtrail", "LookupEvents", {}, "*", None),
    Refusal("s3", "CreateBucket", {"Bucket": "some-bucket"}, "arn:aws:s3:::some-bucket", '"arn:aws:s3:::some-bucket"'),
    *(Refusal("iam", *case) for case in ENTITY_REFUSALS),
    *(Refusal("iam", *case) for case in CREDENTIAL_REFUSALS),
]
_BESIDE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken"), ("iam", "AddRoleToInstanceProfile")}
_IN_S3_TESTS = {("s3", name) for name in ("ListBuckets", "HeadBucket", "GetBucketLocation", "DeleteBucket")}


def fill(value: Any, facts: dict[str, str]) -> Any:
    """Put an account's facts into texts."""
    if isinstance(value, str):
        return value.format_map(facts)
    if isinstance(value, dict):
        return {name: fill(item, facts) for name, item in value.items()}
    return [fill(item, facts) for item in value] if isinstance(value, list) else value


def ask(account: Account, case: Refusal, key: Any, facts: dict[str, str]) -> None:
    """Send a case's request."""
    client = account.client(case.service, key)
    method = next(name for name, api in client.meta.method_to_api_mapping.items() if api == case.operation)
    getattr(client, method)(**fill(case.parameters, facts))


@pytest.fixture
def facts(account: Account) -> dict[str, str]:
    """A user on a path with a key, and a policy: what the cases are about."""
    iam = account.iam
    iam.create_user(UserName="bob", Path="/team/")
    key = iam.create_access_key(UserName="bob")["AccessKey"]["AccessKeyId"]
    arn = iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    make_entities(account)
    return {"account": account.account_id, "key": key, "policy": arn}


def test_every_operation_has_its_refusal() -> None:
    """No operation is left out of these tests where another one of its module is in them."""
    covered = {(case.service, case.operation) for case in REFUSALS} | _BESIDE | _IN_S3_TESTS
    module_of = {
        (service.model.name, name): operation.perform.__module__
        for service in all_services()
        for name, operation in service.operations.items()
    }
    modules = {module_of[one] for one in covered}
    assert {one for one, module in module_of.items() if module in modules} == covered


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case.operation}-{len(case.parameters)}")
def test_refusals_are_in_awss_words(account: Account, facts: dict[str, str], case: Refusal) -> None:
    """Without a permission the answer names the caller, the action and the resource as AWS writes them."""
    action = f"{case.service}:{case.operation}"
    text = "" if case.text is None else f" on resource: {fill(case.text, facts)}"
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: {action}{text}"
        f" because no identity-based policy allows the {action} action"
    )
    code, status = ("AccessDeniedException", 400) if case.service == "cloudtrail" else ("AccessDenied", 403)
    with refused(code, status, message):
        ask(account, case, account.user("alice"), facts)


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case.operation}-{len(case.parameters)}")
def test_a_permission_is_for_its_resource(account: Account, facts: dict[str, str], case: Refusal) -> None:
    """The action allowed on the very resource lets the request through; allowed on another, it does not."""
    action, resource = f"{case.service}:{case.operation}", fill(case.resource, facts)
    if resource != "*":
        with refused("AccessDenied", 403):
            ask(account, case, account.user("other", allow(action, resource + "-other")), facts)
    key = account.user("alice", allow(action, resource))
    try:
        ask(account, case, key, facts)
    except ClientError as error:
        through = {"NoSuchEntity", "MalformedPolicyDocument", "DeleteConflict"} | PAST_THE_DOOR
        past_the_door = error.response["Error"]["Code"] in through
        if not past_the_door:
            raise


def test_an_explicit_deny_is_said(account: Account) -> None:
    """A deny in an inline policy is named by its kind alone."""
    alice = account.client("iam", account.user("alice", deny("iam:ListUsers")))
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:ListUsers on resource: "
        f"arn:aws:iam::{account.account_id}:user/ with an explicit deny in an identity-based policy"
    )
    with refused("AccessDenied", 403, message):
        alice.list_users()


def test_the_root_user_may(account: Account) -> None:
    """The root user needs no policy."""
    root = account.client("iam", account.root)
    root.create_user(UserName="u")
    root.delete_user(UserName="u")
    account.client("cloudtrail", account.root).lookup_events()
    account.client("s3", account.root).list_buckets()


def test_self_service_by_policy_variable(account: Account) -> None:
    """`${{aws:username}}` lets each user manage its own keys and nobody else's."""
    document = allow("iam:*AccessKey*", f"arn:aws:iam::{account.account_id}:user/${{aws:username}}")
    alice = account.client("iam", account.user("alice", document))
    account.iam.create_user(UserName="bob")
    alice.list_access_keys()
    alice.list_access_keys(UserName="alice")
    with refused("AccessDenied", 403):
        alice.list_access_keys(UserName="bob")


def test_a_condition_decides(account: Account) -> None:
    """A condition on the request's address, region and time lets through what fits."""
    fits = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    misses = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    alice = account.client("iam", account.user("alice", allow("iam:ListUsers", Condition=fits)))
    alice.list_users()
    bob = account.client("iam", account.user("bob", allow("iam:ListUsers", Condition=misses)))
    with refused("AccessDenied", 403):
        bob.list_users()


def test_a_name_in_another_case_is_the_same_user(account: Account) -> None:
    """A deny on a user holds however its name is written in the request."""
    account.iam.create_user(UserName="Bob")
    arn = f"arn:aws:iam::{account.account_id}:user/Bob"
    key = account.user("alice", allow("iam:GetUser"))
    account.iam.put_user_policy(UserName="alice", PolicyName="no", PolicyDocument=deny("iam:GetUser", arn))
    alice = account.client("iam", key)
    for name in ("Bob", "bob", "BOB"):
        with refused("AccessDenied", 403):
            alice.get_user(UserName=name)
    alice.get_user(UserName="admin")


def test_a_refused_change_changes_nothing(account: Account) -> None:
    """What was refused did not happen."""
    alice = account.client("iam", account.user("alice"))
    for change in (
        lambda: alice.create_user(UserName="x"),
        lambda: alice.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
        lambda: alice.create_access_key(UserName="admin"),
    ):
        with refused("AccessDenied", 403):
            change()
    assert [user["UserName"] for user in account.iam.list_users()["Users"]] == ["admin", "alice"]
    assert account.iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"] == []
    assert len(account.iam.list_access_keys(UserName="admin")["AccessKeyMetadata"]) == 1


def test_who_may_not_learns_not_what_is_there(account: Account) -> None:
    """The refusal is the same whether the user exists or not."""
    account.iam.create_user(UserName="there")
    alice = account.client("iam", account.user("alice"))
    texts = []
    for name in ("there", "gone"):
        with refused("AccessDenied", 403) as answer:
            alice.get_user(UserName=name)
        texts.append(answer["Error"]["Message"].partition(". Go to ")[0].replace(name, ""))
    assert texts[0] == texts[1]
