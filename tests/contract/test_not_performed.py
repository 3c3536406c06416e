"""What AWS has added to IAM and STS and Keywright does not do: each is refused by its name, and nothing comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from keywright.protocol.keywords import keyword
from tests.contract.expect import allow, refused
from tests.contract.identity_providers import Saml
from tests.contract.in_process import Account
from tests.contract.operations_seen import NOT_PERFORMED, NOT_TAKEN
from tests.contract.roles import assume, events, make_role, root_of, trust

PASSWORD = "correct horse Battery 9"
PROVIDER = {
    "SubjectSourceKey": "sub",
    "SubjectTypeValue": "user",
    "KeyDefinitionList": [{"SourceKey": "dept", "TargetKey": "department"}],
}
SENT: dict[str, Any] = {
    "ContextProvider": PROVIDER,
    "IdentityCenterInstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    "RemoveContextProvider": True,
    "RemoveIdentityCenterInstance": True,
    "MaxSigninSessionDuration": 7200,
    "ResetMaxSigninSessionDuration": True,
    "SubjectMode": "OriginIdentity",
    "Scope": "read",
}
PARAMETERS = [(name, parameter) for name, parameters in NOT_TAKEN.items() for parameter in sorted(parameters)]


@pytest.fixture
def account_with_all(account: Account) -> Account:
    """Give an account one of each that the calls act upon."""
    iam = account.iam
    iam.create_user(UserName="alice")
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="alice", Password=PASSWORD)
    make_role(account, "role", trust(root_of(account)), allow("*"))
    iam.create_open_id_connect_provider(Url="https://server.example.com")
    iam.create_saml_provider(Name="idp", SAMLMetadataDocument=Saml().metadata)
    iam.enable_outbound_web_identity_federation()
    return account


def required(account: Account, name: str) -> dict[str, Any]:
    """Give what an operation needs beside."""
    oidc = f"arn:aws:iam::{account.account_id}:oidc-provider/server.example.com"
    saml = f"arn:aws:iam::{account.account_id}:saml-provider/idp"
    parameters: dict[str, dict[str, Any]] = {
        "iam:CreateLoginProfile": {"UserName": "bob", "Password": PASSWORD},
        "iam:UpdateLoginProfile": {"UserName": "alice", "PasswordResetRequired": True},
        "iam:CreateRole": {"RoleName": "made", "AssumeRolePolicyDocument": trust(root_of(account))},
        "iam:UpdateRole": {"RoleName": "role", "Description": "changed"},
        "iam:CreateOpenIDConnectProvider": {"Url": "https://made.example.com"},
        "iam:UpdateOpenIDConnectProvider": {"OpenIDConnectProviderArn": oidc},
        "iam:CreateSAMLProvider": {"Name": "made", "SAMLMetadataDocument": Saml().metadata},
        "iam:UpdateSAMLProvider": {"SAMLProviderArn": saml, "AssertionEncryptionMode": "Allowed"},
        "sts:GetWebIdentityToken": {"Audience": ["app"], "SigningAlgorithm": "ES384"},
        "sts:GetScopedCredentials": {"DurationSeconds": 900},
    }
    return parameters[name]


def ask(client: Any, name: str, **parameters: Any) -> Any:
    """Call an operation by AWS's name for it, where the installed botocore knows it and its parameters."""
    _, _, operation = name.partition(":")
    model = client.meta.service_model
    if operation not in model.operation_names:
        pytest.skip(f"the installed botocore does not know {operation}")
    if unknown := parameters.keys() - model.operation_model(operation).input_shape.members.keys():
        pytest.skip(f"the installed botocore does not know {', '.join(sorted(unknown))} of {operation}")
    [method] = [one for one, its in client.meta.method_to_api_mapping.items() if its == operation]
    return getattr(client, method)(**parameters)


def all_of(account: Account) -> list[Any]:
    """Describe what the account has and the calls could change."""
    iam = account.iam
    with refused("NoSuchEntity", 404):
        iam.get_login_profile(UserName="bob")
    oidc, saml = iam.list_open_id_connect_providers(), iam.list_saml_providers()
    [oidc_arn] = [one["Arn"] for one in oidc["OpenIDConnectProviderList"]]
    [saml_arn] = [one["Arn"] for one in saml["SAMLProviderList"]]
    answers = [
        iam.get_login_profile(UserName="alice"),
        iam.list_roles(),
        iam.get_role(RoleName="role"),
        iam.get_open_id_connect_provider(OpenIDConnectProviderArn=oidc_arn),
        iam.get_saml_provider(SAMLProviderArn=saml_arn),
    ]
    for answer in answers:
        del answer["ResponseMetadata"]
    return answers


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_parameter_that_would_do_nothing_is_refused(account_with_all: Account, name: str, parameter: str) -> None:
    """It is named, nothing of the call is done, and the trail has the refusal."""
    account = account_with_all
    before = all_of(account)
    service, _, operation = name.partition(":")
    with refused("NotImplemented", 501) as answer:
        ask(account.client(service), name, **required(account, name), **{parameter: SENT[parameter]})
    told = f"{name}: the parameter {keyword(parameter)} is not implemented by this server."
    assert answer["Error"]["Message"] == told
    event = events(account, operation)[0]
    assert (event["errorCode"], event["errorMessage"]) == ("NotImplemented", told)
    assert PASSWORD not in str(event)
    assert all_of(account) == before


@pytest.mark.parametrize("name", sorted(NOT_PERFORMED))
def test_an_operation_that_is_not_performed_is_refused(account_with_all: Account, name: str) -> None:
    """It is named, to a role's session as to others, and the trail has the refusal."""
    account = account_with_all
    service, _, operation = name.partition(":")
    session = assume(account, f"arn:aws:iam::{account.account_id}:role/role")
    account.client("sts", session).get_caller_identity()  # so that the role's last use stays as it is
    before = all_of(account)
    for key in (account.admin, session):
        with refused("NotImplemented", 501) as answer:
            ask(account.client(service, key), name, **required(account, name))
        assert answer["Error"]["Message"] == f"{name} is not implemented by this server."
        assert events(account, operation)[0]["errorCode"] == "NotImplemented"
    assert all_of(account) == before


@pytest.mark.parametrize("parameter", sorted(NOT_TAKEN["iam:UpdateSAMLProvider"]))
def test_no_parameter_helps_what_is_not_performed(account_with_all: Account, parameter: str) -> None:
    """UpdateOpenIDConnectProvider neither sets nor removes what no provider here can have."""
    name = "iam:UpdateOpenIDConnectProvider"
    with refused("NotImplemented", 501):
        ask(account_with_all.iam, name, **required(account_with_all, name), **{parameter: SENT[parameter]})


@pytest.mark.parametrize("seconds", [3599, 7776001])
def test_what_aws_would_refuse_is_refused_in_its_words(account_with_all: Account, seconds: int) -> None:
    """A duration that is out of the model's bounds is AWS's own validation error."""
    for name in ("iam:UpdateLoginProfile", "iam:UpdateRole"):
        with refused("ValidationError", 400):
            ask(account_with_all.iam, name, **required(account_with_all, name), MaxSigninSessionDuration=seconds)


def test_a_context_provider_without_a_subject_is_refused(account_with_all: Account) -> None:
    """A member that AWS requires is asked for before anything else."""
    name = "iam:CreateOpenIDConnectProvider"
    with refused("ValidationError", 400):
        ask(account_with_all.iam, name, Url="https://made.example.com", ContextProvider={"SubjectTypeValue": "user"})
