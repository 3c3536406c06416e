"""The examples that botocore documents for STS, each called as it stands but for what must be made up."""

from __future__ import annotations

import json
from typing import Any

import botocore.loaders

from tests.contract.expect import allow, refused
from tests.contract.identity_providers import Oidc, Saml, encode
from tests.contract.in_process import Account, Server, SteppingClock
from tests.contract.roles import as_key, assume, make_role, root_of, trust
from tests.contract.test_federation import attributes
from tests.contract.totp_device import enable_device

EXAMPLES = botocore.loaders.Loader().load_service_model("sts", "examples-1")["examples"]
DOCUMENTED = "123456789012"


def example(operation: str, account: Account) -> dict[str, Any]:
    """Give an example's input, in an account of ours."""
    given: dict[str, Any] = EXAMPLES[operation][0]["input"]
    return {
        name: value.replace(DOCUMENTED, account.account_id) if isinstance(value, str) else value
        for name, value in given.items()
    }


def agree(operation: str, answer: dict[str, Any]) -> None:
    """See that an answer has the members that the example's has, at every depth."""
    documented = EXAMPLES[operation][0]["output"]
    assert answer.keys() >= documented.keys()
    for name, value in documented.items():
        assert isinstance(answer[name], dict if isinstance(value, dict) else type(value))
        if isinstance(value, dict):
            assert answer[name].keys() == value.keys()


def test_every_example_is_here() -> None:
    """No operation has an example that is not called below."""
    assert EXAMPLES.keys() == {
        *("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "DecodeAuthorizationMessage"),
        *("GetCallerIdentity", "GetFederationToken", "GetSessionToken"),
    }


def test_assume_role(account: Account) -> None:
    """With an external id, tags and a session policy."""
    condition = {"StringEquals": {"sts:ExternalId": "123ABC"}}
    arn = make_role(account, "demo", trust(root_of(account), Condition=condition))
    # AWS: the external id is not asked about with the tags, so that their permission stands in a statement of its own.
    asking, tagging = (
        json.loads(trust(root_of(account), *what, **more))["Statement"][0]
        for what, more in ((("sts:AssumeRole",), {"Condition": condition}), (("sts:TagSession",), {}))
    )
    document = json.dumps({"Version": "2012-10-17", "Statement": [asking, tagging]})
    account.iam.update_assume_role_policy(RoleName="demo", PolicyDocument=document)
    assert arn == example("AssumeRole", account)["RoleArn"]
    answer = account.client("sts").assume_role(**example("AssumeRole", account))
    agree("AssumeRole", answer)
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/demo/testAssumeRoleSession")


def test_assume_role_with_saml(account: Account, clock: SteppingClock) -> None:
    """The example's assertion is no assertion: with one that is, the answer is as documented."""
    saml, given = Saml(), example("AssumeRoleWithSAML", account)
    account.iam.create_saml_provider(Name="SAML-test", SAMLMetadataDocument=saml.metadata)
    make_role(account, "TestSaml", trust({"Federated": given["PrincipalArn"]}, "sts:AssumeRoleWithSAML"))
    sts = account.server.client("sts", None)
    with refused("InvalidIdentityToken", 400):
        sts.assume_role_with_saml(**given)
    said = attributes(given["RoleArn"], given["PrincipalArn"])
    given["SAMLAssertion"] = encode(saml.response(saml.sign(saml.assertion(clock.now, said))))
    agree("AssumeRoleWithSAML", sts.assume_role_with_saml(**given))


def test_assume_role_with_web_identity(account: Account, server: Server, clock: SteppingClock) -> None:
    """The example's token is Amazon's, of which only AWS can ask: with an OpenID Connect token it is as documented."""
    given = example("AssumeRoleWithWebIdentity", account)
    sts = server.client("sts", None)
    with refused("IDPCommunicationError", 400):
        sts.assume_role_with_web_identity(**given)
    del given["ProviderId"]
    with refused("InvalidIdentityToken", 400):
        sts.assume_role_with_web_identity(**given)
    idp = Oidc("examples.idp.example", server.key_sets)
    arn = account.iam.create_open_id_connect_provider(Url=f"https://{idp.url}", ClientIDList=["app"])
    trusted = {"Federated": arn["OpenIDConnectProviderArn"]}
    make_role(account, "FederatedWebIdentityRole", trust(trusted, "sts:AssumeRoleWithWebIdentity"))
    given["WebIdentityToken"] = idp.token(clock.now)
    agree("AssumeRoleWithWebIdentity", sts.assume_role_with_web_identity(**given))


def test_decode_authorization_message(account: Account) -> None:
    """The example's message is a placeholder, and no message."""
    with refused("InvalidAuthorizationMessageException", 400):
        account.client("sts").decode_authorization_message(**example("DecodeAuthorizationMessage", account))


def test_get_caller_identity(account: Account) -> None:
    """A user, a role's session and a federated user are each called as documented."""
    arn = make_role(account, "my-role-name", trust(root_of(account)))
    session = assume(account, arn, name="my-role-session-name")
    federated = as_key(account.client("sts").get_federation_token(Name="my-federated-user-name"))
    alice = account.user("Alice")
    for key, one in zip((alice, session, federated), EXAMPLES["GetCallerIdentity"], strict=True):
        answer = account.client("sts", key).get_caller_identity(**one["input"])
        documented = one["output"]
        assert answer["Arn"] == documented["Arn"].replace(DOCUMENTED, account.account_id)
        assert answer["Account"] == account.account_id
        # The ids are placeholders; what follows a colon is not.
        assert answer["UserId"].partition(":")[1:] == documented["UserId"].partition(":")[1:]


def test_get_federation_token(account: Account) -> None:
    """With tags and a session policy."""
    answer = account.client("sts").get_federation_token(**example("GetFederationToken", account))
    agree("GetFederationToken", answer)
    assert answer["FederatedUser"]["FederatedUserId"] == f"{account.account_id}:testFedUserSession"


def test_get_session_token(account: Account, clock: SteppingClock) -> None:
    """The example's device is nobody's: with the user's own and its code, the answer is as documented."""
    key = account.user("alice", allow("s3:*"))
    sts, given = account.client("sts", key), example("GetSessionToken", account)
    with refused("AccessDenied", 403):
        sts.get_session_token(**given)
    device = enable_device(account.iam, clock, "alice")
    answer = sts.get_session_token(**given | {"SerialNumber": device.serial_number, "TokenCode": device.code()})
    agree("GetSessionToken", answer)
