"""Run an administrator's command, and say what it did."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from keywright.client.errors import CommandError
from keywright.commands.failing import fail
from keywright.server.settings import SettingError, Settings
from keywright.store.existing import AdministrationError
from keywright.store.opening import locate
from keywright.store.transaction import StoreError

_SHOWN: Final = 100
"""How many problems are shown to a person; --json has all."""


def run_command(parsed: Mapping[str, Any], settings: Settings) -> int:
    """Run it; return its exit code: 0 done, 1 declined or something is wrong, 2 wrong usage or a store of no use."""
    try:
        return _COMMANDS[parsed["command"]](parsed, settings)
    except AdministrationError as error:
        return fail(error, 1, as_json=parsed["json"])
    except CommandError as error:
        return fail(error, error.exit_code, as_json=parsed["json"])
    except (SettingError, StoreError) as error:
        return fail(error, 2, as_json=parsed["json"])
    except OSError as error:
        return fail(f"{error.filename or 'a file'}: {error.strerror or error}", 1, as_json=parsed["json"])


def _show(parsed: Mapping[str, Any], document: Mapping[str, Any], text: str) -> None:
    print(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() if parsed["json"] else text)


def _backup(parsed: Mapping[str, Any], settings: Settings) -> int:
    from keywright.commands.administration.backup import take_backup

    location = locate(settings.data, settings.database)
    target = Path(parsed["file"]).expanduser().absolute()
    names, with_key = parsed["recipients"], parsed["with_master_key"]
    made = take_backup(location, target, names, os.environ, with_master_key=with_key)
    document = {
        "File": str(made.file),
        "Bytes": made.size,
        "Encrypted": bool(names),
        "Schema": made.manifest.schema,
        "MasterKeys": list(made.manifest.master_keys),
        "WithMasterKey": made.manifest.has_master_key,
    }
    keys = ", ".join(made.manifest.master_keys)
    note = (
        "The master key is in it: whoever can decrypt it has every secret."
        if with_key
        else f"The master key ({keys}) is not in it, and it cannot be restored without: back that up elsewhere."
    )
    _show(parsed, document, f"Backed up to {made.file} ({made.size:,} bytes). The copy was verified.\n{note}")
    return 0


def _restore(parsed: Mapping[str, Any], settings: Settings) -> int:
    from keywright.client.cli.passphrases import ask_passphrase
    from keywright.commands.administration.restore import restore_backup

    location = locate(settings.data, settings.database)
    identities = [Path(one).expanduser() for one in parsed["identities"]]
    restored = restore_backup(location, Path(parsed["file"]).expanduser(), identities, os.environ, ask_passphrase)
    manifest = restored.manifest
    document = {"Database": str(restored.database), "MadeAt": manifest.made_at, "Schema": manifest.schema}
    _show(parsed, document, f"Restored {restored.database}, as it was at {manifest.made_at}. It was verified.")
    return 0


def _check(parsed: Mapping[str, Any], settings: Settings) -> int:
    from keywright.commands.administration.check import check_store

    checked = check_store(locate(settings.data, settings.database), os.environ)
    problems = [one._asdict() for one in checked.problems]
    document = {
        "Rows": checked.rows,
        "Events": checked.events,
        "SealedValues": checked.sealed,
        "Problems": [{name.capitalize(): value for name, value in one.items()} for one in problems],
    }
    lines = [f"{one.check}: {one.where}: {one.what}\n  {one.fix}" for one in checked.problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"… and {len(problems) - _SHOWN} more: --json shows all")
    sealed = ", ".join(f"{number:,} by master key {key}" for key, number in checked.sealed.items())
    found = f"{len(problems):,} problems" if problems else "nothing is wrong"
    lines.append(f"Checked {checked.rows:,} rows, {checked.events:,} events, sealed values ({sealed}): {found}.")
    _show(parsed, document, "\n".join(lines))
    return 1 if problems else 0


def _reseal(parsed: Mapping[str, Any], settings: Settings) -> int:
    from keywright.commands.administration.reseal import drop_old_keys, reseal_store

    location = locate(settings.data, settings.database)
    if parsed["drop_old"]:
        done = drop_old_keys(location, os.environ, now=time.time())
        text = f"The master key {done.key_id} is the only one now. Back it up; backups of before need the old one."
    else:
        done = reseal_store(location, os.environ)
        text = (
            f"Sealed {done.values:,} values again: all are sealed with the master key {done.key_id} now. "
            f"Back it up.\nThe old one ({', '.join(done.others)}) opens nothing but sessions; it can go once they have "
            "ended, after 36 hours: keywright reseal --drop-old"
        )
    document = {"MasterKey": done.key_id, "OldMasterKeys": list(done.others), "Values": done.values}
    _show(parsed, document, text)
    return 0


def _recover(parsed: Mapping[str, Any], settings: Settings) -> int:
    from keywright.client.errors import AwsFileError
    from keywright.commands.accounts import save_profile
    from keywright.commands.administration.recover import recover_administrator
    from keywright.commands.endpoint import planned_endpoint

    location = locate(settings.data, settings.database)
    endpoint = planned_endpoint(settings, location.folder, os.environ)
    if settings.profile and endpoint is None:
        raise SettingError("the profile needs the server's port: set --port or KEYWRIGHT_PORT")
    made = recover_administrator(location, parsed["account"], os.environ)
    note, failure = None, None
    if settings.profile and endpoint is not None:
        try:
            key = (made.access_key_id, made.secret_access_key)
            note = save_profile(key, settings.profile, endpoint, os.environ)
        except AwsFileError as error:
            failure = error
    secret = None if note else made.secret_access_key.reveal()
    document = {
        "AccountId": made.account_id,
        "UserName": made.user_name,
        "Password": made.password.reveal(),
        "AccessKeyId": made.access_key_id,
        "SecretAccessKey": secret,
    }
    lines = (
        f"Account {made.account_id} has a new administrator. This is shown once and kept nowhere: store it safely.",
        "",
        f"  Administrator  {made.user_name}",
        f"  Password       {made.password.reveal()}",
        f"  Access key ID  {made.access_key_id}",
        f"  Secret key     {secret or f'in the profile {settings.profile}'}",
        "",
        "The account's event history has it as RecoverAdministrator.",
    )
    _show(parsed, document, "\n".join(lines))
    if note:
        print(note, file=sys.stderr)
    # What was made has been printed: it is the one object of --json.
    return 0 if failure is None else fail(failure, 1, as_json=False)


def _move(parsed: Mapping[str, Any], settings: Settings) -> int:
    from keywright.commands.administration.move import move_store, next_step

    moved = move_store(settings.data, parsed["source"], parsed["target"], os.environ)
    document = {"From": str(moved.source), "To": str(moved.target), "Rows": moved.rows}
    total = sum(moved.rows.values())
    text = f"Moved {total:,} rows of {len(moved.rows)} tables to {moved.target}; the counts agree."
    _show(parsed, document, text)
    print(next_step(moved), file=sys.stderr)
    return 0


_COMMANDS: Final[dict[str, Callable[[Mapping[str, Any], Settings], int]]] = {
    "backup": _backup,
    "restore": _restore,
    "check": _check,
    "reseal": _reseal,
    "recover": _recover,
    "move": _move,
}
