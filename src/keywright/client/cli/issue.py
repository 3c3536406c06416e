"""`keywright issue`: a key for a user, from the question whether it is needed to a profile, or to its recipient."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from keywright.aws.secret import Secret
from keywright.client.aws_files import edit, refuse_bad_name
from keywright.client.cli.documents import as_json
from keywright.client.cli.passphrases import choose_passphrase
from keywright.client.cli.resume import EXPECTED, code_of, said
from keywright.client.cli.terminal import Exit, columns, confirm, is_interactive, note, paint, stop
from keywright.client.description import DescriptionError, describe, expiry
from keywright.client.errors import AwsFileError
from keywright.client.handover import handover_name
from keywright.client.identity import LastUse, who_am_i
from keywright.client.issuing import MOST_KEYS, ExistingKey, create, existing_keys, finish, keys_and_moment
from keywright.client.journal import Entry, journal_folder, name_entry, only_one, read_entries
from keywright.client.profile_keys import PLAIN, prepare, refuse_taken
from keywright.client.recipients import BY_PASSPHRASE, RecipientError, read_recipients
from keywright.client.session import SignedIn, SignInError, sign_in
from keywright.client.writable import prove_writable

T = TypeVar("T")
_BETTER: Final = """\
A key is a password that does not end. What may serve better:
  at a person's own machine   aws login (AWS CLI 2.32 and later): no key at all
  on EC2, ECS, Lambda, EKS    a role: its credentials come and go by themselves
  outside AWS, with an IdP    a role by a web identity or SAML; IAM Roles Anywhere"""


@dataclass(frozen=True, slots=True)
class Issued:
    """`issue`."""

    user_name: Annotated[str, "the user"]
    access_key_id: Annotated[str, "the new key; its secret is in the profile, or in the encrypted file"]
    profile: Annotated[str | None, "the profile that has it; null where it is handed over"]
    description: Annotated[str, "what its tag says"]
    csv_file: Annotated[str | None, "the file of --csv"]
    notes: Annotated[tuple[str, ...], "what could not be done besides"]
    store: Annotated[str | None, "where the profile has it from: plain, keyring or file; null where it is handed over"]
    handover_file: Annotated[Path | None, "the encrypted file of --for"]


def run_issue(flags: Mapping[str, Any]) -> Exit:
    """Make a key, if a key it must be."""
    description = _description(flags)
    recipients = _recipients(flags)
    signed_in, user_name = _caller(flags)
    profile = None if recipients else flags["as"] or user_name
    file = Path(flags["out"] or handover_name(user_name)).absolute() if recipients else None
    _refuse_before(flags, signed_in, user_name, profile, file)
    if not flags["yes"]:
        note_lines(_BETTER)
        if not is_interactive():
            stop("to make a key all the same takes --yes", Exit.USAGE)
        if not confirm(f"Make a key for {user_name} all the same?"):
            stop("no key was made")
    # Whatever is asked for is asked before there is a key.
    passphrase = choose_passphrase() if recipients == (BY_PASSPHRASE,) else None
    if profile is not None:
        prepare(profile, flags["store"], os.environ)
    # A key that is nowhere written down would be lost where the process is killed.
    prove_writable(journal_folder(os.environ) / "entry.json")
    with only_one(journal_folder(os.environ)):
        # What cannot be read is for `resume` to tell.
        if read_entries(journal_folder(os.environ), lambda error: note(f"keywright: {error}")):
            note("A key whose issue was interrupted is still unfinished: `keywright resume`")
        before, moment = _known(lambda: keys_and_moment(signed_in.client("iam"), user_name))
        entry = Entry(
            started_at=moment,
            user_name=user_name,
            profile=profile,
            replace_key=flags["replace_key"],
            description=description,
            csv_file=flags["csv"] and str(Path(flags["csv"]).absolute()),
            caller_profile=flags["profile"],
            region=flags["region"] or signed_in.region,
            endpoint_url=flags["endpoint_url"] or _endpoint_of(signed_in),
            keys_before=before,
            store=flags["store"],
            recipients=recipients,
            handover_file=None if file is None else str(file),
        )
        return _make(signed_in, entry, passphrase, as_one_object=flags["json"])


def _make(signed_in: SignedIn, entry: Entry, passphrase: Secret | None, *, as_one_object: bool) -> Exit:
    path = name_entry(journal_folder(os.environ), entry.started_at)
    try:
        entry = create(signed_in, path, entry)
        notes = tuple(finish(signed_in, path, entry, os.environ, passphrase))
    except EXPECTED as error:
        left = "; `keywright resume` finishes it, `keywright resume --undo` takes it back" if path.exists() else ""
        stop(f"{said(error)}{left}", code_of(error))
    _tell_issued(entry, notes, as_one_object=as_one_object)
    return Exit.FINE


def _recipients(flags: Mapping[str, Any]) -> tuple[str, ...]:
    """Read for whom it is, and refuse what would leave the secret here all the same."""
    if flags["for"] is None:
        if flags["out"] is not None:
            stop("--out names the file of --for", Exit.USAGE)
        return ()
    kept = [f"--{name}" for name in ("as", "csv", "replace_key") if flags[name]]
    if kept or flags["store"] != PLAIN:
        stop(f"with --for nothing of the key stays here: leave out {', '.join(kept) or '--store'}", Exit.USAGE)
    try:
        return read_recipients(flags["for"])
    except RecipientError as error:
        stop(str(error), Exit.USAGE)


def _description(flags: Mapping[str, Any]) -> str:
    today = datetime.now(UTC).date()
    values = {name: flags[name] for name in ("purpose", "owner", "environment", "project") if flags[name] is not None}
    for tag in flags["tag"]:
        name, equals, value = tag.partition("=")
        if not equals or not name:
            stop(f"--tag takes NAME=VALUE, not {tag!r}", Exit.USAGE)
        values[name] = value
    try:
        values["created"] = today.isoformat()
        if flags["expires"] is not None:
            values["expires"] = expiry(flags["expires"], today).isoformat()
        return describe(values)
    except DescriptionError as error:
        stop(str(error), Exit.USAGE)


def _caller(flags: Mapping[str, Any]) -> tuple[SignedIn, str]:
    """Sign in, and say for which user: as asked, else for oneself."""
    try:
        signed_in = sign_in(flags)
        caller = who_am_i(signed_in)
    except (SignInError, ClientError, BotoCoreError) as error:
        stop(said(error), Exit.UNREACHABLE)
    user_name = flags["user"] or caller.user_name
    if user_name is None:
        stop(f"{caller.arn} is no user: name one. A root key, which nothing can limit, is never made")
    return signed_in, user_name


def _known(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (ClientError, BotoCoreError, SignInError) as error:
        stop(said(error), code_of(error))


def _refuse_before(
    flags: Mapping[str, Any], signed_in: SignedIn, user_name: str, profile: str | None, file: Path | None
) -> None:
    """Find what would stand in the way of storing a key before one is made."""
    for path in [one for one in (flags["csv"] and Path(flags["csv"]), file) if one is not None]:
        if path.exists():
            stop(f"{path} is there already")
        if not path.absolute().parent.is_dir():
            stop(f"there is no folder {path.absolute().parent}")
        prove_writable(path)
    if profile is not None:
        refuse_bad_name(profile)
        edit(os.environ, lambda _lines: None, about=frozenset())
        if not flags["replace_key"]:
            try:
                refuse_taken(profile, None, os.environ)
            except AwsFileError as error:
                stop(f"{error}: name another by --as, or overwrite it by --replace-key")
    keys = _known(lambda: existing_keys(signed_in.client("iam"), user_name))
    if len(keys) >= MOST_KEYS:
        note_lines(columns([("  KEY", "STATUS", "CREATED", "LAST USED"), *(_row(key) for key in keys)]))
        stop(f"{user_name} has two keys already, which is the most: delete the one that nobody needs")


def _row(key: ExistingKey) -> tuple[str, ...]:
    last = "unknown"
    if isinstance(key.used, LastUse):
        last = "never" if key.used.at is None else f"{key.used.at:%Y-%m-%d}, {key.used.service}"
    return f"  {key.access_key_id}", key.status, f"{key.created_at:%Y-%m-%d}", last


def _endpoint_of(signed_in: SignedIn) -> str | None:
    """Give the endpoint that is not AWS's, so that the new profile leads where the key was made."""
    url: str = signed_in.client("iam").meta.endpoint_url
    return None if ".amazonaws.com" in url or ".amazonaws.com.cn" in url else url


