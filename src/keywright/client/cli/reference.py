"""Write docs/cli.md from the subcommands: their flags, what --json prints, and the rules of lint."""

from __future__ import annotations

import dataclasses
import importlib
import typing
from collections.abc import Iterator

from keywright.client.audit.checks import CHECKS
from keywright.client.audit.controls import BENCHMARKS
from keywright.client.cli.arguments import usage_of
from keywright.client.cli.documents import members
from keywright.client.cli.failures import Failure
from keywright.client.cli.flags.subcommand import Subcommand
from keywright.client.cli.subcommands import PACKAGE, SUBCOMMANDS
from keywright.client.lint_rules import RULES

_INTRODUCTION = """\
# The command line

Made by `make docs` from `client/cli/`. These subcommands know a server only by AWS's public APIs: they serve on AWS, on
Keywright, and on whatever answers at `--endpoint-url` (or `AWS_ENDPOINT_URL`). Profile and region are found as the AWS
CLI v2 finds them. `keywright init`, `account` and `serve` are in [settings.md](settings.md); `backup`, `restore`,
`check`, `reseal`, `recover` and `move`, in [administration.md](administration.md).

The `aws` CLI reads `AWS_ENDPOINT_URL`, and a profile's `endpoint_url`, from 1.29.0 and 2.13.0 on, boto3 from 1.28.0 on.
An older one (Debian 12's is 2.9.19) calls AWS itself: give it the endpoint with each call, as
`alias aws='aws --endpoint-url http://127.0.0.1:4580'` does. `keywright doctor` finds such an `aws`.

- `keywright --version` prints `keywright` and its version, `keywright --help` the commands, and `COMMAND --help` a
  command's arguments.
- Exit codes: 0 success; 1 a finding, a negative verdict, or a refusal; 2 wrong usage; 3 not reached, not let in, or
  what answered is not AWS (a proxy's page, an empty answer, a service without the operation); 70 a fault of Keywright's
  own (`KEYWRIGHT_DEBUG=1` shows its traceback).
- `--json` prints one JSON object on standard output, and nothing else; notes and errors go to standard error.
  Times are UTC (`2026-11-24T08:11:11Z`). New members may be added; none is taken away or changes its meaning.
- A command that fails prints one sentence on standard error: what is wrong, then what to do. With `--json` standard
  output has it too, as the member `error` of the one object: alone (`{"error": {…}}`), or, where the command has
  something to show all the same (exit code 3 of `verify`, `doctor`, `audit`, …), beside its own members. `error` has:
%s
- A secret is never taken from the command line, and shown only on `--show-secret`.
- Every command that changes the AWS files locks them and replaces each file atomically, mode 0600. The file as it was
  is kept in `~/.local/state/keywright/aws-files` (the last five of each), without the secrets that the change removed:
  the secret of a profile that is deleted, or gets another key, is taken out of all copies.
"""


def cli_page() -> str:
    """Write the page."""
    sections = (line for one in SUBCOMMANDS for line in _section(one))
    failure = "\n".join(
        f"  - `{field.name}`: {typing.get_type_hints(Failure, include_extras=True)[field.name].__metadata__[0]}"
        for field in dataclasses.fields(Failure)
    )
    return "\n".join([_INTRODUCTION % failure, *sections, *_rules(), *_checks()]) + "\n"


def _section(one: Subcommand) -> Iterator[str]:
    usage = usage_of(one)
    yield f"## {' '.join(one.words)}"
    yield ""
    yield f"{one.help[0].upper()}{one.help[1:]}."
    yield ""
    yield f"    {usage.line}"
    yield ""
    if usage.arguments:
        yield from ("| argument | meaning |", "| --- | --- |")
        for argument in usage.arguments:
            name = f"{', '.join(argument.flags)} {argument.value}".strip().replace("|", "\\|")
            yield f"| `{name}` | {argument.meaning} |"
        yield ""
    if one.document is None:
        return
    module, _, name = one.document.partition(":")
    document = getattr(importlib.import_module(PACKAGE + module), name)
    yield from ("With `--json`:", "", "| member | type | meaning |", "| --- | --- | --- |")
    for path, kind, meaning in members(document):
        yield f"| `{path}` | {kind} | {meaning} |"
    yield ""


def _rules() -> Iterator[str]:
    yield from ("## The rules of `profiles lint`", "", "| rule | weight | what it finds | what `profiles fix` does |")
    yield "| --- | --- | --- | --- |"
    for name, rule in RULES.items():
        yield f"| `{name}` | {rule.weight} | {rule.meaning} | {rule.fixed or 'nothing: it takes a person'} |"


def _checks() -> Iterator[str]:
    """List what `audit` looks for, with the controls of the CIS AWS Foundations Benchmarks."""
    benchmarks = " | ".join(f"CIS {one}" for one in BENCHMARKS)
    yield from ("", "## The checks of `audit`", "", f"| check | severity | what it finds | {benchmarks} |")
    yield "| --- | --- | --- |" + " --- |" * len(BENCHMARKS)
    for check in CHECKS:
        numbers = " | ".join(check.controls.get(one, "") for one in BENCHMARKS)
        yield f"| `{check.name}` | {check.severity} | {check.title}. {check.why} | {numbers} |"
