"""The administrator's commands: their names, meanings and flags. What they do is imported when they are run."""

from __future__ import annotations

from typing import Any, Final

from keywright.commands.settings_flags import add_settings

MEANINGS: Final = {
    "backup": "back up the store to one file, while it is served",
    "restore": "put a store back from a backup, into an empty data folder",
    "check": "check every reference, seal, counter and event of the store, while it is served",
    "reseal": "seal every secret with a new master key, while the store is served",
    "recover": "make a new administrator of an account in a stopped store, for who has lost every other",
    "move": "move a stopped store from SQLite to PostgreSQL, or back",
}
SETTING_NAMES: Final = {
    "backup": ("data", "database"),
    "restore": ("data", "database"),
    "check": ("data", "database"),
    "reseal": ("data", "database"),
    "recover": ("data", "database", "profile", "host", "port", "tls"),
    "move": ("data",),
}
_EPILOG: Final = "docs/administration.md shows them at work."


def add_command(commands: Any, name: str) -> None:
    """Add the parser of a command."""
    parser = commands.add_parser(name, help=MEANINGS[name], epilog=_EPILOG, allow_abbrev=False)
    _ARGUMENTS[name](parser)
    add_settings(parser, only=SETTING_NAMES[name])
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _backup(parser: Any) -> None:
    parser.add_argument("file", metavar="FILE", help="the file to write, which must not exist yet")
    parser.add_argument(
        "--for",
        dest="recipients",
        action="append",
        default=[],
        metavar="RECIPIENT",
        help="encrypt it to an age1… recipient, an SSH public key, or a file of them; may be repeated",
    )
    parser.add_argument("--with-master-key", action="store_true", help="put the master key into it too; requires --for")


def _restore(parser: Any) -> None:
    parser.add_argument("file", metavar="FILE", help="the backup")
    parser.add_argument(
        "--identity",
        dest="identities",
        action="append",
        default=[],
        metavar="FILE",
        help="the age identity or SSH private key that decrypts it; may be repeated [~/.ssh/id_ed25519, ~/.ssh/id_rsa]",
    )


def _check(_parser: Any) -> None:
    """Add nothing: it has the settings alone."""


def _reseal(parser: Any) -> None:
    parser.add_argument(
        "--drop-old", action="store_true", help="remove the old master key, once nothing is sealed with it any more"
    )


def _recover(parser: Any) -> None:
    parser.add_argument("--account", required=True, metavar="ID", help="the account, 12 digits")


def _move(parser: Any) -> None:
    parser.add_argument("--from", dest="source", required=True, metavar="URL", help="the database to read")
    parser.add_argument("--to", dest="target", required=True, metavar="URL", help="the database to fill, an empty one")


_ARGUMENTS: Final = {
    "backup": _backup,
    "restore": _restore,
    "check": _check,
    "reseal": _reseal,
    "recover": _recover,
    "move": _move,
}
