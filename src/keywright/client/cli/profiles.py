"""`keywright profiles list | show | set | rename | delete`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from keywright.client.aws_files import Lines, Written, edit, refuse_bad_name, set_profile
from keywright.client.cli.documents import as_json
from keywright.client.cli.key_prompt import read_key
from keywright.client.cli.profiles_documents import Changed, ListedProfile, ProfileList, ShownOption, ShownProfile
from keywright.client.cli.terminal import MASK, Exit, columns, confirm, is_interactive, note, printable, stop
from keywright.client.errors import AwsFileError
from keywright.client.file_names import Kind, header_of
from keywright.client.ini import parse
from keywright.client.ini_edits import delete_section, rename_section, set_options
from keywright.client.known_options import CREDENTIAL_OPTIONS, KEY_ID, KNOWN_OPTIONS, TOKEN, is_secret
from keywright.client.lint import lint
from keywright.client.profiles import Profile, read_profiles


def run_list(flags: Mapping[str, Any]) -> Exit:
    """List the profiles of both files."""
    profiles, faults = read_profiles(os.environ)
    document = ProfileList(
        tuple(
            ListedProfile(
                one.name,
                one.provider,
                _shown(one, KEY_ID),
                one.account_id,
                _shown(one, "region"),
                _shown(one, "endpoint_url"),
            )
            for one in profiles
        ),
        tuple(faults),
    )
    if flags["json"]:
        print(as_json(document))
    elif document.profiles:
        head = ("PROFILE", "CREDENTIALS", "ACCESS KEY ID", "ACCOUNT", "REGION", "ENDPOINT")
        rows = [
            (
                row.name,
                row.provider,
                *(cell or "-" for cell in (row.access_key_id, row.account_id, row.region)),
                row.endpoint_url or "-",
            )
            for row in document.profiles
        ]
        print(columns([head, *rows]))
    return _unreadable(faults)


def run_show(flags: Mapping[str, Any]) -> Exit:
    """Show a profile's options, where each stands, and which are hidden."""
    profiles, faults = read_profiles(os.environ)
    profile = _existing(flags["name"], profiles)
    options = tuple(
        ShownOption(
            one.name,
            MASK if is_secret(one.name, one.value) and not flags["show_secret"] else one.value,
            one.path,
            one.line,
            one.hidden,
        )
        for one in profile.settings
    )
    document = ShownProfile(profile.name, profile.provider, profile.account_id, options)
    if flags["json"]:
        print(as_json(document))
    else:
        print(f"Profile {printable(profile.name)}: {profile.provider}, account {profile.account_id or 'unknown'}")
        rows = [
            (f"  {one.name}", one.value, f"{one.path}:{one.line}{' (hidden)' if one.hidden else ''}") for one in options
        ]
        print(columns(rows))
    return _unreadable(faults)


def run_set(flags: Mapping[str, Any]) -> Exit:
    """Set options of a profile, and its key, in the file where each belongs."""
    options: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for assignment in flags["options"]:
        name, equals, value = assignment.partition("=")
        _refuse_option(name)
        if not equals:
            stop(f"{assignment!r} is not OPTION=VALUE", Exit.USAGE)
        if is_secret(name, value):
            stop("a command line can be read by every process: give a secret by --key", Exit.USAGE)
        options[Kind.CREDENTIALS if name in CREDENTIAL_OPTIONS else Kind.CONFIG][name] = value
    unset = set(flags["unset"])
    if flags["key"]:
        options[Kind.CREDENTIALS] |= read_key("--key")
        if TOKEN not in options[Kind.CREDENTIALS]:
            # A session's token that is left over would be sent with the key, which then is refused.
            unset.add(TOKEN)
    if not unset and not any(options.values()):
        stop("nothing to set: give OPTION=VALUE, --unset OPTION or --key", Exit.USAGE)
    try:
        written = set_profile(
            flags["name"], options, os.environ, unset=frozenset(unset), replace_key=flags["replace_key"]
        )
    except AwsFileError as error:
        hint = "; --replace-key overwrites it" if "another key" in str(error) else ""
        stop(f"{error}{hint}")
    return _tell(flags, flags["name"], written, "set")


