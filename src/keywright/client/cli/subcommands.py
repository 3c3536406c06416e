"""The client's subcommands: their flags, and which function runs each; none is imported before it is to run."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

PACKAGE: Final = "keywright.client.cli."


class Subcommand(NamedTuple):
    """One subcommand, or one action of a subcommand that has several."""

    words: tuple[str, ...]
    help: str
    run: str
    """`module:function`; it takes the flags and gives the exit code."""
    document: str
    """`module:class`: what --json prints."""
    add_flags: Callable[[argparse.ArgumentParser], None]


def _no_flags(_parser: argparse.ArgumentParser) -> None:
    """Have no flags but those of every subcommand."""


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="PROFILE", help="the profile")
    parser.add_argument("--show-secret", action="store_true", help="show its secrets too")


def _set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="PROFILE", help="the profile; it is made where it is not there")
    parser.add_argument("options", metavar="OPTION=VALUE", nargs="*", help="options, such as region=eu-central-1")
    parser.add_argument("--unset", metavar="OPTION", action="append", default=[], help="take an option out; repeatable")
    parser.add_argument(
        "--key",
        action="store_true",
        help="set its access key: id, secret and, for an ASIA key, token are asked for, or read from standard input",
    )
    parser.add_argument("--replace-key", action="store_true", help="overwrite the key that it has, and its secret")


def _rename(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="PROFILE", help="the profile")
    parser.add_argument("new", metavar="NEW_NAME", help="its new name")


def _delete(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="PROFILE", help="the profile")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--force", action="store_true", help="even where another profile is based on it")


def _fix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="only say what would be mended")


def _endpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", metavar="REGION", help="the region")
    parser.add_argument("--endpoint-url", metavar="URL", help="the endpoint, where it is not AWS's")


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", help="the file that the console gave with the key")
    parser.add_argument("--profile", metavar="NAME", help="the profile to write (the user's name)")
    _endpoint(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--user", metavar="USER", help="of several keys the one of this user")
    which.add_argument("--all", action="store_true", help="all of several keys")
    parser.add_argument("--replace-key", action="store_true", help="overwrite the key that the profile has")
    parser.add_argument("--no-verify", action="store_true", help="do not ask the service whether the key works")
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--shred", action="store_true", help="overwrite and remove the file without asking")
    after.add_argument("--keep", action="store_true", help="keep the file without asking")


def _issue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER", nargs="?", help="the user (oneself)")
    parser.add_argument("--profile", metavar="NAME", help="the profile that asks for the key")
    _endpoint(parser)
    parser.add_argument("--as", metavar="NAME", help="the profile that is to have the key (the user's name)")
    for name, text in (
        ("purpose", "what the key is for"),
        ("owner", "who answers for it"),
        ("environment", "dev, staging, prod"),
        ("project", "for which project"),
    ):
        parser.add_argument(f"--{name}", metavar="TEXT", help=text)
    parser.add_argument("--expires", metavar="90d", help="when it is to be replaced: in days, or a day as 2027-02-22")
    parser.add_argument("--tag", metavar="NAME=VALUE", action="append", default=[], help="more to know; repeatable")
    parser.add_argument("--csv", metavar="FILE", help="write the console's file too, for a password manager")
    parser.add_argument("--replace-key", action="store_true", help="overwrite the key that the profile has")
    parser.add_argument("--yes", action="store_true", help="do not ask whether something else would serve better")


def _resume(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--undo", action="store_true", help="delete the unfinished keys instead")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="the profile, as it would be given to the tool")
    _endpoint(parser)
    parser.add_argument("--offline", action="store_true", help="look at this machine only, ask no service")


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="the profile, where it is not that of AWS_PROFILE")
    _endpoint(parser)
    parser.add_argument(
        "--can",
        metavar=("ACTION", "RESOURCE"),
        nargs="+",
        action="append",
        default=[],
        help="say whether ACTION (s3:ListBucket) is allowed, on RESOURCE where it is given; repeatable",
    )


_PROFILES: Final = "profiles_documents:"

SUBCOMMANDS: Final = (
    Subcommand(
        ("issue",), "make a key for a user and put it into a profile", "issue:run_issue", "issue:Issued", _issue
    ),
    Subcommand(("resume",), "finish a key whose issue was interrupted", "issue:run_resume", "issue:Resumed", _resume),
    Subcommand(
        ("import",),
        "put the console's FILE.csv into a profile, verified",
        "import_csv:run_import",
        "import_csv:Imported",
        _import,
    ),
    Subcommand(
        ("verify",),
        "say who signs, with which key from where, and what it may do",
        "verify:run_verify",
        "verify_document:Verified",
        _verify,
    ),
    Subcommand(
        ("doctor",),
        "say which credentials each tool takes, what is wrong, and what to type next",
        "doctor:run_doctor",
        "doctor:Examined",
        _doctor,
    ),
    Subcommand(("profiles", "list"), "list the profiles", "profiles:run_list", _PROFILES + "ProfileList", _no_flags),
    Subcommand(("profiles", "show"), "show one", "profiles:run_show", _PROFILES + "ShownProfile", _show),
    Subcommand(("profiles", "set"), "set options, or the key", "profiles:run_set", _PROFILES + "Changed", _set),
    Subcommand(("profiles", "rename"), "rename one", "profiles:run_rename", _PROFILES + "Changed", _rename),
    Subcommand(("profiles", "delete"), "delete one", "profiles:run_delete", _PROFILES + "Changed", _delete),
    Subcommand(
        ("profiles", "lint"), "say what is wrong, line by line", "lint:run_lint", _PROFILES + "Linted", _no_flags
    ),
    Subcommand(("profiles", "fix"), "mend what can be mended", "lint:run_fix", _PROFILES + "Fixed", _fix),
)

_GROUPS: Final = {"profiles": "read and change the AWS files, ~/.aws/config and ~/.aws/credentials"}


def add_subcommands(commands: Any) -> None:
    """Add the subcommands to a parser's."""
    groups: dict[str, Any] = {}
    for one in SUBCOMMANDS:
        place = commands
        if len(one.words) > 1:
            group = one.words[0]
            if group not in groups:
                parser = commands.add_parser(group, help=_GROUPS[group], description=_GROUPS[group], allow_abbrev=False)
                groups[group] = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
            place = groups[group]
        parser = place.add_parser(one.words[-1], help=one.help, description=one.help, allow_abbrev=False)
        one.add_flags(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.set_defaults(client_command=one.run)


def run(flags: Mapping[str, Any]) -> int:
    """Run a subcommand; give its exit code: 0 fine, 1 a finding or a refusal, 2 wrong usage, 3 no way in."""
    from keywright.client.cli.terminal import Exit, Stop, note
    from keywright.client.errors import AwsFileError
    from keywright.client.known_options import without_secrets

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that is not UTF-8 shows what it can.
            stream.reconfigure(errors="backslashreplace")
    module, _, function = flags["client_command"].partition(":")
    command = getattr(importlib.import_module(PACKAGE + module), function)
    try:
        code = command(flags)
        sys.stdout.flush()
    except Stop as stopped:
        note(f"keywright: {without_secrets(str(stopped))}")
        return int(stopped.code)
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written, not by Python's own ending either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.NEGATIVE)
    except (AwsFileError, OSError) as error:
        note(f"keywright: {without_secrets(str(error))}")
        return int(Exit.NEGATIVE)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return int(code)
