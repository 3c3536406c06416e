"""The flags of rotate."""

from __future__ import annotations

import argparse
from typing import Final

from keywright.client.cli.flags.subcommand import Subcommand, add_endpoint


def _rotate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="the profile that signs; alone, its own key is rotated")
    add_endpoint(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--user", metavar="USER", help="rotate a user's key, which this machine holds")
    which.add_argument("--all", action="store_true", help="rotate every user's, with --older-than")
    parser.add_argument("--older-than", metavar="90d", help="only keys that are older")
    parser.add_argument(
        "--also",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help="more files that hold the key, of any form: .env, shell, JSON, YAML",
    )
    parser.add_argument(
        "--expires", metavar="90d", help="when the new key is to be replaced in its turn (after as long as the old)"
    )
    parser.add_argument("--remove-unused", metavar="KEYID", help="delete the user's other key first, if it is unused")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done, or what is unfinished")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--resume", action="store_true", help="go on with the rotations that are not finished")
    how.add_argument("--rollback", action="store_true", help="go back: the old key stays, the new one is deleted")
    parser.add_argument("--wait", metavar="30m", default="0", help="how long to stay for what takes time (0)")
    parser.add_argument(
        "--deactivate-after", metavar="1h", help="how long the old key must have been unused to be deactivated (1h)"
    )
    parser.add_argument(
        "--delete-after", metavar="7d", help="how long it is inactive before it is deleted (7d: what runs weekly shows)"
    )
    parser.add_argument("--max-parallel", metavar="N", type=int, default=4, help="how many at a time (4)")
    parser.add_argument("--mfa-serial", metavar="SERIAL", help="the MFA device, where calls need one (the profile's)")
    parser.add_argument("--mfa-code", metavar="CODE", help="its code; asked for on a terminal")


ROTATION: Final = (
    Subcommand(
        ("rotate",),
        "replace a key by a new one, wherever it is, and end the old one once it is unused",
        "rotate:run_rotate",
        "rotate_documents:Rotated",
        _rotate,
    ),
)