def _tell_issued(entry: Entry, notes: tuple[str, ...], *, as_one_object: bool) -> None:
    key = entry.key
    if as_one_object:
        handover_file = entry.handover_file and Path(entry.handover_file)
        print(
            as_json(
                Issued(
                    entry.user_name,
                    key.access_key_id,
                    entry.profile,
                    entry.description,
                    entry.csv_file,
                    notes,
                    entry.store if entry.profile is not None else None,
                    handover_file or None,
                )
            )
        )
        return
    place = f"in profile {entry.profile}" if entry.profile is not None else f"in {entry.handover_file}"
    kept = "" if entry.store == PLAIN else f", kept in the {entry.store} store"
    print(f"{paint('Issued', 'green')} {key.access_key_id} for {entry.user_name}, {place}{kept}, verified")
    print(f"  {entry.description}")
    if entry.csv_file is not None:
        print(f"  {entry.csv_file} holds the secret too: put it into a password manager, and remove it")
    for text in notes:
        print(f"  {text}")
    if entry.profile is not None:
        print(f"  use it: aws --profile {entry.profile} sts get-caller-identity")
        return
    name = shlex.quote(Path(entry.handover_file or "").name)
    print("  Nothing of the secret is left here. Send the file; its recipient opens it with one of:")
    print(f"  keywright receive {name}")
    print(f"  age --decrypt {name}" if entry.recipients == (BY_PASSPHRASE,) else f"  age --decrypt -i KEY {name}")


def note_lines(text: str) -> None:
    """Say several lines beside the answer."""
    for line in text.splitlines():
        note(line)
