"""
Sign in as the AWS CLI v2 does: which profile and region count, and why a call failed, in words.

AWS: botocore by itself reads AWS_DEFAULT_PROFILE before AWS_PROFILE, and not AWS_REGION (facts §7).
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import botocore.exceptions
from botocore.config import Config
from botocore.session import Session

from keywright.aws.secret import Secret
from keywright.client.answers import shown_url, watch_answers
from keywright.client.call_errors import Meaning, meaning_of
from keywright.client.errors import UnreachableError
from keywright.client.source_process import PATIENCE_SECONDS, explain_processes

_VARIABLES: Final = {
    "profile": (None, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], None, None),
    "region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None),
}
_DEFAULT_REGION: Final = "us-east-1"
_CONFIG: Final = Config(
    connect_timeout=10,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra="keywright",
)

_NOT_OFFERED: Final = frozenset(
    {"InvalidAction", "UnknownOperation", "UnknownOperationException", "NotImplemented", "NotImplementedException"}
)
"""Codes of a service that does not know an operation, or does not have it."""
_TLS_OR_PROXY: Final = "where it speaks TLS, write https:// in --endpoint-url or AWS_ENDPOINT_URL"


class SignInError(UnreachableError):
    """There are no credentials that can be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who calls, and from where."""

    session: Session
    region: str
    endpoint_url: str | None

    def client(self, service: str, config: Config = _CONFIG) -> Any:
        """
        Make a client of a service.

        Raises: SignInError.
        """
        try:
            return self.session.create_client(
                service, region_name=self.region, endpoint_url=self.endpoint_url, config=config
            )
        except (ValueError, botocore.exceptions.BotoCoreError) as error:
            raise SignInError(str(error)) from error


def sign_in(flags: Mapping[str, Any], *, patience_seconds: float = PATIENCE_SECONDS) -> SignedIn:
    """
    Find credentials by `profile`, `region` and `endpoint_url` of the command line, the variables and the files.

    A profile's `credential_process` has `patience_seconds`. Raises: SignInError.
    """
    explain_processes(patience_seconds)
    session = watch_answers(Session(session_vars=_VARIABLES, profile=flags["profile"]))
    try:
        region = flags["region"] or session.get_config_variable("region") or _DEFAULT_REGION
        if session.get_credentials() is None:
            raise SignInError(_no_credentials(session))
    except botocore.exceptions.ProfileNotFound as error:
        raise SignInError(f"{error}: `keywright profiles list` shows those that there are") from error
    except botocore.exceptions.ConfigParseError as error:
        raise SignInError(f"{error}: `keywright profiles lint` says what is wrong") from error
    except botocore.exceptions.BotoCoreError as error:
        raise SignInError(str(error)) from error
    return SignedIn(session, region, flags["endpoint_url"])


def sign_in_with(
    access_key_id: str,
    secret: Secret,
    region: str | None,
    endpoint_url: str | None,
    *,
    token: Secret | None = None,
    profile: str | None = None,
) -> SignedIn:
    """
    Use a key that is in no file: no profile's settings belong to it, but those of one that is named.

    Raises: SignInError.
    """
    nowhere = (None, None, os.devnull, None)
    alone = {"profile": (None, None, None, None), "config_file": nowhere, "credentials_file": nowhere}
    session = watch_answers(Session(session_vars=_VARIABLES | (alone if profile is None else {}), profile=profile))
    session.set_credentials(access_key_id, secret.reveal(), None if token is None else token.reveal())
    try:
        region = region or session.get_config_variable("region") or _DEFAULT_REGION
    except (botocore.exceptions.ProfileNotFound, botocore.exceptions.ConfigParseError) as error:
        raise SignInError(str(error)) from error
    return SignedIn(session, region, endpoint_url)


def configured_endpoint(environment: Mapping[str, str]) -> str | None:
    """Give the endpoint that AWS_ENDPOINT_URL names for every service, where botocore heeds it."""
    if environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    return environment.get("AWS_ENDPOINT_URL") or None


def reason(error: Exception) -> str:
    """Say why a call failed, in a line, with what to do where that is known."""
    if isinstance(error, botocore.exceptions.ClientError):
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if not is_refusal(error):
            return f"the endpoint does not offer {error.operation_name} ({code}: {message})"
        meaning = meaning_of(error)
        # AWS's own words say who lacks which permission.
        hint = "" if meaning is Meaning.DENIED else meaning.value
        return f"{code}: {message}" + (f" ({hint})" if hint else "")
    if isinstance(error, botocore.exceptions.BotoCoreError):
        return _unreached(error)
    return str(error)


def is_refusal(error: Exception) -> bool:
    """Tell whether the service answered: it was reached, knows the operation, and did not do it."""
    if not isinstance(error, botocore.exceptions.ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status != HTTPStatus.NOT_IMPLEMENTED and error.response["Error"]["Code"] not in _NOT_OFFERED


def _unreached(error: botocore.exceptions.BotoCoreError) -> str:
    """Say in words what the layers below HTTP say in names of their own."""
    url = shown_url(str(getattr(error, "kwargs", {}).get("endpoint_url") or ""))
    text = str(error)
    if isinstance(error, botocore.exceptions.SSLError):
        if "WRONG_VERSION_NUMBER" in text or "UNKNOWN_PROTOCOL" in text or "RECORD_LAYER_FAILURE" in text:
            return f"{url} does not speak TLS: try http:// in --endpoint-url or AWS_ENDPOINT_URL"
        if "CERTIFICATE_VERIFY_FAILED" in text:
            return f"the certificate of {url} is not trusted: name its CA's file in AWS_CA_BUNDLE"
        return f"no TLS connection to {url}: {text.rpartition(': ')[2]}"
    if isinstance(error, botocore.exceptions.ConnectionClosedError):
        return f"{url} closed the connection without an answer: {_TLS_OR_PROXY}"
    if isinstance(error, botocore.exceptions.ReadTimeoutError | botocore.exceptions.ConnectTimeoutError):
        return f"{url} did not answer in time: check --endpoint-url and AWS_ENDPOINT_URL, and the network"
    return " ".join(text.split())


def _no_credentials(session: Session) -> str:
    profile = session.get_config_variable("profile") or "default"
    return (
        f"there are no credentials for the profile {profile}: not in the environment, not in the AWS files; "
        f"`keywright profiles set {shlex.quote(profile)} --key` puts them there, `keywright import` takes a CSV file"
    )
