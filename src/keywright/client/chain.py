"""
Work out which credentials a tool takes, and why not the others, without taking any.

AWS: the order is botocore's (facts §7), which the AWS CLI v2 shares; the two differ in the variables that choose the
profile and the region.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from keywright.client.file_names import Kind
from keywright.client.known_options import KEY_ID, SECRET, without_secrets
from keywright.client.profiles import Profile


class Tool(StrEnum):
    """A tool that looks for credentials."""

    CLI = "AWS CLI v2"
    BOTO3 = "boto3"


PROFILE_VARIABLES: Final = {
    Tool.CLI: ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
    Tool.BOTO3: ("AWS_DEFAULT_PROFILE", "AWS_PROFILE"),
}
REGION_VARIABLES: Final = {Tool.CLI: ("AWS_REGION", "AWS_DEFAULT_REGION"), Tool.BOTO3: ("AWS_DEFAULT_REGION",)}


class Outcome(StrEnum):
    """What becomes of a source."""

    WINS = "wins"
    LOSES = "loses"
    IGNORED = "ignored"
    STOPS = "stops"
    """The tool ends here with an error, and looks no further."""
    ASKED_LAST = "asked last"
    """The instance's metadata, which only a machine of a cloud has: it is not asked here."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that credentials could come from."""

    source: str
    """botocore's name."""
    place: str
    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, and what set it."""

    value: str | None
    source: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A source that is there; `fault` says why the tool stops at it, `ignored` why it passes it over."""

    source: str
    place: str
    fault: str = ""
    ignored: str = ""


def chosen_profile(tool: Tool, flag: str | None, environment: Mapping[str, str]) -> Choice:
    """Say which profile a tool takes."""
    if flag is not None:
        return Choice(flag, "--profile")
    for name in PROFILE_VARIABLES[tool]:
        if environment.get(name):
            return Choice(environment[name], name)
    return Choice("default", "nothing else is set")


def chosen_region(tool: Tool, flag: str | None, profile: Profile | None, environment: Mapping[str, str]) -> Choice:
    """Say which region a tool takes."""
    if flag is not None:
        return Choice(flag, "--region")
    for name in REGION_VARIABLES[tool]:
        if environment.get(name):
            return Choice(environment[name], name)
    region = profile.value("region") if profile is not None else None
    return Choice(
        region and without_secrets(region),
        f"profile {profile.name}" if profile is not None and region else "nothing sets it",
    )


def candidates(profile: Profile | None, *, explicit: bool, environment: Mapping[str, str]) -> list[Candidate]:
    """
    Give the sources that are there, in the order in which tools ask them.

    `explicit`: the profile was named by --profile, not by a variable.
    """
    result: list[Candidate] = []
    winner: _Found | None = None
    for found in _sources(profile, explicit=explicit, environment=environment):
        if found.ignored:
            outcome, why = Outcome.IGNORED, found.ignored
        elif winner is not None:
            outcome, why = Outcome.LOSES, f"{winner.source} ({winner.place}) comes first"
        elif found.source == "iam-role":
            outcome, why = Outcome.ASKED_LAST, "there is nothing else; only a machine of a cloud has it"
        else:
            outcome, why = (Outcome.STOPS, found.fault) if found.fault else (Outcome.WINS, "the first that there is")
            winner = found
        result.append(Candidate(found.source, found.place, outcome, why))
    return result


def _sources(profile: Profile | None, *, explicit: bool, environment: Mapping[str, str]) -> Iterator[_Found]:
    yield from _environment(explicit=explicit, environment=environment)
    own = profile or Profile("default", ())
    yield from _roles(own, {} if explicit else environment)
    yield from _sso(own)
    yield from _key(own, Kind.CREDENTIALS, "shared-credentials-file")
    for option, source in (("login_session", "login"), ("credential_process", "custom-process")):
        if own.value(option) is not None:
            yield _Found(source, _place(own, option))
    yield from _key(own, Kind.CONFIG, "config-file")
    yield from _old_files(environment)
    for name in ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        if environment.get(name):
            yield _Found("container-role", name)
            break
    disabled = environment.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true"
    yield _Found("iam-role", "the instance's metadata", ignored="AWS_EC2_METADATA_DISABLED is true" if disabled else "")