def run_rename(flags: Mapping[str, Any]) -> Exit:
    """Give a profile another name, in both files and wherever `source_profile` names it."""
    old, new = flags["old"], flags["new"]
    refuse_bad_name(new)
    profiles, _ = read_profiles(os.environ)
    _existing(old, profiles)
    if any(one.name == new for one in profiles):
        stop(f"there is a profile {new} already")
    if any(one.rule == "spelt-twice" for one in lint(os.environ)):
        stop("a profile stands there under two spellings: `keywright profiles lint` says which")
    users = [one.name for one in profiles if one.value("source_profile") == old]

    def change(lines: Lines) -> None:
        for kind in Kind:
            section = lines.find(old, kind)
            if section is not None:
                rename_section(lines.of(kind), section, header_of(new, kind))
            for one in parse(lines.of(kind)).sections:
                if one.value("source_profile") == old:
                    set_options(lines.of(kind), one, one.name, {"source_profile": new})

    return _tell(flags, new, edit(os.environ, change, about=frozenset({old, new, *users})), "renamed")


def run_delete(flags: Mapping[str, Any]) -> Exit:
    """Take a profile out of both files."""
    name = flags["name"]
    profiles, _ = read_profiles(os.environ)
    profile = _existing(name, profiles)
    users = [one.name for one in profiles if one.value("source_profile") == name]
    if users and not flags["force"]:
        stop(f"the profile {', '.join(users)} takes its credentials from {name}; --force deletes it all the same")
    if not flags["yes"]:
        if not is_interactive():
            stop(f"to delete the profile {name} without asking takes --yes", Exit.USAGE)
        if not confirm(f"Delete the profile {name} from both AWS files, and its secret from our copies of them?"):
            stop("nothing was deleted")

    def change(lines: Lines) -> None:
        for kind in Kind:
            # Under another spelling it may be there again, hidden so far.
            while (section := lines.find(name, kind)) is not None:
                delete_section(lines.of(kind), section)

    # The key goes first: without its endpoint_url it would be sent to AWS.
    order = (Kind.CREDENTIALS, Kind.CONFIG)
    written = edit(os.environ, change, about=frozenset({name}), order=order)
    key = profile.value(KEY_ID)
    if key is not None:
        note(f"The key {key} still works wherever else it is: deactivate it if nobody needs it.")
    return _tell(flags, name, written, "deleted")


def _shown(profile: Profile, option: str) -> str | None:
    """Give a value, masked where a secret was pasted to where none belongs."""
    value = profile.value(option)
    return MASK if value is not None and is_secret(option, value) else value


def _existing(name: str, profiles: list[Profile]) -> Profile:
    found = next((one for one in profiles if one.name == name), None)
    if found is not None:
        return found
    names = ", ".join(one.name for one in profiles) or "none"
    return stop(f"there is no profile {name}; there are: {names}")


def _refuse_option(name: str) -> None:
    """Refuse what no line can hold, or no tool reads."""
    if not name.replace("_", "").isalnum() or not name.isascii() or name != name.lower():
        stop(f"an option's name is made of small letters, digits and _: {name!r} is not", Exit.USAGE)
    if name not in KNOWN_OPTIONS:
        note(f"keywright: no AWS tool that we know reads {name}; it is written all the same")


def _tell(flags: Mapping[str, Any], profile: str, written: Written, what: str) -> Exit:
    if flags["json"]:
        print(as_json(Changed(profile, written.changed, written.backups)))
    elif not written.changed:
        print(f"Profile {profile} is so already; nothing was written")
    else:
        print(f"Profile {profile} {what} in {' and '.join(str(path) for path in written.changed)}")
        for backup in written.backups:
            print(f"  as it was before: {backup}")
    return Exit.FINE


def _unreadable(faults: list[str]) -> Exit:
    if not faults:
        return Exit.FINE
    note(f"keywright: no AWS tool can read these files because of {', '.join(faults)}: `keywright profiles lint`")
    return Exit.NEGATIVE
