"""Why the call failed, and what to type next: each cause has its own advice, and few of them blame the key."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import botocore.exceptions

from keywright.client.answers import NotAwsAnswerError
from keywright.client.call_errors import Meaning, meaning_of
from keywright.client.doctor.diagnosis import UNSET_KEY, Diagnosis, Gravity, asked_again, command
from keywright.client.doctor.reaching import CALL_SECONDS, NoAnswerError, Reached
from keywright.client.doctor.regions import is_known, likely, region_command
from keywright.client.doctor.views import View
from keywright.client.keystore.pointing import is_ours
from keywright.client.session import reason
from keywright.client.source_process import ProcessError

_SKEW: Final = timedelta(minutes=5)
"""AWS refuses a signature that is 15 minutes off (some services 5)."""
_DEFAULT_REGION: Final = "us-east-1"
_PROXIES: Final = "env | grep -i proxy"


def call_diagnoses(reached: Reached, view: View, flags: Mapping[str, Any]) -> Iterator[Diagnosis]:
    """Say what is wrong with a call, as the AWS CLI would make it (`view`)."""
    error = reached.error
    is_of_clock = isinstance(error, botocore.exceptions.ClientError) and meaning_of(error) is Meaning.CLOCK
    clock = _clock(reached)
    if clock is not None:
        yield clock
    if is_of_clock and clock is None:
        assert error is not None  # INVARIANT: it is a ClientError
        what = f"{reason(error)}; yet the clocks agree: something on the way, such as a proxy, has held the call"
        yield Diagnosis(Gravity.ERROR, what, _PROXIES)
    elif error is not None and not is_of_clock:
        yield Diagnosis(Gravity.ERROR, *_advice(error, reached, view, flags))


def _clock(reached: Reached) -> Diagnosis | None:
    skew = reached.skew_seconds
    if skew is None or abs(skew) <= _SKEW.total_seconds():
        return None
    side = "ahead of" if skew > 0 else "behind"
    both = ""
    if reached.at is not None:
        there = reached.at - timedelta(seconds=skew)
        both = f" ({reached.at:%Y-%m-%d %H:%M} UTC here, {there:%Y-%m-%d %H:%M} UTC there)"
    what = (
        f"this machine's clock is {abs(skew) // 60} minutes {side} the service's{both}: signatures are refused, "
        "and no new key changes that"
    )
    return Diagnosis(Gravity.ERROR, what, _set_clock())


def _set_clock() -> str:
    """Write the command that sets this machine's clock."""
    if sys.platform == "darwin":
        return "sudo sntp -sS time.apple.com"
    if "microsoft" in _kernel():
        return "sudo hwclock --hctosys"
    if shutil.which("timedatectl"):
        return "sudo timedatectl set-ntp true"
    return "set the clock of this machine; a container has its host's"


def _kernel() -> str:
    try:
        return Path("/proc/sys/kernel/osrelease").read_text().lower()
    except OSError:
        return ""


def _advice(error: Exception, reached: Reached, view: View, flags: Mapping[str, Any]) -> tuple[str, str]:
    """Give what is wrong, and what to type next."""
    what = reason(error)
    if isinstance(error, ProcessError):
        return error.fault.what, error.fault.next
    if isinstance(error, botocore.exceptions.ClientError):
        return _of_service(error, what, reached, view, flags)
    if isinstance(error, botocore.exceptions.SSLError) and "certificate" in f"{error}{what}".lower():
        then = "set AWS_CA_BUNDLE as the lines say that keywright serve printed when it started"
        return what, then
    if isinstance(error, botocore.exceptions.ProxyConnectionError):
        return what, _PROXIES
    if isinstance(error, botocore.exceptions.ConnectTimeoutError):
        what = f"{reached.endpoint_url} has not accepted a connection within {CALL_SECONDS} seconds"
    if isinstance(error, botocore.exceptions.ReadTimeoutError):
        what = f"{reached.endpoint_url} has accepted a connection, and not answered within {CALL_SECONDS} seconds"
    if isinstance(
        error,
        NoAnswerError | NotAwsAnswerError | botocore.exceptions.HTTPClientError | botocore.exceptions.ConnectionError,
    ):
        return _of_connection(what, reached, view, flags)
    if isinstance(error, botocore.exceptions.InvalidRegionError):
        return what, region_command(view, likely(view.region.value or "") or _DEFAULT_REGION, flags)
    return what, asked_again(("keywright", "profiles", "list"), {})


