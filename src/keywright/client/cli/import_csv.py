"""`keywright import FILE.csv`: from the console's file to a profile that works, and no file left behind."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from keywright.aws.identifiers import account_of
from keywright.client.aws_files import Written, refuse_bad_name
from keywright.client.cli.documents import as_json
from keywright.client.cli.terminal import Exit, confirm, is_interactive, note, paint, printable, stop
from keywright.client.csv_keys import CsvError, CsvKey, read_csv, user_in_file_name
from keywright.client.errors import AwsFileError, KeystoreError
from keywright.client.file_names import is_good_name
from keywright.client.identity import owner_of_new_key
from keywright.client.profile_keys import PLAIN, put_key, refuse_taken
from keywright.client.profiles import read_profiles
from keywright.client.session import SignInError, configured_endpoint, reason, sign_in_with
from keywright.client.shred import LIMITS, shred


@dataclass(frozen=True, slots=True)
class ImportedKey:
    """One key of the file."""

    profile: Annotated[str, "the profile that has it now"]
    user_name: Annotated[str | None, "the user, where the file or its name tells"]
    access_key_id: Annotated[str, "the key"]
    account_id: Annotated[str | None, "its account: as the service says, else read off the id"]
    arn: Annotated[str | None, "whose it is, as the service says; null with --no-verify"]
    store: Annotated[str, "where the profile has it from: plain, keyring or file"]


@dataclass(frozen=True, slots=True)
class Imported:
    """`import`."""

    keys: Annotated[tuple[ImportedKey, ...], "the keys, in the file's order"]
    changed: Annotated[tuple[Path, ...], "the AWS files that were written"]
    backups: Annotated[tuple[Path, ...], "the AWS files as they were before"]
    file: Annotated[Path, "the file that was read"]
    shredded: Annotated[bool, "it is gone"]


class _Plan(NamedTuple):
    """A key and the profile that is to have it."""

    key: CsvKey
    profile: str

    def at(self, flags: Mapping[str, Any]) -> _Plan:
        """Say where it belongs: as the command line says, else as the file does, else as AWS_ENDPOINT_URL does."""
        where = {name: flags[name] for name in ("region", "endpoint_url") if flags[name] is not None}
        key = self.key._replace(**where)
        return self._replace(key=key._replace(endpoint_url=key.endpoint_url or configured_endpoint(os.environ)))


def run_import(flags: Mapping[str, Any]) -> Exit:
    """Read the file, see that each key works, write the profiles, offer to shred the file."""
    path = Path(flags["file"])
    try:
        keys = read_csv(path)
    except FileNotFoundError:
        stop(f"there is no file {path}")
    except CsvError as error:
        stop(f"{path}: {error}")
    return import_keys(keys, path, flags)


def import_keys(keys: list[CsvKey], path: Path, flags: Mapping[str, Any]) -> Exit:
    """See that each key of a file works, write the profiles, offer to shred the file."""
    plans = [plan.at(flags) for plan in _plans(keys, path, flags)]
    try:
        for plan in plans:
            if not flags["replace_key"]:
                refuse_taken(plan.profile, plan.key.access_key_id, os.environ)
    except AwsFileError as error:
        stop(f"{error}: name another by --profile, or overwrite it by --replace-key")
    arns = [None if flags["no_verify"] else _verify(plan) for plan in plans]
    written = [_write(plan, flags) for plan in plans]
    imported = tuple(
        ImportedKey(
            plan.profile,
            plan.key.user_name or user_in_file_name(path),
            plan.key.access_key_id,
            arn.split(":")[4] if arn else account_of(plan.key.access_key_id),
            arn,
            flags["store"],
        )
        for plan, arn in zip(plans, arns, strict=True)
    )
    if not flags["json"]:
        _tell(imported, written)
    shredded = _offer_to_shred(path, flags, whole=len(plans) == len(keys))
    if flags["json"]:
        changed = tuple(dict.fromkeys(one for each in written for one in each.changed))
        backups = tuple(one for each in written for one in each.backups)
        print(as_json(Imported(imported, changed, backups, path, shredded)))
    return Exit.FINE


def _plans(keys: list[CsvKey], path: Path, flags: Mapping[str, Any]) -> list[_Plan]:
    """Name the profiles: as asked, else as the user is called."""
    if flags["user"] is not None:
        keys = [key for key in keys if key.user_name == flags["user"]]
        if not keys:
            stop(f"{path} has no user {flags['user']}")
    if len(keys) > 1 and not flags["all"]:
        users = ", ".join(key.user_name or f"line {key.line}" for key in keys)
        stop(f"{path} has {len(keys)} keys ({users}): choose one by --user, or take them all by --all", Exit.USAGE)
    if flags["profile"] is not None:
        if len(keys) > 1:
            stop("--profile names one profile, and there are several keys: they are named by their users", Exit.USAGE)
        refuse_bad_name(flags["profile"])
        return [_Plan(keys[0], flags["profile"])]
    plans = []
    for key in keys:
        name = key.user_name or (user_in_file_name(path) if len(keys) == 1 else None)
        if name is None or not is_good_name(name):
            stop(f"neither {path} nor its name gives a name for the profile: give one by --profile", Exit.USAGE)
        plans.append(_Plan(key, name))
    if len({plan.profile for plan in plans}) < len(plans):
        stop(f"{path} has two keys of one user: choose one, and name it by --profile", Exit.USAGE)
    return plans


def _verify(plan: _Plan) -> str:
    """Ask the service whose key it is, where the profile will lead."""
    key = plan.key
    there = next((one for one in read_profiles(os.environ)[0] if one.name == plan.profile), None)
    region, endpoint_url = (
        given or (there and there.value(name)) or None
        for name, given in (("region", key.region), ("endpoint_url", key.endpoint_url))
    )
    try:
        sts = sign_in_with(key.access_key_id, key.secret, region, endpoint_url).client("sts")
    except SignInError as error:
        stop(f"the key {key.access_key_id} cannot be tried, and nothing was written: {error}", Exit.UNREACHABLE)
    try:
        return owner_of_new_key(sts)
    except (ClientError, BotoCoreError) as error:
        stop(
            f"the key {key.access_key_id} does not work, and nothing was written: {reason(error)}. "
            "--no-verify imports it all the same",
            Exit.UNREACHABLE,
        )


def _write(plan: _Plan, flags: Mapping[str, Any]) -> Written:
    try:
        return put_key(plan.profile, plan.key, flags["store"], os.environ, replace_key=flags["replace_key"])
    except (AwsFileError, KeystoreError) as error:
        stop(f"the key {plan.key.access_key_id} was not written: {error}")


def _tell(keys: tuple[ImportedKey, ...], written: list[Written]) -> None:
    for key, each in zip(keys, written, strict=True):
        where = " and ".join(str(one) for one in each.changed) or "the AWS files, as it was already"
        print(f"{paint('Imported', 'green')} {key.access_key_id} as profile {key.profile}, in {where}")
        print(f"  {key.arn or 'not verified'}" + ("" if key.arn else f", account {key.account_id or 'unknown'}"))
        if key.arn and key.arn.endswith(":root"):
            print(
                paint(
                    "  This is a root key, which can do everything: delete it, and use a user's or `aws login`", "red"
                )
            )
        for backup in each.backups:
            print(f"  as it was before: {backup}")
        print(f"  use it: aws --profile {key.profile} sts get-caller-identity")
    plain = {key.profile for key in keys if key.store == PLAIN}
    for one in read_profiles(os.environ)[0]:
        if one.name in plain and one.provider != "access key":
            note(f"the profile {one.name} has a {one.provider} too, which comes before the key: `keywright doctor`")


def _offer_to_shred(path: Path, flags: Mapping[str, Any], *, whole: bool) -> bool:
    if not whole:
        note(f"{printable(str(path))} holds further keys, and was left")
        return False
    wanted = flags["shred"]
    if not wanted and not flags["keep"] and is_interactive():
        wanted = confirm(f"The secret still stands in {path}. Shred it ({LIMITS})?")
    if not wanted:
        note(f"The secret still stands in {printable(str(path))}: --shred removes it")
        return False
    left = shred(path)
    if left is not None:
        note(f"{printable(str(path))} was left: {left}")
        return False
    note(f"{printable(str(path))} was overwritten and removed; {LIMITS}")
    return True
