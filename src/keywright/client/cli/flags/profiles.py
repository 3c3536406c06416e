"""The flags of profiles and its actions."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, no_flags


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
        help="set its access key: id, secret and, for an ASIA key, token are asked for; without a terminal each is a "
        "line of standard input, which may be a pipe, or a descriptor: `--key <&3`",
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


_DOCUMENTS: Final = "profiles_documents:"

PROFILES: Final = (
    Subcommand(("profiles", "list"), "list the profiles", "profiles:run_list", _DOCUMENTS + "ProfileList", no_flags),
    Subcommand(("profiles", "show"), "show one", "profiles:run_show", _DOCUMENTS + "ShownProfile", _show),
    Subcommand(("profiles", "set"), "set options, or the key", "profiles:run_set", _DOCUMENTS + "Changed", _set),
    Subcommand(("profiles", "rename"), "rename one", "profiles:run_rename", _DOCUMENTS + "Changed", _rename),
    Subcommand(("profiles", "delete"), "delete one", "profiles:run_delete", _DOCUMENTS + "Changed", _delete),
    Subcommand(
        ("profiles", "lint"), "say what is wrong, line by line", "lint:run_lint", _DOCUMENTS + "Linted", no_flags
    ),
    Subcommand(("profiles", "fix"), "mend what can be mended", "lint:run_fix", _DOCUMENTS + "Fixed", _fix),
)
