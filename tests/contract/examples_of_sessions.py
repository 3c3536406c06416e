"""What the examples of STS need."""

from __future__ import annotations

import json

from tests.contract.example_needs import Need, Ready, nothing
from tests.contract.expect import allow
from tests.contract.identity_providers import Oidc, Saml, encode
from tests.contract.in_process import Account
from tests.contract.roles import as_key, assume, make_role, root_of, trust
from tests.contract.test_federation import attributes
from tests.contract.totp_device import enable_device


def assumed_role(account: Account) -> None:
    """Make the role, assumed with an external id, tags and a session policy."""
    condition = {"StringEquals": {"sts:ExternalId": "123ABC"}}
    # AWS: the external id is not asked about with the tags, so that their permission stands in a statement of its own.
    asking, tagging = (
        json.loads(trust(root_of(account), *what, **more))["Statement"][0]
        for what, more in ((("sts:AssumeRole",), {"Condition": condition}), (("sts:TagSession",), {}))
    )
    make_role(account, "demo", json.dumps({"Version": "2012-10-17", "Statement": [asking, tagging]}))


def saml_assertion(account: Account) -> Ready:
    """Sign an assertion: the example's is none."""
    saml = Saml()
    provider = account.iam.create_saml_provider(Name="SAML-test", SAMLMetadataDocument=saml.metadata)["SAMLProviderArn"]
    role = make_role(account, "TestSaml", trust({"Federated": provider}, "sts:AssumeRoleWithSAML"))
    assertion = saml.assertion(account.server.clock.now, attributes(role, provider))
    signed = encode(saml.response(saml.sign(assertion)))
    return Ready({"SAMLAssertion": signed}, signed=False, refused=("InvalidIdentityToken", 400))


def web_identity(account: Account) -> Ready:
    """Sign an OpenID Connect token: the example's is Amazon's own kind, of which only AWS can ask."""
    idp = Oidc("examples.idp.example", account.server.key_sets)
    made = account.iam.create_open_id_connect_provider(Url=f"https://{idp.url}", ClientIDList=["app"])
    trusted = {"Federated": made["OpenIDConnectProviderArn"]}
    make_role(account, "FederatedWebIdentityRole", trust(trusted, "sts:AssumeRoleWithWebIdentity"))
    filled = {"ProviderId": None, "WebIdentityToken": idp.token(account.server.clock.now)}
    return Ready(filled, signed=False, refused=("IDPCommunicationError", 400))


def placeholder_message(_account: Account) -> Ready:
    """Leave it: the example's message is a placeholder, and no message."""
    return Ready(None, refused=("InvalidAuthorizationMessageException", 400))


def alice(account: Account) -> Ready:
    """Let a user ask who she is."""
    return Ready(key=account.user("Alice"))


def role_session(account: Account) -> Ready:
    """Let a role's session ask who it is."""
    arn = make_role(account, "my-role-name", trust(root_of(account)))
    return Ready(key=assume(account, arn, name="my-role-session-name"))


def federated_user(account: Account) -> Ready:
    """Let a federated user ask who it is."""
    return Ready(key=as_key(account.client("sts").get_federation_token(Name="my-federated-user-name")))


def user_with_device(account: Account) -> Ready:
    """Give a user a device: the example's is nobody's."""
    key = account.user("alice", allow("s3:*"))
    device = enable_device(account.iam, account.server.clock, "alice")
    filled = {"SerialNumber": device.serial_number, "TokenCode": device.code()}
    return Ready(filled, key=key, refused=("AccessDenied", 403))


NEEDS: dict[str, Need] = {
    "AssumeRole": assumed_role,
    "AssumeRoleWithSAML": saml_assertion,
    "AssumeRoleWithWebIdentity": web_identity,
    "DecodeAuthorizationMessage": placeholder_message,
    "GetCallerIdentity": alice,
    "GetCallerIdentity 2": role_session,
    "GetCallerIdentity 3": federated_user,
    "GetFederationToken": nothing,
    "GetSessionToken": user_with_device,
}
