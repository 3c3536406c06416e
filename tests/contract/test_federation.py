"""OIDC and SAML providers by boto3, and the roles that are assumed on their word."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from keywright.identity.jwt import public_jwk, sign_jwt
from tests.contract.expect import allow, refused
from tests.contract.identity_providers import ATTRIBUTES, Oidc, Saml, encode, encrypt_assertion, rsa_key
from tests.contract.in_process import Account, Server, SteppingClock
from tests.contract.roles import as_key, assume, events, make_role, root_of, trust

THUMBPRINT = "990f4193972f2becf12ddeda5237f9c952f20d9e"
WEB = "sts:AssumeRoleWithWebIdentity"
NOT_AUTHORIZED = f"Not authorized to perform {WEB}"


@pytest.fixture
def oidc(server: Server, account: Account) -> Oidc:
    """A provider that the account trusts, for the audience `app`."""
    idp = Oidc(f"idp-{secrets.token_hex(4)}.example/tenants/1", server.key_sets)
    account.iam.create_open_id_connect_provider(Url=f"https://{idp.url}", ClientIDList=["app"])
    return idp


def arn_of(account: Account, idp: Oidc) -> str:
    """Name a provider in an account."""
    return f"arn:aws:iam::{account.account_id}:oidc-provider/{idp.url}"


def web_role(account: Account, idp: Oidc, *actions: str, **more: Any) -> str:
    """Make a role that trusts a provider."""
    name = f"web-{secrets.token_hex(4)}"
    return make_role(account, name, trust({"Federated": arn_of(account, idp)}, *(actions or (WEB,)), **more))


def web(account: Account, role_arn: str, token: str, **more: Any) -> dict[str, Any]:
    """Assume a role by a token, without any signature."""
    sts = account.server.client("sts", None)
    parameters = {"RoleArn": role_arn, "RoleSessionName": "app1", "WebIdentityToken": token} | more
    answer: dict[str, Any] = sts.assume_role_with_web_identity(**parameters)
    return answer


def test_an_oidc_provider_is_what_was_given(account: Account) -> None:
    """A provider is described without its scheme, with clients, thumbprints and tags in order."""
    iam = account.iam
    made = iam.create_open_id_connect_provider(
        Url="https://server.example.com",
        ClientIDList=["my-application-id", "b", "a", "b"],
        ThumbprintList=[THUMBPRINT.upper()],
        Tags=[{"Key": "b", "Value": "1"}, {"Key": "A", "Value": "2"}],
    )
    arn = made["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{account.account_id}:oidc-provider/server.example.com"
    tags = [{"Key": "A", "Value": "2"}, {"Key": "b", "Value": "1"}]
    assert made["Tags"] == tags
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["Url"], found["ClientIDList"]) == ("server.example.com", ["my-application-id", "b", "a"])
    assert (found["ThumbprintList"], found["Tags"]) == ([THUMBPRINT], tags)
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": arn}]


def test_an_oidc_provider_is_there_once(account: Account, other: Account) -> None:
    """The URL is taken once in an account, and free in another."""
    account.iam.create_open_id_connect_provider(Url="https://a.example")
    with refused("EntityAlreadyExists", 409, "Provider with url https://a.example already exists."):
        account.iam.create_open_id_connect_provider(Url="https://a.example")
    other.iam.create_open_id_connect_provider(Url="https://a.example")


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "a.example", "https://", "https://a.example?x=1", "https://u@a.example", "https://a/../b"],
)
def test_what_is_no_providers_url(account: Account, url: str) -> None:
    """A provider's URL is https, of a host and a path."""
    with refused("ValidationError", 400, "Invalid Open ID Connect Provider URL"):
        account.iam.create_open_id_connect_provider(Url=url)


def test_thumbprints(account: Account) -> None:
    """Thumbprints are 40 hexadecimal digits, five at most, and replaced as a whole."""
    iam = account.iam
    arn = iam.create_open_id_connect_provider(Url="https://a.example")["OpenIDConnectProviderArn"]
    other = "a" * 40
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=[other, THUMBPRINT])
    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ThumbprintList"] == [other, THUMBPRINT]
    for thumbprints in (["x" * 40], [other] * 6):
        with refused("InvalidInput", 400):
            iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=thumbprints)
    with refused("ValidationError", 400):
        iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["a" * 39])


def test_client_ids(account: Account) -> None:
    """Adding one that is there and removing one that is not are no errors; there are a hundred at most."""
    iam = account.iam
    clients = [f"c{number}" for number in range(99)]
    made = iam.create_open_id_connect_provider(Url="https://a.example", ClientIDList=clients)
    arn = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    for client_id in ("c0", "new"):
        iam.add_client_id_to_open_id_connect_provider(ClientID=client_id, **arn)
    assert iam.get_open_id_connect_provider(**arn)["ClientIDList"] == [*clients, "new"]
    with refused("LimitExceeded", 409, "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"):
        iam.add_client_id_to_open_id_connect_provider(ClientID="one more", **arn)
    for client_id in ("c0", "never"):
        iam.remove_client_id_from_open_id_connect_provider(ClientID=client_id, **arn)
    assert iam.get_open_id_connect_provider(**arn)["ClientIDList"] == [*clients[1:], "new"]


