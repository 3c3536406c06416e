"""The flags of store, credential-process, migrate, exec, export and login-session."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, add_endpoint, no_flags
from keywright.client.durations import DurationError, read_duration

_SHOW: Final = "show secrets on a terminal too"
FORMATS: Final = ("env", "dotenv", "json", "github", "github-env", "gitlab", "powershell", "fish")


def seconds(text: str) -> int:
    """
    Read a span of time: 12h, 30m, 900.

    Raises: ArgumentTypeError.
    """
    try:
        duration = read_duration(text, "it", unit="s")
    except DurationError:
        duration = timedelta()
    if not duration:
        raise argparse.ArgumentTypeError(f"a span of time looks like 12h, 30m or 900 (seconds), not {text!r}")
    return int(duration.total_seconds())


def _unlocked_seconds(text: str) -> int:
    # Imported here: every command's flags are made from this file.
    from keywright.client.keystore.unlocked import MOST_SECONDS

    asked = seconds(text)
    if asked > MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            f"a store stays unlocked for {MOST_SECONDS // 86400} days at most, not {text!r}"
        )
    return asked


def _profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("profile", metavar="PROFILE", help="the profile")


def _show(parser: argparse.ArgumentParser) -> None:
    _profile(parser)
    parser.add_argument("--show-secret", action="store_true", help="show its secrets too")


def _put(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("profile", metavar="PROFILE", help="the profile; it is made where it is not there")
    parser.add_argument(
        "--to",
        metavar="STORE",
        choices=("keyring", "file"),
        help="keyring or file (as KEYWRIGHT_STORE says, else the keyring where there is one)",
    )
    add_endpoint(parser)
    parser.add_argument("--replace-key", action="store_true", help="overwrite the key that it has, and its secret")


def _delete(parser: argparse.ArgumentParser) -> None:
    _profile(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _unlock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--for", metavar="12h", type=_unlocked_seconds, default="12h", help="for how long (12h), 7d at most"
    )


def _process(parser: argparse.ArgumentParser) -> None:
    _profile(parser)
    parser.add_argument(
        "--data-home",
        metavar="FOLDER",
        help="where the store was made under another XDG_DATA_HOME than the tool may have: that one",
    )
    parser.add_argument("--show-secret", action="store_true", help=_SHOW)


def _migrate(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--profile", metavar="NAME", help="the profile whose key moves")
    which.add_argument("--all", action="store_true", help="every profile that has a key")
    parser.add_argument(
        "--to",
        metavar="STORE",
        choices=("keyring", "file", "plain"),
        help="keyring or file (as KEYWRIGHT_STORE says, else the keyring where there is one), or plain: back into the "
        "credentials file",
    )
    add_endpoint(parser)
    parser.add_argument("--no-verify", action="store_true", help="do not ask the service whether the key works")
    parser.add_argument("--replace-key", action="store_true", help="overwrite another key that the store has for it")


def _exec(parser: argparse.ArgumentParser) -> None:
    _profile(parser)
    add_endpoint(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--session",
        action="store_true",
        default=None,
        help="give credentials that end (GetSessionToken); so too without it where the profile has an mfa_serial",
    )
    which.add_argument("--no-session", action="store_false", dest="session", help="give the key itself")
    _session(parser)
    # All that comes after it is the command's: argparse would take a later `--` out of any other list.
    parser.add_argument(
        "command_line", metavar="CMD", nargs=argparse.PARSER, help="the command; all that comes after it is its own"
    )


def _session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--duration", metavar="1h", type=seconds, help="how long the session lasts, 15m to 36h")
    parser.add_argument(
        "--mfa-code-file", metavar="FILE", help="read the MFA code from a file, such as <(oathtool …); else it is asked"
    )


def _export(parser: argparse.ArgumentParser) -> None:
    _profile(parser)
    parser.add_argument("--format", metavar="FORM", choices=FORMATS, default="env", help=f"{', '.join(FORMATS)} (env)")
    add_endpoint(parser)
    parser.add_argument("--show-secret", action="store_true", help=_SHOW)


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("profile", metavar="PROFILE", help="a profile that `aws login` has signed in")
    parser.add_argument("--show-secret", action="store_true", help=_SHOW)


_DOCUMENTS: Final = "store_documents:"

STORING: Final = (
    Subcommand(("store", "list"), "list the keys", "store:run_list", _DOCUMENTS + "KeyList", no_flags),
    Subcommand(("store", "show"), "show one", "store:run_show", _DOCUMENTS + "ShownKey", _show),
    Subcommand(
        ("store", "put"),
        "put a key in, and lead its profile there",
        "store:run_put",
        _DOCUMENTS + "PutKey",
        _put,
    ),
    Subcommand(("store", "delete"), "forget a key", "store:run_delete", _DOCUMENTS + "Deleted", _delete),
    Subcommand(
        ("store", "status"),
        "say which stores there are, and whether they are locked",
        "store_locks:run_status",
        _DOCUMENTS + "Status",
        no_flags,
    ),
    Subcommand(
        ("store", "unlock"),
        "let tools read the sealed file, for a while",
        "store_locks:run_unlock",
        _DOCUMENTS + "Unlocked",
        _unlock,
    ),
    Subcommand(("store", "lock"), "lock it again", "store_locks:run_lock", _DOCUMENTS + "LockedAgain", no_flags),
    Subcommand(
        ("store", "passphrase"),
        "choose another passphrase for the sealed file",
        "store_locks:run_passphrase",
        _DOCUMENTS + "PassphraseChanged",
        no_flags,
    ),
    Subcommand(
        ("migrate",),
        "move keys out of plain text into a store, between stores, or back, verified",
        "migrate:run_migrate",
        "migrate:Migrated",
        _migrate,
    ),
    Subcommand(
        ("exec",), "run a command with a profile's credentials in its environment", "exec:run_exec", None, _exec
    ),
    Subcommand(
        ("export",), "print a profile's credentials for a shell or a CI service", "export:run_export", None, _export
    ),
    Subcommand(
        ("credential-process",),
        "print a stored key for an AWS tool, as `credential_process` of a profile",
        "credential_process:run_credential_process",
        None,
        _process,
    ),
    Subcommand(
        ("login-session",),
        "print the credentials of `aws login` for tools that do not know it, as `credential_process` of a profile",
        "login_session:run_login_session",
        None,
        _login,
    ),
)
