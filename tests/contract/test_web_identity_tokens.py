"""GetWebIdentityToken by boto3: an account vouches for its principals, and anyone can verify it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keywright.identity.jwt import read_jwt, verify_jwt
from tests.contract.expect import allow, deny, refused
from tests.contract.in_process import ENDPOINT, Account, Server, SteppingClock
from tests.contract.roles import as_key, assume, events, make_role, root_of, trust

NAMESPACE = "https://sts.amazonaws.com/"


def get(server: Server, url: str) -> Any:
    """Read a document as anyone may."""
    reply = server.send("GET", url, [])
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json"), reply.body
    return json.loads(reply.body)


def verified(server: Server, issuer: str, token: str) -> dict[str, Any]:
    """Verify a token as another service would, from nothing but its issuer's address."""
    discovery = get(server, f"{issuer}/.well-known/openid-configuration")
    assert discovery["issuer"] == issuer
    jwt = read_jwt(token)
    assert jwt.algorithm in discovery["id_token_signing_alg_values_supported"]
    assert verify_jwt(jwt, get(server, discovery["jwks_uri"])["keys"])
    return dict(jwt.claims)


@pytest.fixture
def issuer(account: Account) -> str:
    """The address at which the account's tokens are verified."""
    made: str = account.iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    return made


@pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
def test_a_token_of_a_user(account: Account, server: Server, issuer: str, clock: SteppingClock, algorithm: str) -> None:
    """Both algorithms' tokens verify, and say who asked, from where, for whom and until when."""
    account.iam.tag_user(UserName="admin", Tags=[{"Key": "Team", "Value": "blue"}])
    answer = account.client("sts", region="eu-west-1").get_web_identity_token(
        Audience=["https://api.example"], SigningAlgorithm=algorithm, Tags=[{"Key": "job", "Value": "7"}]
    )
    claims = verified(server, issuer, answer["WebIdentityToken"])
    arn = f"arn:aws:iam::{account.account_id}:user/admin"
    assert (claims["iss"], claims["aud"], claims["sub"]) == (issuer, "https://api.example", arn)
    assert claims["exp"] - claims["iat"] == 300
    assert claims["exp"] == int(answer["Expiration"].timestamp())
    assert claims[NAMESPACE] == {
        "aws_account": account.account_id,
        "source_region": "eu-west-1",
        "principal_id": arn,
        "principal_tags": {"Team": "blue"},
        "request_tags": {"job": "7"},
    }


def test_a_token_of_a_role(account: Account, server: Server, issuer: str) -> None:
    """A session's token is about its role, and cannot outlive the session."""
    arn = make_role(account, "r", trust(root_of(account)), allow("sts:GetWebIdentityToken"))
    sts = account.client("sts", assume(account, arn, DurationSeconds=900))
    asked = {"Audience": ["a", "b"], "SigningAlgorithm": "ES384"}
    claims = verified(server, issuer, sts.get_web_identity_token(**asked)["WebIdentityToken"])
    assert (claims["sub"], claims["aud"]) == (arn, ["a", "b"])
    assert "original_session_exp" in claims[NAMESPACE]
    with refused("SessionDurationEscalationException", 403):
        sts.get_web_identity_token(DurationSeconds=901, **asked)


def test_a_token_of_a_users_session(account: Account, server: Server, issuer: str) -> None:
    """GetSessionToken's credentials get a token, which is about the user and ends no later than they do."""
    sts = account.client("sts", as_key(account.client("sts").get_session_token(DurationSeconds=900)))
    asked = {"Audience": ["a"], "SigningAlgorithm": "ES384"}
    claims = verified(server, issuer, sts.get_web_identity_token(**asked)["WebIdentityToken"])
    assert claims["sub"] == f"arn:aws:iam::{account.account_id}:user/admin"
    assert "original_session_exp" in claims[NAMESPACE]
    with refused("SessionDurationEscalationException", 403):
        sts.get_web_identity_token(DurationSeconds=901, **asked)


def test_it_must_be_turned_on(account: Account) -> None:
    """Until the account vouches at all, it vouches for nobody."""
    with refused("OutboundWebIdentityFederationDisabledException", 403):
        account.client("sts").get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256")
    with refused("FeatureDisabled", 404):
        account.iam.get_outbound_web_identity_federation_info()
    with refused("FeatureDisabled", 404):
        account.iam.disable_outbound_web_identity_federation()