def test_oidc_provider_tags(account: Account) -> None:
    """Tags are set, listed in pages and removed."""
    iam = account.iam
    made = iam.create_open_id_connect_provider(Url="https://a.example")
    arn = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    iam.tag_open_id_connect_provider(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], **arn)
    page = iam.list_open_id_connect_provider_tags(MaxItems=1, **arn)
    assert (page["Tags"], page["IsTruncated"]) == ([{"Key": "a", "Value": "1"}], True)
    iam.untag_open_id_connect_provider(TagKeys=["A", "nothing"], **arn)
    assert iam.list_open_id_connect_provider_tags(**arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_an_oidc_provider_that_is_not_there(account: Account, other: Account) -> None:
    """Only the account's own are found; deleting one that is not there is no error, and deletes nobody else's."""
    theirs = other.iam.create_open_id_connect_provider(Url="https://a.example")["OpenIDConnectProviderArn"]
    iam = account.iam
    arn = {"OpenIDConnectProviderArn": theirs}
    for call in (
        lambda: iam.get_open_id_connect_provider(**arn),
        lambda: iam.add_client_id_to_open_id_connect_provider(ClientID="x", **arn),
        lambda: iam.remove_client_id_from_open_id_connect_provider(ClientID="x", **arn),
        lambda: iam.update_open_id_connect_provider_thumbprint(ThumbprintList=[THUMBPRINT], **arn),
        lambda: iam.tag_open_id_connect_provider(Tags=[{"Key": "a", "Value": "b"}], **arn),
        lambda: iam.untag_open_id_connect_provider(TagKeys=["a"], **arn),
        lambda: iam.list_open_id_connect_provider_tags(**arn),
    ):
        with refused("NoSuchEntity", 404, f"OpenIDConnect Provider not found for arn {theirs}"):
            call()
    iam.delete_open_id_connect_provider(**arn)
    other.iam.get_open_id_connect_provider(**arn)


def test_making_an_oidc_provider_needs_permission(account: Account) -> None:
    """The refusal names the provider's ARN, and tagging it is another permission."""
    key = account.user("alice", allow("iam:CreateOpenIDConnectProvider"))
    iam = account.client("iam", key)
    iam.create_open_id_connect_provider(Url="https://a.example")
    with refused("AccessDenied", 403) as answer:
        iam.create_open_id_connect_provider(Url="https://b.example", Tags=[{"Key": "a", "Value": "b"}])
    arn = f"arn:aws:iam::{account.account_id}:oidc-provider/b.example"
    assert f"iam:TagOpenIDConnectProvider on resource: {arn} because" in answer["Error"]["Message"]


def test_a_web_identity(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """A token in place of a signature: credentials of the role, and who the token says that it is."""
    arn = web_role(account, oidc)
    answer = web(account, arn, oidc.token(clock.now), DurationSeconds=900)
    assert answer["SubjectFromWebIdentityToken"] == "user-1"
    assert answer["Audience"] == "app"
    assert answer["Provider"] == arn_of(account, oidc)
    assert answer["AssumedRoleUser"]["Arn"].endswith("/app1")
    assert abs((answer["Credentials"]["Expiration"] - clock.now).total_seconds() - 900) < 5
    me = account.client("sts", as_key(answer)).get_caller_identity()
    assert me["Arn"] == answer["AssumedRoleUser"]["Arn"]


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"])
def test_the_algorithms(account: Account, oidc: Oidc, clock: SteppingClock, algorithm: str) -> None:
    """RSA and ECDSA with each of their hashes (API reference)."""
    curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
    if algorithm in curves:
        oidc.key = ec.generate_private_key(curves[algorithm])
    oidc.publish({"kty": "oct", "k": "AAAA", "kid": "other"}, public_jwk(oidc.key, algorithm, "k1"))
    web(account, web_role(account, oidc), oidc.token(clock.now, algorithm=algorithm))


def test_tokens_that_are_not_believed(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """What is not signed by the provider's key, or not for us, is InvalidIdentityToken."""
    arn = web_role(account, oidc)
    good = oidc.token(clock.now)
    head, body, signature = good.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    stranger = rsa_key("stranger")
    unverifiable = (
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
        "documentation for requirements"
    )
    for token, message in (
        ("no token at all", None),
        (f"{head}.{body}.{signature[:-6]}AAAAAA", "Token signature invalid"),
        (f"{none}.{body}.", "Token signature invalid"),
        (sign_jwt(oidc.claims(clock.now), stranger, "RS256", "k1"), "Token signature invalid"),
        (oidc.token(clock.now, key_id="k2"), unverifiable),
        (oidc.token(clock.now, aud="another"), "Incorrect token audience"),
        (oidc.token(clock.now, azp="another"), "Incorrect token audience"),
        (oidc.token(clock.now, aud=["app", "another"]), "Missing a required claim: azp"),
        (oidc.token(clock.now, sub=None), "Missing a required claim: sub"),
        (oidc.token(clock.now, exp=None), "Missing a required claim: exp"),
        (oidc.token(clock.now, exp=1e10), "Missing a required claim: exp"),
        (oidc.token(clock.now, iss="https://x.example"),
         "No OpenIDConnect provider found in your account for https://x.example"),
    ):  # fmt: skip
        with refused("InvalidIdentityToken", 400, message):
            web(account, arn, token)
    web(account, arn, oidc.token(clock.now, aud=["app"]))
    web(account, arn, oidc.token(clock.now, aud=["x", "y"], azp="app"))


def test_a_hmac_under_the_public_key_is_no_signature(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """A token signed symmetrically, with what everybody knows as the secret, is not believed."""
    head, body, _ = oidc.token(clock.now).split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1"}').rstrip(b"=").decode()
    public = oidc.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signature = base64.urlsafe_b64encode(hmac.digest(public, f"{head}.{body}".encode(), "sha256")).rstrip(b"=")
    with refused("InvalidIdentityToken", 400, "Token signature invalid"):
        web(account, web_role(account, oidc), f"{head}.{body}.{signature.decode()}")


def test_a_token_has_its_time(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """Five minutes after its end a token is ExpiredTokenException; before it begins it is rejected."""
    arn = web_role(account, oidc)
    at = int(clock.now.timestamp())
    web(account, arn, oidc.token(clock.now, iat=at - 1000, exp=at - 290))
    with refused("ExpiredTokenException", 400) as answer:
        web(account, arn, oidc.token(clock.now, iat=at - 1000, exp=at - 310))
    assert answer["Error"]["Message"].startswith("Token expired: current date/time ")
    with refused("IDPRejectedClaim", 403):
        web(account, arn, oidc.token(clock.now, nbf=at + 1000))


def test_new_keys_are_found(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """A token that names a key which was not there before makes the server look again, though not at once."""
    arn = web_role(account, oidc)
    web(account, arn, oidc.token(clock.now))
    oidc.key = rsa_key("new")
    oidc.publish(public_jwk(oidc.key, "RS256", "k2"))
    with refused("InvalidIdentityToken", 400):
        web(account, arn, oidc.token(clock.now, key_id="k2"))
    clock.advance(seconds=20)
    web(account, arn, oidc.token(clock.now, key_id="k2"))


def test_the_trust_policy_decides(account: Account, other: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """A role that trusts another, one with a condition that does not hold, and one that is not there read alike."""
    token = oidc.token(clock.now)
    url = oidc.url
    users = make_role(account, "users", trust(root_of(account)))
    for arn in (users, users.replace("users", "missing")):
        with refused("AccessDenied", 403, NOT_AUTHORIZED):
            web(account, arn, token)
    web(
        account,
        web_role(account, oidc, Condition={"StringEquals": {f"{url}:sub": "user-1", f"{url}:aud": "app"}}),
        token,
    )
    with refused("AccessDenied", 403, NOT_AUTHORIZED):
        web(account, web_role(account, oidc, Condition={"StringEquals": {f"{url}:sub": "user-2"}}), token)
    foreign = make_role(other, "r", trust({"Federated": arn_of(account, oidc)}, WEB))
    with refused("InvalidIdentityToken", 400, f"No OpenIDConnect provider found in your account for https://{url}"):
        web(other, foreign, token)


def test_a_deleted_provider_is_trusted_no_more(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """Without the provider no session is made; those that are stay."""
    arn = web_role(account, oidc)
    session = as_key(web(account, arn, oidc.token(clock.now)))
    account.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn_of(account, oidc))
    with refused("InvalidIdentityToken", 400):
        web(account, arn, oidc.token(clock.now))
    account.client("sts", session).get_caller_identity()


def test_durations_of_web_identities(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """A session is no longer than its role permits."""
    arn = web_role(account, oidc)
    with refused("ValidationError", 400) as answer:
        web(account, arn, oidc.token(clock.now), DurationSeconds=3601)
    assert "exceeds the MaxSessionDuration" in answer["Error"]["Message"]


def test_tags_and_source_identity_of_a_token(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """A token may carry session tags and a source identity, if the trust policy lets it; they go on."""
    claims: dict[str, Any] = {
        "https://aws.amazon.com/tags": {"principal_tags": {"Team": ["blue"]}, "transitive_tag_keys": ["Team"]},
        "https://aws.amazon.com/source_identity": "Admin",
    }
    token = oidc.token(clock.now, **claims)
    with refused("AccessDenied", 403, "Not authorized to perform sts:TagSession"):
        web(account, web_role(account, oidc), token)
    with refused("AccessDenied", 403, "Not authorized to perform sts:SetSourceIdentity"):
        web(account, web_role(account, oidc, WEB, "sts:TagSession"), token)
    # The keys that each of the three permissions has differ (service authorization reference).
    federated = {"Effect": "Allow", "Principal": {"Federated": arn_of(account, oidc)}}
    team = {"StringEquals": {"aws:RequestTag/Team": "blue"}}
    statements = [
        {"Action": WEB, "Condition": team | {"StringLike": {"sts:RoleSessionName": "app*"}}},
        {
            "Action": "sts:TagSession",
            "Condition": team | {"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": "Team"}},
        },
        {"Action": "sts:SetSourceIdentity", "Condition": {"StringEquals": {"sts:SourceIdentity": "Admin"}}},
    ]
    every = (WEB, "sts:TagSession", "sts:SetSourceIdentity")
    arn = web_role(account, oidc, *every)
    document = json.dumps({"Version": "2012-10-17", "Statement": [federated | one for one in statements]})
    account.iam.update_assume_role_policy(RoleName=arn.rpartition("/")[2], PolicyDocument=document)
    account.iam.put_role_policy(RoleName=arn.rpartition("/")[2], PolicyName="p", PolicyDocument=allow("sts:*"))
    answer = web(account, arn, token)
    assert answer["SourceIdentity"] == "Admin"
    document = allow(
        "iam:ListUsers", Condition={"StringEquals": {"aws:PrincipalTag/Team": "blue", "aws:SourceIdentity": "Admin"}}
    )
    chained = make_role(
        account, "chained", trust({"AWS": arn}, "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"), document
    )
    account.client("iam", assume(account, chained, as_key(answer))).list_users()
    flat = {"https://aws.amazon.com/tags/principal_tags/Team": "blue"}
    web(account, web_role(account, oidc, WEB, "sts:TagSession", Condition=team),
        oidc.token(clock.now, **flat))  # fmt: skip


def test_a_session_remembers_its_provider(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """What the token said of its subject is a context key of the session, with the provider's name."""
    arn = web_role(account, oidc)
    condition = {"StringEquals": {f"{oidc.url}:sub": "user-1", "aws:FederatedProvider": arn_of(account, oidc)}}
    name = arn.rpartition("/")[2]
    document = allow("iam:ListUsers", Condition=condition)
    account.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    account.client("iam", as_key(web(account, arn, oidc.token(clock.now)))).list_users()
    with refused("AccessDenied", 403):
        account.client("iam", as_key(web(account, arn, oidc.token(clock.now, sub="user-2")))).list_users()


def test_claims_that_are_keys_for_some_providers(server: Server, account: Account, clock: SteppingClock) -> None:
    """GitHub's repository is a context key, as in the service authorization reference; another's is none."""
    github = Oidc("token.actions.githubusercontent.com", server.key_sets)
    account.iam.create_open_id_connect_provider(Url=f"https://{github.url}", ClientIDList=["app"])
    condition = {"StringEquals": {f"{github.url}:repository": "o/r"}}
    token = github.token(clock.now, repository="o/r", other="o/r")
    web(account, web_role(account, github, Condition=condition), token)
    with refused("AccessDenied", 403):
        web(account, web_role(account, github, Condition={"StringEquals": {f"{github.url}:other": "o/r"}}), token)


@pytest.mark.parametrize("as_list", [False, True])
def test_a_token_may_be_for_some_roles_alone(
    account: Account, oidc: Oidc, clock: SteppingClock, *, as_list: bool
) -> None:
    """A token that names roles is refused for every other, and a role may insist on being named."""
    plain, strict, denying = (
        web_role(account, oidc, Condition={"Bool": {"sts:RoleAuthorizedByIdp": needed}})
        if needed is not None
        else web_role(account, oidc)
        for needed in (None, "true", "false")
    )
    unbound = oidc.token(clock.now)
    web(account, plain, unbound)
    web(account, denying, unbound)
    with refused("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity"):
        web(account, strict, unbound)

    def bound_to(roles: Any) -> str:
        claims: dict[str, Any] = {"https://aws.amazon.com/roles": roles}
        return oidc.token(clock.now, **claims)

    bound = bound_to([plain, strict] if as_list else strict)
    web(account, strict, bound)
    message = "The target role ARN is not present in the roles claim of the identity token"
    with refused("InvalidIdentityToken", 400, message):
        web(account, denying, bound)
    wrong: list[Any] = [[], strict.rpartition("/")[0] + "/*", {strict: True}, 1]
    for roles in wrong:
        with refused("InvalidIdentityToken", 400, message):
            web(account, strict, bound_to(roles))


def test_other_providers_access_tokens(account: Account, oidc: Oidc) -> None:
    """Only AWS can ask Amazon and Facebook about their access tokens."""
    with refused("IDPCommunicationError", 400):
        web(account, web_role(account, oidc), "Atza|token", ProviderId="www.amazon.com")


def test_a_web_identity_in_the_trail(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """The call itself is the web identity's, what follows the role session's; the token is in neither."""
    arn = web_role(account, oidc)
    token = oidc.token(clock.now)
    session = as_key(web(account, arn, token))
    account.client("sts", session).get_caller_identity()
    made = events(account, "AssumeRoleWithWebIdentity")[0]
    provider = arn_of(account, oidc)
    assert made["userIdentity"] == {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:app:user-1",
        "userName": "user-1",
        "identityProvider": provider,
    }
    assert made["responseElements"]["subjectFromWebIdentityToken"] == "user-1"
    assert made["readOnly"] is True
    assert token not in str(made)
    identity = events(account, "GetCallerIdentity")[0]["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["sessionContext"]["webIdFederationData"]["federatedProvider"] == provider
    with refused("AccessDenied", 403):
        web(account, arn.replace("/web", "/bew"), token)
    assert events(account, "AssumeRoleWithWebIdentity")[0]["errorCode"] == "AccessDenied"


def test_a_signature_is_not_looked_at(account: Account, oidc: Oidc, clock: SteppingClock) -> None:
    """An operation that needs no signature is not refused for a wrong one."""
    wrong = account.admin._replace(secret="x" * 40)
    arn = web_role(account, oidc)
    sts = account.client("sts", wrong)
    sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="ab", WebIdentityToken=oidc.token(clock.now))


PROVIDER_NAME = "MySAMLIdP"
WITH_SAML = "sts:AssumeRoleWithSAML"


@pytest.fixture(scope="module")
def saml() -> Saml:
    """A SAML provider."""
    return Saml()


@pytest.fixture
def saml_arn(account: Account, saml: Saml) -> str:
    """The provider as the account trusts it."""
    made = account.iam.create_saml_provider(Name=PROVIDER_NAME, SAMLMetadataDocument=saml.metadata)
    arn: str = made["SAMLProviderArn"]
    return arn


def saml_role(account: Account, provider_arn: str, *actions: str, **more: Any) -> str:
    """Make a role that trusts a SAML provider."""
    condition = more or {"Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}
    name = f"saml-{secrets.token_hex(4)}"
    return make_role(account, name, trust({"Federated": provider_arn}, *(actions or (WITH_SAML,)), **condition))


def attributes(role_arn: str, provider_arn: str, **more: list[str]) -> dict[str, list[str]]:
    """Write the attributes that AWS asks for."""
    values = {"Role": [f"{role_arn},{provider_arn}"], "RoleSessionName": ["bob@example.com"]} | more
    return {f"{ATTRIBUTES}{name}": value for name, value in values.items()}


def with_saml(account: Account, role_arn: str, provider_arn: str, xml: str, **more: Any) -> dict[str, Any]:
    """Assume a role by a response, without any signature of ours."""
    sts = account.server.client("sts", None)
    answer: dict[str, Any] = sts.assume_role_with_saml(
        RoleArn=role_arn, PrincipalArn=provider_arn, SAMLAssertion=encode(xml), **more
    )
    return answer


def test_a_saml_provider_is_what_was_given(account: Account, saml: Saml, clock: SteppingClock) -> None:
    """A provider is described with its metadata, an id and the century until which it counts."""
    iam = account.iam
    made = iam.create_saml_provider(
        Name=PROVIDER_NAME, SAMLMetadataDocument=saml.metadata, Tags=[{"Key": "a", "Value": "b"}]
    )
    arn = made["SAMLProviderArn"]
    assert arn == f"arn:aws:iam::{account.account_id}:saml-provider/{PROVIDER_NAME}"
    found = iam.get_saml_provider(SAMLProviderArn=arn)
    assert (found["SAMLMetadataDocument"], found["Tags"]) == (saml.metadata, [{"Key": "a", "Value": "b"}])
    assert found["ValidUntil"].year == clock.now.year + 100
    assert 22 <= len(found["SAMLProviderUUID"]) <= 64
    listed = iam.list_saml_providers()["SAMLProviderList"]
    assert [(one["Arn"], one["ValidUntil"]) for one in listed] == [(arn, found["ValidUntil"])]
    with refused("EntityAlreadyExists", 409):
        iam.create_saml_provider(Name=PROVIDER_NAME, SAMLMetadataDocument=saml.metadata)
    iam.delete_saml_provider(SAMLProviderArn=arn)
    with refused("NoSuchEntity", 404, f"Manifest not found for arn {arn}"):
        iam.get_saml_provider(SAMLProviderArn=arn)


def test_what_is_no_metadata(account: Account, saml: Saml) -> None:
    """A document without a provider, with a broken certificate, a document type or a byte order mark is refused."""
    good = saml.metadata
    for document in (
        "x" * 1000,
        good.replace("EntityDescriptor", "Descriptor"),
        good.replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
        good.replace("X509Certificate>", "X509Certificate>AAAA", 1),
        good.replace('use="signing"', 'use="encryption"'),
        good.replace("<md:Entity", '<!DOCTYPE x [<!ENTITY e "e">]><md:Entity', 1),
        "\ufeff" + good,
    ):
        with refused("InvalidInput", 400, "Could not parse metadata"):
            account.iam.create_saml_provider(Name="x", SAMLMetadataDocument=document)


def test_metadata_says_until_when(account: Account, saml: Saml) -> None:
    """A validUntil in the metadata is the provider's."""
    document = saml.metadata.replace("entityID=", 'validUntil="2030-01-02T03:04:05Z" entityID=')
    made = account.iam.create_saml_provider(Name="x", SAMLMetadataDocument=document)
    found = account.iam.get_saml_provider(SAMLProviderArn=made["SAMLProviderArn"])
    assert found["ValidUntil"].isoformat() == "2030-01-02T03:04:05+00:00"


def test_a_providers_metadata_expires(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """After its validUntil a provider vouches for nobody, until it has newer metadata."""
    role = saml_role(account, saml_arn)

    def sign_in() -> None:
        assertion = saml.assertion(clock.now, attributes(role, saml_arn))
        with_saml(account, role, saml_arn, saml.sign(saml.response(assertion)))

    ends_at = (clock.now + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = saml.metadata.replace("entityID=", f'validUntil="{ends_at}" entityID=')
    account.iam.update_saml_provider(SAMLProviderArn=saml_arn, SAMLMetadataDocument=document)
    sign_in()
    clock.advance(minutes=2)
    with refused("InvalidIdentityToken", 400, "The metadata of the specified provider has expired"):
        sign_in()
    account.iam.update_saml_provider(SAMLProviderArn=saml_arn, SAMLMetadataDocument=saml.metadata)
    sign_in()


def pem(key: rsa.RSAPrivateKey) -> str:
    """Write a private key as PEM."""
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def test_a_saml_providers_private_keys(account: Account, saml_arn: str) -> None:
    """Two keys at most, so that one can follow the other; they are in no answer and no event."""
    iam = account.iam
    first, second = (pem(rsa_key(name)) for name in ("first", "second"))
    with refused("InvalidInput", 400):
        iam.update_saml_provider(SAMLProviderArn=saml_arn, AssertionEncryptionMode="Required")
    iam.update_saml_provider(SAMLProviderArn=saml_arn, AssertionEncryptionMode="Required", AddPrivateKey=first)
    iam.update_saml_provider(SAMLProviderArn=saml_arn, AddPrivateKey=second)
    with refused("LimitExceeded", 409):
        iam.update_saml_provider(SAMLProviderArn=saml_arn, AddPrivateKey=first)
    found = iam.get_saml_provider(SAMLProviderArn=saml_arn)
    assert found["AssertionEncryptionMode"] == "Required"
    keys = [key["KeyId"] for key in found["PrivateKeyList"]]
    assert len(keys) == 2
    iam.update_saml_provider(SAMLProviderArn=saml_arn, RemovePrivateKey=keys[0])
    with refused("InvalidInput", 400):
        iam.update_saml_provider(SAMLProviderArn=saml_arn, RemovePrivateKey=keys[1])
    with refused("NoSuchEntity", 404):
        iam.update_saml_provider(SAMLProviderArn=saml_arn, RemovePrivateKey=keys[0])
    with refused("InvalidInput", 400):
        iam.update_saml_provider(SAMLProviderArn=saml_arn, AddPrivateKey="no key")
    assert "PRIVATE KEY" not in str(events(account, "UpdateSAMLProvider")) + str(found)


def test_saml_provider_tags_and_strangers(account: Account, other: Account, saml_arn: str, saml: Saml) -> None:
    """Tags are set, listed and removed; another account's provider is not there."""
    arn = {"SAMLProviderArn": saml_arn}
    account.iam.tag_saml_provider(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], **arn)
    account.iam.untag_saml_provider(TagKeys=["a"], **arn)
    assert account.iam.list_saml_provider_tags(**arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    iam = other.iam
    for call in (
        lambda: iam.get_saml_provider(**arn),
        lambda: iam.update_saml_provider(SAMLMetadataDocument=saml.metadata, **arn),
        lambda: iam.delete_saml_provider(**arn),
        lambda: iam.tag_saml_provider(Tags=[{"Key": "a", "Value": "b"}], **arn),
        lambda: iam.untag_saml_provider(TagKeys=["a"], **arn),
        lambda: iam.list_saml_provider_tags(**arn),
    ):
        with refused("NoSuchEntity", 404, f"Manifest not found for arn {saml_arn}"):
            call()


@pytest.mark.parametrize("signed", ["response", "assertion", "both"])
def test_a_saml_session(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock, signed: str) -> None:
    """A response that is signed, as a whole or in its assertion, makes credentials of the role."""
    role = saml_role(account, saml_arn)
    assertion = saml.assertion(clock.now, attributes(role, saml_arn))
    xml = saml.response(assertion if signed == "response" else saml.sign(assertion))
    answer = with_saml(account, role, saml_arn, xml if signed == "assertion" else saml.sign(xml))
    assert (answer["Subject"], answer["SubjectType"]) == ("user-1", "persistent")
    assert (answer["Issuer"], answer["Audience"]) == (saml.entity_id, "https://signin.aws.amazon.com/saml")
    text = f"{saml.entity_id}{account.account_id}/{PROVIDER_NAME}".encode()
    assert answer["NameQualifier"] == base64.b64encode(hashlib.sha1(text).digest()).decode()
    assert answer["AssumedRoleUser"]["Arn"].endswith("/bob@example.com")
    account.client("sts", as_key(answer)).get_caller_identity()


def test_responses_that_are_not_believed(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """Not signed, signed by another, changed after it was signed: none is believed."""
    role = saml_role(account, saml_arn)
    plain = saml.assertion(clock.now, attributes(role, saml_arn))
    signed = saml.sign(plain)
    stranger = Saml(key="stranger")
    invalid = "Response signature invalid"
    for xml, message in (
        ("no xml", "Invalid SAML response"),
        ("<x/>", "Invalid SAML response"),
        ('<!DOCTYPE x [<!ENTITY e "e">]>' + saml.response(signed), "Invalid SAML response"),
        (saml.response(plain), invalid),
        (stranger.response(stranger.sign(plain)), invalid),
        (saml.response(signed.replace("user-1", "user-2")), invalid),
        (saml.sign(saml.response(plain)).replace("user-1", "user-2"), invalid),
        (saml.response(signed + plain.replace("_a1", "_a2")), "SAML response must contain 1 assertion"),
        (saml.sign(saml.response(plain, "Requester")), "The SAML response does not report success"),
        (saml.sign(saml.response("")), "SAML response must contain 1 assertion"),
    ):
        with refused("InvalidIdentityToken", 400, message):
            with_saml(account, role, saml_arn, xml)
    sts = account.server.client("sts", None)
    with refused("InvalidIdentityToken", 400, "Invalid base64 SAMLResponse"):
        sts.assume_role_with_saml(RoleArn=role, PrincipalArn=saml_arn, SAMLAssertion="%%%%")


def test_a_signature_does_not_cover_what_is_wrapped_around_it(
    account: Account, saml: Saml, saml_arn: str, clock: SteppingClock
) -> None:
    """A signed assertion hidden inside a forged one, or a forged one beside it, does not lend it its signature."""
    role = saml_role(account, saml_arn)
    signed = saml.sign(saml.assertion(clock.now, attributes(role, saml_arn)))
    forged = saml.assertion(clock.now, attributes(role, saml_arn)).replace("user-1", "root").replace("_a1", "_evil")
    signature = signed[signed.index("<ds:Signature") : signed.index("</ds:Signature>") + len("</ds:Signature>")]
    bare = signed.replace(signature, "")
    wrapped_object = signature.replace("</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>")
    for inside in (
        forged.replace("</saml:Assertion>", f"{signed}</saml:Assertion>"),
        forged.replace("</saml:Assertion>", f"{signature}</saml:Assertion>"),
        forged.replace("</saml:Assertion>", f"{wrapped_object}</saml:Assertion>"),
        forged.replace("_evil", "_a1").replace("</saml:Assertion>", f"{signature}</saml:Assertion>"),
        forged.replace("_evil", "_a1").replace("</saml:Assertion>", f"{signature}{bare}</saml:Assertion>"),
    ):
        with refused("InvalidIdentityToken", 400):
            with_saml(account, role, saml_arn, saml.response(inside))


def test_a_comment_does_not_cut_a_name(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """A comment, which canonicalisation leaves out of what is signed, does not shorten what is read."""
    role = saml_role(account, saml_arn)
    assertion = saml.assertion(clock.now, attributes(role, saml_arn)).replace("user-1", "admin.evil")
    xml = saml.response(saml.sign(assertion)).replace("admin.evil", "admin<!---->.evil")
    assert with_saml(account, role, saml_arn, xml)["Subject"] == "admin.evil"


def test_a_comment_in_what_is_decrypted(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """An assertion that is decrypted keeps its comments: every value of it is read whole all the same."""
    key = rsa_key("decrypts")
    account.iam.update_saml_provider(
        SAMLProviderArn=saml_arn, AddPrivateKey=pem(key), AssertionEncryptionMode="Allowed"
    )
    role = saml_role(account, saml_arn)
    given = saml.assertion(clock.now, attributes(role, saml_arn))
    commented = given.replace("user-1", "admin<!---->.evil").replace(">bob@", ">b<!---->ob@")
    commented = commented.replace(">urn:amazon:", ">urn:<!---->amazon:").replace(">arn:aws", ">arn<!---->:aws")
    commented = commented.replace(f">{saml.entity_id}", f">{saml.entity_id[:9]}<!---->{saml.entity_id[9:]}")
    xml = saml.sign(saml.response(encrypt_assertion(commented, key.public_key())))
    assert commented.count("<!---->") == 5
    answer = with_saml(account, role, saml_arn, xml)
    assert (answer["Subject"], answer["Issuer"]) == ("admin.evil", saml.entity_id)
    assert answer["AssumedRoleUser"]["Arn"].endswith("/bob@example.com")


def test_conditions_of_a_response(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """A response is good for five minutes, for AWS, and for who is named in it."""
    role = saml_role(account, saml_arn)
    named = attributes(role, saml_arn)

    def ask(at: Any = None, given: dict[str, list[str]] = named, **more: Any) -> dict[str, Any]:
        xml = saml.response(saml.sign(saml.assertion(at or clock.now, given, **more)))
        return with_saml(account, role, saml_arn, xml)

    ask()
    with refused("ExpiredTokenException", 400, "Token must be redeemed within 5 minutes of issuance"):
        ask(clock.now - timedelta(minutes=6), ends=clock.now + timedelta(minutes=9))
    with refused("ExpiredTokenException", 400):
        ask(ends=clock.now - timedelta(seconds=1))
    for message, parameters in (
        (None, {"at": clock.now + timedelta(minutes=9)}),
        (None, {"audience": "https://another.example"}),
        ("Issuer not present in specified provider", {"issuer": "https://another.example"}),
        ("RoleSessionName is required in AuthnResponse", {"given": {f"{ATTRIBUTES}Role": named[f"{ATTRIBUTES}Role"]}}),
        (
            "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}",
            {"given": attributes(role, saml_arn, RoleSessionName=["a b"])},
        ),
        (
            "SAML Assertion doesn't contain the requested Role and Metadata in the attributes",
            {"given": attributes(role + "x", saml_arn)},
        ),
    ):
        with refused("InvalidIdentityToken", 400, message):
            ask(**parameters)
    with refused("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithSAML"):
        ask(name_id="")


def test_whom_a_saml_response_is_brought_to(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """A provider that is not there, a role that does not trust it, a condition that does not hold."""
    trusting = saml_role(account, saml_arn)
    missing = saml_arn + "x"
    xml = saml.response(saml.sign(saml.assertion(clock.now, attributes(trusting, missing))))
    with refused("InvalidIdentityToken", 400, "Specified provider doesn't exist"):
        with_saml(account, trusting, missing, xml)
    users = make_role(account, "users", trust(root_of(account)))
    picky = saml_role(account, saml_arn, Condition={"StringEquals": {"saml:sub_type": "transient"}})
    for role in (users, picky, users + "x"):
        xml = saml.response(saml.sign(saml.assertion(clock.now, attributes(role, saml_arn))))
        with refused("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithSAML"):
            with_saml(account, role, saml_arn, xml)


def test_a_saml_provider_is_for_its_own_account(
    account: Account, other: Account, saml: Saml, saml_arn: str, clock: SteppingClock
) -> None:
    """A role of another account that names the provider does not take its word."""
    foreign = saml_role(other, saml_arn)
    xml = saml.response(saml.sign(saml.assertion(clock.now, attributes(foreign, saml_arn))))
    with refused("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithSAML"):
        with_saml(other, foreign, saml_arn, xml)


def test_what_a_saml_response_carries(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """Tags, a source identity, eduPerson attributes and the end of the provider's session are taken over."""
    every = (WITH_SAML, "sts:TagSession", "sts:SetSourceIdentity")
    affiliation = "urn:oid:1.3.6.1.4.1.5923.1.1.1.1"
    condition = {
        "StringEquals": {"saml:sub": "user-1"},
        "ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "staff"},
    }
    role = saml_role(account, saml_arn, *every, Condition=condition)
    given = attributes(role, saml_arn, SourceIdentity=["bob"], TransitiveTagKeys=["Team"]) | {
        f"{ATTRIBUTES}PrincipalTag:Team": ["blue"],
        affiliation: ["member", "staff"],
    }
    ends = clock.now + timedelta(minutes=30)
    session = f'SessionNotOnOrAfter="{ends:%Y-%m-%dT%H:%M:%SZ}"'
    xml = saml.response(saml.sign(saml.assertion(clock.now, given, session=session)))
    answer = with_saml(account, role, saml_arn, xml)
    assert answer["SourceIdentity"] == "bob"
    assert answer["Credentials"]["Expiration"] == ends.replace(microsecond=0)
    document = allow(
        "iam:ListUsers", Condition={"StringEquals": {"aws:PrincipalTag/Team": "blue", "saml:sub": "user-1"}}
    )
    account.iam.put_role_policy(RoleName=role.rpartition("/")[2], PolicyName="p", PolicyDocument=document)
    account.client("iam", as_key(answer)).list_users()


def test_an_encrypted_assertion(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """An assertion that is encrypted for the account is taken, and where that is required no other."""
    key = rsa_key("decrypts")
    role = saml_role(account, saml_arn)
    signed = saml.sign(saml.assertion(clock.now, attributes(role, saml_arn)))
    encrypted = saml.response(encrypt_assertion(signed, key.public_key()))
    with refused("InvalidIdentityToken", 400, "SAML assertion could not be decrypted"):
        with_saml(account, role, saml_arn, encrypted)
    account.iam.update_saml_provider(
        SAMLProviderArn=saml_arn, AddPrivateKey=pem(key), AssertionEncryptionMode="Required"
    )
    assert with_saml(account, role, saml_arn, encrypted)["Subject"] == "user-1"
    with refused("InvalidIdentityToken", 400, "SAML assertion must be encrypted"):
        with_saml(account, role, saml_arn, saml.response(signed))
    unsigned = encrypt_assertion(saml.assertion(clock.now, attributes(role, saml_arn)), key.public_key())
    with refused("InvalidIdentityToken", 400, "Response signature invalid"):
        with_saml(account, role, saml_arn, saml.response(unsigned))
    assert with_saml(account, role, saml_arn, saml.sign(saml.response(unsigned)))["Subject"] == "user-1"


def test_a_saml_user_in_the_trail(account: Account, saml: Saml, saml_arn: str, clock: SteppingClock) -> None:
    """The call itself is the SAML user's, and the response that was brought is not in it."""
    role = saml_role(account, saml_arn)
    xml = saml.response(saml.sign(saml.assertion(clock.now, attributes(role, saml_arn))))
    answer = with_saml(account, role, saml_arn, xml)
    made = events(account, "AssumeRoleWithSAML")[0]
    assert made["userIdentity"] == {
        "type": "SAMLUser",
        "principalId": f"{answer['NameQualifier']}:user-1",
        "userName": "user-1",
        "identityProvider": answer["NameQualifier"],
    }
    assert encode(xml) not in str(made)
    assert made["responseElements"]["subject"] == "user-1"
