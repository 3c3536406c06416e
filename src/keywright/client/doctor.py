"""Find out what keeps a person from signing in, and what to type next: the guide's troubleshooting, automated."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

import botocore.exceptions

from keywright.client.chain import (
    PROFILE_VARIABLES,
    REGION_VARIABLES,
    Candidate,
    Choice,
    Outcome,
    Tool,
    candidates,
    chosen_profile,
    chosen_region,
)
from keywright.client.known_options import KEY_ID, REGION_FORM, SECRET
from keywright.client.lint import lint
from keywright.client.lint_rules import RULES, Weight
from keywright.client.profiles import Profile, read_profiles
from keywright.client.session import SignInError, reason, sign_in

_SKEW: Final = timedelta(minutes=5)
"""AWS refuses a signature that is 15 minutes off (some services 5)."""


class Gravity(StrEnum):
    """What a finding means for the next call."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that is wrong, why, and what to do."""

    gravity: Gravity
    what: str
    next: str


@dataclass(frozen=True, slots=True)
class View:
    """What one tool sees."""

    tool: Tool
    profile: Choice
    region: Choice
    chain: tuple[Candidate, ...]
    stops: str
    """Why it gives up before it looks for credentials; empty: it does not."""

    @property
    def winner(self) -> Candidate | None:
        """Give the source that it takes; None where it gives up."""
        return next((one for one in self.chain if one.outcome is Outcome.WINS), None)


@dataclass(frozen=True, slots=True)
class Reached:
    """What a call to STS gave."""

    arn: str | None
    endpoint_url: str | None
    skew_seconds: int | None
    """How far this machine's clock is ahead of the service's; None: the service was not reached."""
    error: Exception | None


def views(flags: Mapping[str, Any]) -> tuple[View, ...]:
    """Say what each tool sees."""
    profiles, faults = read_profiles(os.environ)
    return tuple(_view(tool, {one.name: one for one in profiles}, faults, flags) for tool in Tool)


def _view(tool: Tool, profiles: Mapping[str, Profile], faults: list[str], flags: Mapping[str, Any]) -> View:
    profile = chosen_profile(tool, flags["profile"], os.environ)
    found = profiles.get(profile.value or "")
    stops = ""
    if faults:
        stops = f"`Unable to parse config file`, because of {', '.join(faults)}"
    elif found is None and profile.value != "default":
        stops = f"`The config profile ({profile.value}) could not be found`"
    chain = () if stops else tuple(candidates(found, explicit=flags["profile"] is not None, environment=os.environ))
    return View(tool, profile, chosen_region(tool, flags["region"], found, os.environ), chain, stops)


def reach(flags: Mapping[str, Any]) -> Reached:
    """Ask STS who one is, and compare the clocks."""
    try:
        signed_in = sign_in(flags)
        sts = signed_in.client("sts")
    except (SignInError, botocore.exceptions.BotoCoreError) as error:
        return Reached(None, None, None, error)
    endpoint_url = sts.meta.endpoint_url
    try:
        answer = sts.get_caller_identity()
    except botocore.exceptions.ClientError as error:
        return Reached(None, endpoint_url, _skew(error.response), error)
    except botocore.exceptions.BotoCoreError as error:
        return Reached(None, endpoint_url, None, error)
    return Reached(answer["Arn"], endpoint_url, _skew(answer), None)


