"""The flags of issue, resume, import, receive, verify and doctor."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, add_endpoint


def add_store(parser: argparse.ArgumentParser) -> None:
    """Take where a profile is to have its key from."""
    parser.add_argument(
        "--store",
        metavar="STORE",
        choices=("plain", "keyring", "file"),
        default="plain",
        help="where the key is kept: plain (the AWS files, as without this), or in a key store: keyring or file",
    )


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", help="the file that the console gave with the key")
    parser.add_argument("--profile", metavar="NAME", help="the profile to write (the user's name)")
    add_endpoint(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--user", metavar="USER", help="of several keys the one of this user")
    which.add_argument("--all", action="store_true", help="all of several keys")
    _take(parser)


def _receive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.age", help="the file that `keywright issue --for` made")
    parser.add_argument("--profile", metavar="NAME", help="the profile to write (the user's name)")
    parser.add_argument(
        "--identity",
        metavar="FILE",
        action="append",
        default=[],
        help="an SSH private key or age identities to open it with (~/.ssh/id_ed25519, ~/.ssh/id_rsa); repeatable",
    )
    add_endpoint(parser)
    _take(parser)


def _take(parser: argparse.ArgumentParser) -> None:
    """Take what both import and receive do with a key."""
    add_store(parser)
    parser.add_argument("--replace-key", action="store_true", help="overwrite the key that the profile has")
    parser.add_argument("--no-verify", action="store_true", help="do not ask the service whether the key works")
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--shred", action="store_true", help="overwrite and remove the file without asking")
    after.add_argument("--keep", action="store_true", help="keep the file without asking")


def _issue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER", nargs="?", help="the user (oneself)")
    parser.add_argument("--profile", metavar="NAME", help="the profile that asks for the key")
    add_endpoint(parser)
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
    add_store(parser)
    parser.add_argument("--csv", metavar="FILE", help="write the console's file too, for a password manager")
    parser.add_argument(
        "--for",
        metavar="RECIPIENT",
        help="hand it over: encrypt it for an age1… recipient, an ssh-ed25519 or ssh-rsa public key, a file of such "
        "lines, or `passphrase`; nothing of it stays here",
    )
    parser.add_argument("--out", metavar="FILE", help="the encrypted file (USER_accessKeys.csv.age)")
    parser.add_argument("--replace-key", action="store_true", help="overwrite the key that the profile has")
    parser.add_argument("--yes", action="store_true", help="do not ask whether something else would serve better")


def _resume(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--undo", action="store_true", help="delete the unfinished keys instead")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="the profile, as it would be given to the tool")
    add_endpoint(parser)
    parser.add_argument("--offline", action="store_true", help="look at this machine only, ask no service")


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="the profile, where it is not that of AWS_PROFILE")
    add_endpoint(parser)
    parser.add_argument(
        "--can",
        metavar=("ACTION", "RESOURCE"),
        nargs="+",
        action="append",
        default=[],
        help="say whether ACTION (s3:ListBucket) is allowed, on RESOURCE where it is given; repeatable",
    )


KEYS: Final = (
    Subcommand(
        ("issue",),
        "make a key for a user and put it into a profile, or hand it over",
        "issue:run_issue",
        "issue:Issued",
        _issue,
    ),
    Subcommand(("resume",), "finish a key whose issue was interrupted", "resume:run_resume", "resume:Resumed", _resume),
    Subcommand(
        ("import",),
        "put the console's FILE.csv into a profile, verified",
        "import_csv:run_import",
        "import_csv:Imported",
        _import,
    ),
    Subcommand(
        ("receive",),
        "open a key that was handed over, and put it into a profile, verified",
        "receive:run_receive",
        "import_csv:Imported",
        _receive,
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
)