def _environment(*, explicit: bool, environment: Mapping[str, str]) -> Iterator[_Found]:
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if key and explicit:
        yield _Found("env", "AWS_ACCESS_KEY_ID", ignored="--profile passes the environment over")
    elif key:
        fault = "" if secret else "AWS_SECRET_ACCESS_KEY is missing: tools end with `Partial credentials`"
        yield _Found("env", "AWS_ACCESS_KEY_ID", fault=fault)
    elif secret:
        yield _Found("env", "AWS_SECRET_ACCESS_KEY", ignored="without AWS_ACCESS_KEY_ID it is passed over")


def _place(profile: Profile, option: str, kind: Kind | None = None) -> str:
    one = next(one for one in profile.settings if one.name == option and kind in {None, one.kind})
    return f"{one.path}:{one.line}"


def _key(profile: Profile, kind: Kind, source: str) -> Iterator[_Found]:
    options = {one.name for one in profile.settings if one.kind is kind}
    if KEY_ID in options:
        fault = "" if SECRET in options else f"{SECRET} is missing: tools end with `Partial credentials`"
        yield _Found(source, _place(profile, KEY_ID, kind), fault=fault)


def _roles(profile: Profile, environment: Mapping[str, str]) -> Iterator[_Found]:
    has_token = profile.value("web_identity_token_file") is not None
    if profile.value("role_arn") is not None and not has_token:
        sources = [one for one in ("source_profile", "credential_source") if profile.value(one) is not None]
        fault = (
            "" if len(sources) == 1 else "it takes either source_profile or credential_source: tools end with an error"
        )
        yield _Found("assume-role", _place(profile, "role_arn"), fault=fault)
    in_environment = bool(environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"))
    if has_token or in_environment:
        there = environment.get("AWS_ROLE_ARN") or profile.value("role_arn")
        fault = "" if there else "there is neither AWS_ROLE_ARN nor role_arn: tools end with an error"
        place = "AWS_WEB_IDENTITY_TOKEN_FILE" if in_environment else _place(profile, "web_identity_token_file")
        yield _Found("assume-role-with-web-identity", place, fault=fault)


def _sso(profile: Profile) -> Iterator[_Found]:
    wanted = ("sso_account_id", "sso_role_name")
    missing = [option for option in wanted if profile.value(option) is None]
    if len(missing) == len(wanted):
        return
    if profile.value("sso_session") is None:
        missing += [option for option in ("sso_start_url", "sso_region") if profile.value(option) is None]
    there = next(option for option in wanted if profile.value(option) is not None)
    fault = f"{' and '.join(missing)} is missing: tools end with an error" if missing else ""
    yield _Found("sso", _place(profile, there), fault=fault)


def _old_files(environment: Mapping[str, str]) -> Iterator[_Found]:
    """Find the files of tools of long ago, which are still read."""
    old = environment.get("AWS_CREDENTIAL_FILE")
    if old and _holds(Path(old).expanduser(), "AWSAccessKeyId"):
        yield _Found("ec2-credentials-file", old)
    own = environment.get("BOTO_CONFIG")
    for path in (Path(own),) if own else (Path("/etc/boto.cfg"), Path("~/.boto").expanduser()):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path)
        except (configparser.Error, UnicodeDecodeError):
            continue
        if parser.has_option("Credentials", KEY_ID):
            yield _Found("boto-config", str(path))
            return


def _holds(path: Path, word: str) -> bool:
    try:
        return word in path.read_text()
    except (OSError, UnicodeDecodeError):
        return False
