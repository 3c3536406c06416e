"""Write the man page from the subcommands, in man(7)'s macros, which every man program reads."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from keywright.client.cli.arguments import Argument, usage_of
from keywright.client.cli.flags.subcommand import Subcommand
from keywright.client.cli.subcommands import SUBCOMMANDS

_WIDTH: Final = 72
_DATE: Final = "2026-11-24"
"""The day on which what is below was last written by hand."""
_SERVER: Final = (
    ("init", "make the store and its first account"),
    ("account create", "make a further account on the same server"),
    ("serve", "run the server"),
    ("backup", "back up the store to one file, while it is served"),
    ("restore", "put a store back from a backup, into an empty data folder"),
    ("check", "check every reference, seal, counter and event of the store, while it is served"),
    ("reseal", "seal every secret with a new master key, while the store is served"),
    ("recover", "make a new administrator of an account in a stopped store, for who has lost every other"),
    ("move", "move a stopped store from SQLite to PostgreSQL, or back"),
)
_WHAT: Final = """\
Keywright issues, stores, checks, rotates and audits the access keys of AWS, through AWS's public APIs alone: it serves
on AWS, on whatever answers at `--endpoint-url`, and on its own server, which `keywright serve` runs."""
_HOW: Final = """\
Profile, region and credentials are found as the AWS CLI v2 finds them. A secret is never taken from the command line,
and shown on `--show-secret` only. `--json` prints one JSON object, whose members docs/cli.md names; a command that
fails prints its reason there too, as `error`."""
_OPTIONS: Final = (
    ("-h, --help", "show the commands; after a command, its arguments"),
    ("--version", "print `keywright` and its version"),
)
_EXIT: Final = (
    ("0", "all is well"),
    ("1", "a finding, a negative verdict, or a refusal"),
    ("2", "wrong usage"),
    ("3", "the service could not be reached, did not let us in, or is not AWS and does not answer like it"),
    ("70", "a fault of Keywright's own"),
)
_ENVIRONMENT: Final = (
    ("AWS_PROFILE, AWS_DEFAULT_PROFILE", "the profile, without `--profile`"),
    ("AWS_REGION, AWS_DEFAULT_REGION", "the region, without `--region`"),
    ("AWS_ENDPOINT_URL", "the endpoint, without `--endpoint-url`; the `aws` CLI reads it from 1.29.0 and 2.13.0 on"),
    ("AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE", "the AWS files, where they are not in ~/.aws"),
    ("KEYWRIGHT_STORE", "where keys are stored: `keyring` or `file`"),
    ("KEYWRIGHT_STORE_PASSPHRASE_FILE", "a file with the passphrase of the sealed file"),
    ("KEYWRIGHT_DEBUG", "any value: show the traceback of a command that fails"),
    ("XDG_STATE_HOME", "where the journals are, in place of ~/.local/state"),
    ("NO_COLOR", "no colour on a terminal either"),
)
_FILES: Final = (
    ("~/.aws/config, ~/.aws/credentials", "the profiles; each is replaced whole, with mode 0600"),
    (
        "~/.local/state/keywright/aws-files",
        "these files before the last five changes of each, without the secrets removed since",
    ),
    ("~/.local/state/keywright/issuing", "keys whose issue was interrupted, for `keywright resume`"),
)
_EXAMPLES: Final = (
    ("Make a key for oneself, and put it into the system's keyring:", "keywright issue --yes --store keyring"),
    (
        "Make a key for somebody else, which only they can open:",
        "keywright issue bob --for bob.pub --owner bob --expires 90d",
    ),
    ("Take over such a key:", "keywright receive bob_accessKeys.csv.age --shred"),
    ("Take over the console's file:", "keywright import ~/Downloads/bob_accessKeys.csv --profile work --shred"),
    (
        "Set a profile up from a script, the key from wherever it is kept:",
        "pass show aws/work | keywright profiles set work region=eu-central-1 --key",
    ),
    ("See which key signs, and what it may do:", "keywright verify --profile work --can s3:ListBucket"),
)


def manual_page() -> str:
    """Write the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Made by `make docs` from the subcommands.'
    yield f'.TH KEYWRIGHT 1 {_DATE} Keywright "Keywright Manual"'
    # Neither hyphens nor wide gaps: a flag that is broken cannot be searched for.
    yield from (".nh", ".ad l")
    yield from (".SH NAME", "keywright \\- the life of an AWS access key, from the console to its end")
    yield from (".SH SYNOPSIS", r".B keywright", r".I command", r"[\fIargument\fR ...]")
    yield from (".br", r".B keywright", r"[\fB\-\-help\fR | \fB\-\-version\fR]")
    yield ".SH DESCRIPTION"
    yield from (_text(_WHAT), ".PP", _text(_HOW))
    yield ".SH OPTIONS"
    yield from _terms(iter(_OPTIONS))
    yield ".SH COMMANDS"
    for one in SUBCOMMANDS:
        yield from _command(one)
    yield from (".SS The server", _text("Their flags are shown by `keywright serve --help`:"))
    yield from _terms((f"keywright {name}", meaning) for name, meaning in _SERVER)
    for title, terms in (("EXIT STATUS", _EXIT), ("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        yield f".SH {title}"
        yield from _terms(iter(terms))
    yield ".SH EXAMPLES"
    for place, (text, line) in enumerate(_EXAMPLES):
        yield from ([".PP"] if place else []) + [_text(text)]
        yield from (".RS 4", ".EX", _escaped(line), ".EE", ".RE")
    yield from (".SH SEE ALSO", ".BR aws (1),", ".BR age (1),", ".BR ssh\\-keygen (1)")


def _command(one: Subcommand) -> Iterator[str]:
    usage = usage_of(one)
    yield f".SS {' '.join(one.words)}"
    yield _text(f"{one.help[0].upper()}{one.help[1:]}.")
    yield from (".PP", ".RS 4", _wrapped(_escaped(usage.line)), ".RE")
    yield from _terms((_name(argument), argument.meaning) for argument in usage.arguments)


def _name(argument: Argument) -> str:
    return f"{', '.join(argument.flags)} {argument.value}".strip()


def _terms(terms: Iterator[tuple[str, str]]) -> Iterator[str]:
    for name, meaning in terms:
        yield from (".TP", f".B {_escaped(name)}", _text(meaning))


def _text(text: str) -> str:
    """Write a text; what stands in backquotes is typed."""
    return _wrapped(re.sub(r"`([^`]+)`", r"\\fB\1\\fR", _escaped(text)))


def _wrapped(text: str) -> str:
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    # A line that begins with a dot or a quote would be a request.
    return "\n".join(f"\\&{line}" if line.startswith((".", "\\(aq")) else line for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