def _skew(response: Mapping[str, Any]) -> int | None:
    date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if date is None:
        return None
    return round((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())


def diagnose(seen: tuple[View, ...], reached: Reached | None) -> Iterator[Diagnosis]:
    """Say what is wrong; `reached` is None where nobody was asked."""
    yield from _files()
    by_tools: dict[Diagnosis, list[Tool]] = {}
    for view in seen:
        for one in _own(view, reached):
            by_tools.setdefault(one, []).append(view.tool)
    for one, tools in by_tools.items():
        yield replace(one, what=f"{', '.join(tools)}: {one.what}")
    yield from _differences(*seen)
    if reached is not None:
        told = isinstance(reached.error, SignInError) and any(one.gravity is Gravity.ERROR for one in by_tools)
        yield from _call(replace(reached, error=None) if told else reached)


def _files() -> Iterator[Diagnosis]:
    found = lint(os.environ)
    for one in found:
        place = f"{one.path}" if one.index is None else f"{one.path}:{one.index + 1}"
        detail = f" ({one.detail})" if one.detail else ""
        gravity = Gravity.ERROR if one.weight is Weight.ERROR else Gravity.WARNING
        mends = one.fix or one.rule in {"bom", "file-mode", "folder-mode"}
        command = "keywright profiles fix" if mends else f"edit {one.path}"
        yield Diagnosis(gravity, f"{place}: {RULES[one.rule].meaning}{detail}", command)


def _own(view: View, reached: Reached | None) -> Iterator[Diagnosis]:
    """Say what is wrong with what one tool sees."""
    if view.stops:
        listed = "keywright profiles lint" if "parse" in view.stops else "keywright profiles list"
        yield Diagnosis(Gravity.ERROR, f"ends with {view.stops}; the profile is of {view.profile.source}", listed)
        return
    for one in view.chain:
        yield from _source(view, one)
    if view.winner is None and not any(one.outcome is Outcome.STOPS for one in view.chain):
        last = any(one.outcome is Outcome.ASKED_LAST for one in view.chain)
        if not last or reached is None or reached.arn is None:
            doubt = " unless this is a cloud's machine with a role" if last else ""
            gravity = Gravity.WARNING if last and reached is None else Gravity.ERROR
            yield Diagnosis(gravity, f"ends with `Unable to locate credentials`{doubt}", "keywright import FILE.csv")
    yield from _region(view)


def _source(view: View, one: Candidate) -> Iterator[Diagnosis]:
    if one.outcome is Outcome.STOPS:
        command = (
            "unset AWS_ACCESS_KEY_ID" if one.source == "env" else f"edit {one.place.rpartition(':')[0] or one.place}"
        )
        yield Diagnosis(Gravity.ERROR, f"ends at {one.source} ({one.place}): {one.why}", command)
    elif one.source == "env" and one.outcome is Outcome.WINS and view.profile.source in PROFILE_VARIABLES[Tool.CLI]:
        what = f"signs with the key of the environment, not with the profile that {view.profile.source} names"
        yield Diagnosis(Gravity.WARNING, what, "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN")
    elif one.source == "login" and one.outcome is Outcome.LOSES:
        command = f"keywright profiles set {view.profile.value} --unset {KEY_ID} --unset {SECRET}"
        if one.why.startswith("env "):
            command = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
        yield Diagnosis(Gravity.WARNING, f"does not use the `aws login` of {one.place}: {one.why}", command)


def _region(view: View) -> Iterator[Diagnosis]:
    region, source = view.region.value, view.region.source
    command = (
        f"export {source}=us-east-1"
        if source in REGION_VARIABLES[Tool.CLI]
        else (f"keywright profiles set {view.profile.value} region=us-east-1")
    )
    if region is None:
        yield Diagnosis(Gravity.WARNING, "has no region: many commands end with `You must specify a region`", command)
    elif not REGION_FORM.fullmatch(region):
        yield Diagnosis(Gravity.ERROR, f"takes the region {region} ({source}), which is none", command)


def _differences(cli: View, boto3: View) -> Iterator[Diagnosis]:
    """Say where the two tools disagree, for people who wonder why one of them works."""
    if cli.profile.value != boto3.profile.value:
        what = f"the profile is {cli.profile.value} for {cli.tool} and {boto3.profile.value} for {boto3.tool}"
        yield Diagnosis(Gravity.WARNING, what, "unset AWS_DEFAULT_PROFILE")
    elif cli.region.value != boto3.region.value:
        what = f"the region is {cli.region.value} for {cli.tool} and {boto3.region.value or 'none'} for {boto3.tool}"
        yield Diagnosis(Gravity.WARNING, what, f"export AWS_DEFAULT_REGION={cli.region.value}")


def _call(reached: Reached) -> Iterator[Diagnosis]:
    skew = reached.skew_seconds
    if skew is not None and abs(skew) > _SKEW.total_seconds():
        side = "ahead of" if skew > 0 else "behind"
        what = f"this machine's clock is {abs(skew) // 60} minutes {side} the service's: signatures are refused"
        yield Diagnosis(Gravity.ERROR, what, "sudo timedatectl set-ntp true")
    if reached.error is not None:
        yield Diagnosis(Gravity.ERROR, reason(reached.error), _next_after(reached))


def _next_after(reached: Reached) -> str:
    error = reached.error
    if isinstance(error, botocore.exceptions.ClientError):
        code = error.response["Error"]["Code"]
        commands = {
            "InvalidClientTokenId": "have an administrator type: aws iam list-access-keys --user-name USER",
            "SignatureDoesNotMatch": "keywright profiles set PROFILE --key --replace-key",
            "ExpiredToken": "aws login",
        }
        return commands.get(code, "keywright verify")
    if isinstance(error, botocore.exceptions.SSLError):
        return "export AWS_CA_BUNDLE=FILE, the certificate of who signed the server's"
    if isinstance(error, botocore.exceptions.ProxyConnectionError):
        return "env | grep -i proxy"
    if isinstance(error, botocore.exceptions.HTTPClientError | botocore.exceptions.ConnectionError):
        return f"curl -sv {reached.endpoint_url} (AWS_ENDPOINT_URL and endpoint_url choose the endpoint)"
    return "keywright profiles list"
