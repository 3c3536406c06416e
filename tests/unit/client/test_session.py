"""Which profile and region count, and what a failed call is said to mean."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from keywright.aws.secret import Secret
from keywright.client.session import SignInError, is_refusal, reason, sign_in, sign_in_with
from tests.unit.client.conftest import Home

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
NO_FLAGS = {"profile": None, "region": None, "endpoint_url": None}
FILES = "".join(
    f"[{name}]\naws_access_key_id = AKIA{name.upper() * 16}\naws_secret_access_key = {SECRET}\n"
    f"region = {name}-{name}-1\n"
    for name in "ab"
)


def key_and_region(**flags: str) -> tuple[str, str]:
    """Sign in, and give the key's last letter and the region."""
    signed_in = sign_in(NO_FLAGS | flags)
    return signed_in.session.get_credentials().access_key[-1], signed_in.region


def test_variables_count_as_for_the_aws_cli(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_PROFILE comes before AWS_DEFAULT_PROFILE, and AWS_REGION before AWS_DEFAULT_REGION: boto3 does otherwise."""
    home.place(credentials=FILES)
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "b")
    assert key_and_region() == ("B", "b-b-1")
    monkeypatch.setenv("AWS_PROFILE", "a")
    assert key_and_region() == ("A", "a-a-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "x-x-1")
    assert key_and_region() == ("A", "x-x-1")
    monkeypatch.setenv("AWS_REGION", "y-y-1")
    assert key_and_region() == ("A", "y-y-1")
    assert key_and_region(profile="b", region="z-z-1") == ("B", "z-z-1")


def test_a_key_of_the_environment_beats_aws_profile_not_the_flag(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of the environment win over AWS_PROFILE and lose to --profile, as with every tool."""
    home.place(credentials=FILES)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA" + "E" * 16)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_PROFILE", "a")
    assert key_and_region()[0] == "E"
    assert key_and_region(profile="a")[0] == "A"


@pytest.mark.parametrize(
    ("credentials", "profile", "why"),
    [
        ("", None, "no credentials for the profile default"),
        ("", "nope", "profiles list"),
        ("[a]\n[a]\n", None, "profiles lint"),
        ("[a]\naws_access_key_id = AKIAX\n", "a", "aws_secret_access_key"),
    ],
)
def test_what_keeps_one_from_signing_in(home: Home, credentials: str, profile: str | None, why: str) -> None:
    """Each way of having no credentials is said in words that lead on."""
    home.place(credentials=credentials)
    with pytest.raises(SignInError, match=why):
        sign_in(NO_FLAGS | {"profile": profile})


def test_a_key_by_itself(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is in no file is used whatever the files and variables say, broken ones too."""
    home.place(config="[a]\n[a]\n", credentials="broken")
    monkeypatch.setenv("AWS_PROFILE", "nope")
    signed_in = sign_in_with("AKIAX", Secret(SECRET), None, "http://127.0.0.1:1")
    assert (signed_in.session.get_credentials().access_key, signed_in.region) == ("AKIAX", "us-east-1")
    assert signed_in.client("sts").meta.endpoint_url == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("InvalidClientTokenId", "The security token included in the request is invalid.", "inactive"),
        ("SignatureDoesNotMatch", "The request signature we calculated", "secret is not this key's"),
        ("SignatureDoesNotMatch", "Signature expired: 20230822T072529Z is now earlier", "clock"),
        ("SignatureDoesNotMatch", "Signature not yet current: 20230822T072529Z", "clock"),
        ("ExpiredToken", "The security token included in the request is expired", "get new ones"),
        ("AccessDenied", "User: x is not authorized", "not authorized"),
    ],
)
def test_reasons(code: str, message: str, hint: str) -> None:
    """A refusal keeps the service's code and words, and adds what it means."""
    error = ClientError({"Error": {"Code": code, "Message": message}}, "GetCallerIdentity")
    assert reason(error).startswith(f"{code}: {message}")
    assert hint in reason(error)
    assert is_refusal(error)
    assert not is_refusal(EndpointConnectionError(endpoint_url="http://x"))