def _of_connection(what: str, reached: Reached, view: View, flags: Mapping[str, Any]) -> tuple[str, str]:
    meant = likely(reached.region or "")
    if meant is not None and _is_of_aws(reached):
        return f"{what}: there is no region {reached.region}, {meant} is meant?", region_command(view, meant, flags)
    if _is_of_aws(reached) and not is_known(reached.region or ""):
        what = f"{what}: AWS has no region {reached.region}, as far as is known here"
    if reached.endpoint_url is None:
        return what, asked_again(("keywright", "verify"), flags)
    chosen = f"{what} (the endpoint is chosen by --endpoint-url, AWS_ENDPOINT_URL or the profile's endpoint_url)"
    return chosen, command("curl", "-sv", "--max-time", "10", reached.endpoint_url)


def _of_service(
    error: botocore.exceptions.ClientError, what: str, reached: Reached, view: View, flags: Mapping[str, Any]
) -> tuple[str, str]:
    region = reached.region or _DEFAULT_REGION
    match meaning_of(error):
        case Meaning.SCOPE:
            return _of_scope(error, what, region, view, flags)
        case Meaning.UNKNOWN_KEY:
            return _of_unknown_key(what, reached, region)
        case Meaning.WRONG_SECRET:
            return what, _new_secret(view, reached)
        case Meaning.ENDED:
            return what, _new_session(view, reached)
        case Meaning.DENIED:
            text = f"{error.response['Error']['Code']}: {error.response['Error'].get('Message', '')}"
            return f"{what} ({Meaning.DENIED.value})", asked_again(("keywright", "why", text), flags)
        case Meaning.NOT_SIGNED_UP if region != _DEFAULT_REGION:
            again = ("keywright", "doctor", "--region", _DEFAULT_REGION)
            elsewhere = f"{what}; if it works in {_DEFAULT_REGION}, an administrator has to enable {region}"
            return elsewhere, asked_again(again, flags, without=frozenset({"--region"}))
        case Meaning.NOT_SIGNED_UP:
            return what, "open https://portal.aws.amazon.com/billing/signup and finish the account's sign-up"
        case Meaning.REGION_DISABLED:
            elsewhere = (
                f"{what}: an administrator can activate {region} in IAM's account settings; until then use another"
            )
            return elsewhere, region_command(view, _DEFAULT_REGION, flags)
        case _:
            return what, asked_again(("keywright", "verify"), flags)


def _of_scope(
    error: botocore.exceptions.ClientError, what: str, region: str, view: View, flags: Mapping[str, Any]
) -> tuple[str, str]:
    message = error.response["Error"].get("Message") or ""
    if "correct service" in message:
        return f"{what}; an endpoint of another service is configured for STS", "env | grep AWS_ENDPOINT_URL"
    # AWS: S3 names the region that it expects.
    expected = message.partition("expecting '")[2].partition("'")[0]
    meant = expected or likely(region) or _DEFAULT_REGION
    return f"{what}; the region is {region} ({view.region.source})", region_command(view, meant, flags)


def _of_unknown_key(what: str, reached: Reached, region: str) -> tuple[str, str]:
    where = f"{what}; {reached.access_key_id or 'the key'} was sent to {reached.endpoint_url}"
    if _is_of_aws(reached) and region != _DEFAULT_REGION:
        # AWS: tokens of the global endpoint are not valid in regions that an account has to enable.
        where += f", whose region {region} the account may not have enabled"
    if not (reached.access_key_id or "").startswith("AKIA"):
        return where, "keywright profiles list"
    where += "; an administrator of its account can see whose it is"
    at = () if _is_of_aws(reached) or reached.endpoint_url is None else ("--endpoint-url", reached.endpoint_url)
    words = ("aws", "iam", "get-access-key-last-used", "--access-key-id", reached.access_key_id or "")
    return where, command(*words, *at)


def _new_secret(view: View, reached: Reached) -> str:
    """Write the command that puts the right secret where the wrong one is."""
    profile = view.profile.value or "default"
    if reached.method == "env":
        return UNSET_KEY
    if reached.method in {"shared-credentials-file", "config-file", None}:
        return command("keywright", "profiles", "set", profile, "--key", "--replace-key")
    if is_ours(view.process, profile):
        return command("keywright", "store", "put", profile, "--replace-key")
    return command("keywright", "profiles", "show", profile)


def _new_session(view: View, reached: Reached) -> str:
    profile = view.profile.value or "default"
    if reached.method == "env":
        return UNSET_KEY
    if reached.method in {"custom-process", "assume-role"}:
        return command("keywright", "profiles", "show", profile)
    if reached.method == "sso":
        return f"aws sso login --profile {shlex.quote(profile)}"
    return f"aws login --profile {shlex.quote(profile)}"


def _is_of_aws(reached: Reached) -> bool:
    host = urlsplit(reached.endpoint_url or "").hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"))
