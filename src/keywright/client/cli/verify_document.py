"""What `keywright verify` says: as one document, and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, TypeVar

from keywright.aws.identifiers import account_of
from keywright.client.cli.terminal import moment
from keywright.client.identity import Caller, KeyFacts, LastUse, Unknown
from keywright.client.session import SignedIn
from keywright.client.simulation import Ability
from keywright.client.sources import place_of

T = TypeVar("T")
_SOURCES: Final = {
    "env": "the environment",
    "shared-credentials-file": "the credentials file",
    "config-file": "the config file",
    "custom-process": "credential_process",
    "login": "`aws login`",
    "assume-role": "a role",
    "assume-role-with-web-identity": "a role, by a web identity",
    "sso": "IAM Identity Center",
    "container-role": "the container's role",
    "iam-role": "the instance's role",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """`verify`."""

    profile: Annotated[str, "the profile"]
    access_key_id: Annotated[str, "the key that signs"]
    source: Annotated[str, "botocore's name of where it comes from: env, shared-credentials-file, custom-process, …"]
    place: Annotated[str | None, "the variable, or path:line"]
    account_of_key: Annotated[str | None, "the account that the key's id carries; null for old ids, which do not"]
    region: Annotated[str, "the region"]
    endpoint_url: Annotated[str, "where was asked"]
    arn: Annotated[str | None, "who one is"]
    account_id: Annotated[str | None, "the account"]
    kind: Annotated[str | None, "root, user, assumed role, federated user or other"]
    status: Annotated[str | None, "the key's status"]
    created_at: Annotated[datetime | None, "when the key was made"]
    age_days: Annotated[int | None, "its age"]
    keys: Annotated[int | None, "how many keys the user has"]
    last_used_at: Annotated[datetime | None, "when the key was last used, as far as IAM knows; null too for never"]
    last_used_service: Annotated[str | None, "for what; N/A for never"]
    tags: Annotated[dict[str, str] | None, "the user's tags; the one named by the key id is the key's description"]
    mfa_devices: Annotated[tuple[str, ...] | None, "the user's MFA devices"]
    abilities: Annotated[tuple[Ability, ...], "what --can asked"]
    reasons: Annotated[dict[str, str], "of each member that is null for want of an answer: why"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the service said."""

    caller: Caller | Unknown
    key: KeyFacts | Unknown
    use: LastUse | Unknown
    tags: dict[str, str] | Unknown
    mfa: tuple[str, ...] | Unknown
    abilities: tuple[Ability, ...]


def document_of(
    signed_in: SignedIn, endpoint_url: str, access_key_id: str, answers: Answers, now: datetime
) -> Verified:
    """Put the answers together."""
    method = signed_in.session.get_credentials().method
    profile = signed_in.session.get_config_variable("profile") or "default"
    caller, key, use = _known(answers.caller), _known(answers.key), _known(answers.use)
    asked = (
        (answers.caller, ("Arn", "AccountId", "Kind")),
        (answers.key, ("Status", "CreatedAt", "AgeDays", "Keys")),
        (answers.use, ("LastUsedAt", "LastUsedService")),
        (answers.tags, ("Tags",)),
        (answers.mfa, ("MfaDevices",)),
    )
    return Verified(
        profile=profile,
        access_key_id=access_key_id,
        source=method,
        place=place_of(method, profile),
        account_of_key=account_of(access_key_id),
        region=signed_in.region,
        endpoint_url=endpoint_url,
        arn=None if caller is None else caller.arn,
        account_id=None if caller is None else caller.account_id,
        kind=None if caller is None else caller.kind,
        status=None if key is None else key.status,
        created_at=None if key is None else key.created_at,
        age_days=None if key is None else (now - key.created_at).days,
        keys=None if key is None else key.keys,
        last_used_at=None if use is None else use.at,
        last_used_service=None if use is None else use.service,
        tags=_known(answers.tags),
        mfa_devices=_known(answers.mfa),
        abilities=answers.abilities,
        reasons={name: answer.why for answer, names in asked if isinstance(answer, Unknown) for name in names},
    )


def _known(answer: T | Unknown) -> T | None:
    return None if isinstance(answer, Unknown) else answer


def lines_of(found: Verified) -> Iterator[tuple[str, str]]:
    """Write the document for a person, a line for each thing, with a reason where it is not known."""

    def unknown(member: str) -> str:
        return f"unknown: {found.reasons[member]}"

    place = f", {found.place}" if found.place else ""
    yield "Who", found.arn or unknown("Arn")
    yield "Account", _account(found)
    yield (
        "Key",
        f"{found.access_key_id}, from {_SOURCES.get(found.source, found.source)}{place} (profile {found.profile})",
    )
    yield "Asked at", f"{found.endpoint_url}, region {found.region}"
    if found.arn is None:
        return
    if found.created_at is None:
        yield "Status", unknown("Status")
    else:
        of_keys = "the only key" if found.keys == 1 else f"one of {found.keys} keys"
        days = "1 day" if found.age_days == 1 else f"{found.age_days} days"
        yield "Status", f"{found.status}, {days} old ({moment(found.created_at)}), {of_keys}"
    if found.last_used_service is None:
        yield "Last used", unknown("LastUsedService")
    elif found.last_used_at is None:
        yield "Last used", "never, as far as IAM knows; it may lag by hours"
    else:
        yield "Last used", f"{moment(found.last_used_at)}, {found.last_used_service}"
    yield "Tags", unknown("Tags") if found.tags is None else _tags(found.tags, found.access_key_id)
    yield "MFA", unknown("MfaDevices") if found.mfa_devices is None else ", ".join(found.mfa_devices) or "no device"


def _account(found: Verified) -> str:
    of_key = found.account_of_key
    if found.account_id is None:
        return f"{of_key}, by the key's id" if of_key else "unknown: the key's id does not carry it"
    if of_key is None or of_key == found.account_id:
        return found.account_id
    return f"{found.account_id}; the key's id says {of_key}"


def _tags(tags: dict[str, str], access_key_id: str) -> str:
    description = next((value for key, value in tags.items() if key.upper() == access_key_id), None)
    rest = ", ".join(f"{key}={value}" for key, value in sorted(tags.items()) if key.upper() != access_key_id)
    own = "the key has no description" if description is None else f"the key's: {description}"
    return f"{own}; the user's: {rest or 'none'}"
