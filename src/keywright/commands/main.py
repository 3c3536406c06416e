"""The `keywright` command."""

from __future__ import annotations

import argparse
import gc
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from keywright import __version__
from keywright.commands.administration.arguments import MEANINGS, add_command
from keywright.commands.endpoint import Endpoint, planned_endpoint
from keywright.commands.failing import fail
from keywright.commands.own_command import own_command
from keywright.commands.requirements import NO_SERVER, missing_requirement
from keywright.commands.settings_flags import add_settings
from keywright.commands.streams import flushed_streams, open_missing_streams
from keywright.commands.usage import CommandParser, WrongUsageError
from keywright.server.settings import SettingError, Settings, read_settings

_EPILOG: Final = "Every flag can be set by a variable too: --data by KEYWRIGHT_DATA."
"""Of the server's commands; the client's read the AWS CLI's variables."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code: 0 done, 1 refused, 2 wrong usage, or a store or an address of no use."""
    open_missing_streams()
    with flushed_streams():
        return _main(sys.argv[1:] if arguments is None else arguments)


def _main(given: Sequence[str]) -> int:
    parser = _parser(given[0] if given else None)
    try:
        parsed = vars(parser.parse_args(given))
    except WrongUsageError as wrong:
        wrong.end(as_json="--json" in given and given[0] != "exec")
    if "client_command" in parsed:
        from keywright.client.cli import subcommands

        # `completion` looks through all of it.
        return subcommands.run({**parsed, "parser": parser})
    as_json = bool(parsed.get("json"))
    try:
        settings = read_settings(parsed, os.environ)
    except SettingError as error:
        return fail(error, 2, as_json=as_json)
    if parsed["command"] == "serve":
        # Starting makes a great many things and drops none: the collector would look through them again and again.
        gc.disable()
    missing = missing_requirement()
    if missing is not None:
        return fail(NO_SERVER.format(missing=missing), 2, as_json=as_json)
    if parsed["command"] in MEANINGS:
        from keywright.commands.administration.run import run_command

        return run_command(parsed, settings)
    # Imported here: `keywright --help` answers at once, the server takes a moment.
    from keywright.client.errors import AwsFileError
    from keywright.commands.accounts import AccountError, AlreadyInitialised
    from keywright.server.serving import ServeError
    from keywright.store.transaction import StoreError

    try:
        return _run(parsed, settings)
    except AlreadyInitialised:
        reason = "this store has an account already; `keywright account create` adds another"
        return fail(reason, 1, as_json=as_json)
    except AccountError as error:
        return fail(error, 1, as_json=as_json)
    except AwsFileError as error:
        # The account has been printed: it is the one object of --json.
        return fail(error, 1, as_json=False)
    except (SettingError, StoreError, ServeError) as error:
        return fail(error, 2, as_json=as_json)


def _run(parsed: dict[str, Any], settings: Settings) -> int:
    if parsed["command"] == "serve":
        from keywright.commands.serve import run_server

        run_server(settings)
        return 0
    from keywright.commands.accounts import run, show_account
    from keywright.commands.output import as_json, as_text
    from keywright.store.opening import locate

    folder = locate(settings.data, settings.database).folder
    endpoint = planned_endpoint(settings, folder, os.environ)
    if settings.profile and endpoint is None:
        raise SettingError(
            "the profile needs the server's port, and port 0 is known only once the server has started: "
            "set --port or KEYWRIGHT_PORT, or let `keywright serve --profile` create the account"
        )
    account = run(settings, only_first=parsed["command"] == "init")
    note = show_account(account, settings.profile, endpoint, os.environ, as_json if parsed["json"] else as_text)
    if note:
        print(note, file=sys.stderr)
    if parsed["command"] == "init" and not parsed["json"]:
        print(_next_step(parsed, None if os.environ.get("AWS_ENDPOINT_URL") else endpoint))
    return 0


def _next_step(parsed: Mapping[str, Any], endpoint: Endpoint | None) -> str:
    """Say how to serve the new account: with those of its flags that `serve` needs too."""
    command = [own_command(sys.argv[0]), "serve"]
    for name in ("data", "host", "port", "tls"):
        if parsed[name] is not None:
            command += [f"--{name}", shlex.quote(parsed[name])]
    # The URL may hold a password.
    database = " --database …" if parsed["database"] else ""
    address = f", at {endpoint.url}" if endpoint is not None else ""
    return f"To serve it{address}:\n\n  {' '.join(command)}{database}\n"


def parse(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Read a command line; one that is wrong ends the process with code 2."""
    try:
        return vars(_parser(None).parse_args(arguments))
    except WrongUsageError as wrong:
        wrong.end(as_json=False)


def _parser(first: str | None) -> argparse.ArgumentParser:
    """
    Make the parser of a command line that begins with `first`.

    Of the subcommands it has that one, or all where there is none of this name: making all takes longer than to be
    asked for most of them.
    """
    parser = CommandParser(
        prog="keywright",
        description="A self-hosted AWS identity plane: IAM, STS, CloudTrail and S3 for the unmodified aws CLI.",
        allow_abbrev=False,
    )
    version = f"%(prog)s {__version__}"
    parser.add_argument("--version", action="version", version=version, help="print the version and end")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    if first in _OF_THE_SERVER:
        _OF_THE_SERVER[first](commands)
        return parser
    from keywright.client.cli import subcommands

    if first not in subcommands.NAMES or first == "completion":
        for add in _OF_THE_SERVER.values():
            add(commands)
        first = None
    subcommands.add_subcommands(commands, first)
    return parser


def _add_init(commands: Any) -> None:
    init = commands.add_parser("init", help="make the store and its first account", epilog=_EPILOG, allow_abbrev=False)
    _add_settings(init, serve=False)


def _add_account(commands: Any) -> None:
    account = commands.add_parser("account", help="further accounts on the same server", allow_abbrev=False)
    actions = account.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a further account", epilog=_EPILOG, allow_abbrev=False)
    _add_settings(create, serve=False)


def _add_serve(commands: Any) -> None:
    serve = commands.add_parser(
        "serve", help="run the server; makes the first account too", epilog=_EPILOG, allow_abbrev=False
    )
    _add_settings(serve, serve=True)


def _add_settings(parser: argparse.ArgumentParser, *, serve: bool) -> None:
    add_settings(parser, serve=serve)
    if not serve:
        parser.add_argument("--json", action="store_true", help="print one JSON object")


_OF_THE_SERVER: Final[dict[str | None, Callable[[Any], None]]] = {
    "init": _add_init,
    "account": _add_account,
    "serve": _add_serve,
    **{name: partial(add_command, name=name) for name in MEANINGS},
}