def test_turning_it_off_and_on(account: Account, server: Server, issuer: str) -> None:
    """Off, no token is issued, and those that are out still verify; on again, the address is the same."""
    sts, iam = account.client("sts"), account.iam
    token = sts.get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256")["WebIdentityToken"]
    with refused("FeatureEnabled", 409):
        iam.enable_outbound_web_identity_federation()
    info = iam.get_outbound_web_identity_federation_info()
    assert (info["IssuerIdentifier"], info["JwtVendingEnabled"]) == (issuer, True)
    iam.disable_outbound_web_identity_federation()
    with refused("OutboundWebIdentityFederationDisabledException", 403):
        sts.get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256")
    verified(server, issuer, token)
    assert iam.enable_outbound_web_identity_federation()["IssuerIdentifier"] == issuer


def test_what_is_refused(account: Account, issuer: str) -> None:
    """Other algorithms, too many claims, and tags against the rules."""
    sts = account.client("sts")
    with refused("ValidationError", 400):
        sts.get_web_identity_token(Audience=["a"], SigningAlgorithm="HS256")
    tags = [{"Key": f"k{number}", "Value": "v" * 256} for number in range(50)]
    with refused("JWTPayloadSizeExceededException", 400):
        sts.get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256", Tags=tags)
    twice = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    with refused("InvalidParameterValue", 400):
        sts.get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256", Tags=twice)


def test_permissions(account: Account, issuer: str) -> None:
    """Audience, algorithm and duration are condition keys, and tagging is a permission of its own."""
    condition = {
        "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": "https://api.example"},
        "StringEquals": {"sts:SigningAlgorithm": "ES384"},
        "NumericLessThanEquals": {"sts:DurationSeconds": "300"},
    }
    sts = account.client("sts", account.user("alice", allow("sts:GetWebIdentityToken", Condition=condition)))
    good = {"Audience": ["https://api.example"], "SigningAlgorithm": "ES384", "DurationSeconds": 300}
    sts.get_web_identity_token(**good)
    for wrong in (
        {"Audience": ["https://api.example", "https://another.example"]},
        {"SigningAlgorithm": "RS256"},
        {"DurationSeconds": 301},
    ):
        with refused("AccessDenied", 403):
            sts.get_web_identity_token(**(good | wrong))
    with refused("AccessDenied", 403) as answer:
        sts.get_web_identity_token(Tags=[{"Key": "a", "Value": "b"}], **good)
    assert "sts:TagGetWebIdentityToken" in answer["Error"]["Message"]


def test_each_account_has_its_own_issuer(account: Account, other: Account, server: Server, issuer: str) -> None:
    """One account's keys do not verify another's tokens."""
    theirs = other.iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    token = other.client("sts").get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256")["WebIdentityToken"]
    verified(server, theirs, token)
    assert not verify_jwt(read_jwt(token), get(server, f"{issuer}/.well-known/jwks.json")["keys"])


@pytest.mark.parametrize("path", ["/web-identity/none/.well-known/jwks.json", "/web-identity/", "/web-identity/x/y"])
def test_an_issuer_that_is_not_there(server: Server, path: str) -> None:
    """An address of no issuer's is not found."""
    assert server.send("GET", ENDPOINT + path, []).status == 404


def test_private_keys_stay_private(account: Account, server: Server, issuer: str) -> None:
    """What is served and what the trail keeps holds nothing that signs."""
    for key in get(server, f"{issuer}/.well-known/jwks.json")["keys"]:
        assert key.keys() <= {"kid", "use", "alg", "kty", "n", "e", "crv", "x", "y"}
    token = account.client("sts").get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256")["WebIdentityToken"]
    made = events(account, "GetWebIdentityToken")[0]
    assert token not in str(made)
    assert made["requestParameters"] == {"audience": ["a"], "signingAlgorithm": "RS256"}
    assert "PRIVATE" not in str(events(account, "EnableOutboundWebIdentityFederation"))


def test_it_needs_permission(account: Account) -> None:
    """Turning it on is a permission like others."""
    iam = account.client("iam", account.user("alice", deny("iam:*")))
    for call in (
        iam.enable_outbound_web_identity_federation,
        iam.get_outbound_web_identity_federation_info,
        iam.disable_outbound_web_identity_federation,
    ):
        with refused("AccessDenied", 403):
            call()
