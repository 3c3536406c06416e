"""`keywright why`: explain a denial, name the statement, and say what to type next."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import Failure, failure, failure_of
from keywright.client.cli.terminal import Exit, note, paint, printable, stop
from keywright.client.identity import Caller, Unknown, attempt, who_am_i
from keywright.client.session import SignedIn, SignInError, reason, sign_in
from keywright.client.why.explain import Asker, Question
from keywright.client.why.explanation import Explanation, FoundStatement
from keywright.client.why.near_misses import told
from keywright.client.why.places import place
from keywright.client.why.plain_text import MAX_CHARACTERS
from keywright.client.why.refusal import Refusal, read_refusal

_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
_AUTHORIZATION_ID: Final = re.compile(r"[0-9a-z]{16,256}")
_ENCODED: Final = re.compile(r"[A-Za-z0-9_=+/-]{64,}")
_MOST_LINES: Final = 24
_TAKES: Final = (
    "keywright why takes what was printed (as an argument, or piped: `aws … 2>&1 | keywright why`), an authorization "
    "id, an encoded message, or ACTION and RESOURCE, such as s3:GetObject arn:aws:s3:::mine/key"
)


def run_why(flags: Mapping[str, Any]) -> Exit:
    """Gather the evidence, and tell; 0 where it is allowed now, 1 where it is denied."""
    refusal = _refusal(flags["words"])
    context = _context(flags["context"])
    if refusal.form == "unknown":
        stop(f"this is no form of a denial that keywright knows: {_shortened(refusal.text)!r}; {_TAKES}", Exit.USAGE)
    if refusal.form == "authentication":
        stop("this is no denial: nobody was let in with these credentials; `keywright doctor` says why")
    if refusal.form == "session":
        stop(f"no policy denies it: AWS does not let temporary credentials call {refusal.operation}; use a user's key")
    signed_in = None if flags["offline"] else _sign_in(flags, refusal)
    caller = _caller(signed_in)
    if isinstance(caller, Unknown) and not flags["offline"]:
        if not refusal.text:
            stop(caller.why, Exit.UNREACHABLE)
        note(f"keywright: {caller.why}")
        signed_in = None
    principal = None if flags["as"] is None else _principal(flags["as"], signed_in)
    explanation = Asker(signed_in, caller).explain(Question(refusal, principal, context))
    if flags["json"]:
        print(as_json(explanation, _failure(explanation, caller)))
    else:
        _tell(explanation)
    return _exit(explanation)


def _failure(explanation: Explanation, caller: Caller | Unknown) -> Failure | None:
    """Say why there is no verdict."""
    if explanation.verdict != "unknown":
        return None
    if isinstance(caller, Unknown) and caller.error is not None:
        return failure_of(caller.error, Exit.UNREACHABLE)
    return failure(explanation.summary, Exit.UNREACHABLE, "Undecided")


def _exit(explanation: Explanation) -> Exit:
    if explanation.verdict == "unknown":
        return Exit.UNREACHABLE
    return Exit.FINE if explanation.verdict == "allowed" else Exit.NEGATIVE


def _refusal(words: Sequence[str]) -> Refusal:
    """Tell which of its forms a question has."""
    if not words:
        if sys.stdin.isatty():
            stop(_TAKES, Exit.USAGE)
        text = sys.stdin.read(MAX_CHARACTERS)
        if not text.strip():
            stop(f"there was nothing to read on standard input: {_TAKES}", Exit.USAGE)
        return read_refusal(text)
    if _ACTION.fullmatch(words[0]) and len(words) <= 2:
        resource = words[1] if len(words) == 2 else "*"
        if resource != "*" and not resource.startswith("arn:"):
            stop(f"a resource is an ARN, such as arn:aws:s3:::mine/key, or *, not {resource}", Exit.USAGE)
        return Refusal("denial", action=words[0], resource=resource)
    if len(words) == 1 and _AUTHORIZATION_ID.fullmatch(words[0]):
        return Refusal("denial", authorization_id=words[0], region="us-east-1")
    if len(words) == 1 and _ENCODED.fullmatch(words[0]):
        return Refusal("denial", encoded_message=words[0])
    return read_refusal(" ".join(words))


def _context(given: Sequence[str]) -> dict[str, list[str]]:
    """Read KEY=VALUE; a key that is given twice has both values."""
    context: dict[str, list[str]] = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals or ":" not in key:
            stop(f"--context takes KEY=VALUE, such as aws:SourceIp=192.0.2.7, not {one}", Exit.USAGE)
        context.setdefault(key, []).append(value)
    return context


def _sign_in(flags: Mapping[str, Any], refusal: Refusal) -> SignedIn | None:
    """Sign in; where the text tells something by itself, do without."""
    try:
        return sign_in(flags)
    except SignInError as error:
        if not refusal.text:
            stop(str(error), Exit.UNREACHABLE)
        note(f"keywright: {error}")
        return None


def _caller(signed_in: SignedIn | None) -> Caller | Unknown:
    return Unknown("nobody is signed in") if signed_in is None else attempt(lambda: who_am_i(signed_in))


def _principal(given: str, signed_in: SignedIn | None) -> str:
    """Give the ARN of a user or a role: as it is, or by the user's name."""
    if given.startswith("arn:"):
        return given
    if signed_in is None:
        stop("--as takes an ARN where nobody is signed in", Exit.USAGE)
    iam = signed_in.client("iam")
    try:
        return str(iam.get_user(UserName=given)["User"]["Arn"])
    except (ClientError, BotoCoreError) as error:
        stop(f"{given}: {reason(error)}; --as takes a user's name, or the ARN of a user or role")


def _tell(explanation: Explanation) -> None:
    colour = "green" if explanation.verdict == "allowed" else "red"
    verdict = paint(explanation.verdict, colour)
    print(f"{verdict} ({explanation.confidence}): {printable(explanation.summary)}")
    _tell_statements(explanation)
    if explanation.checks:
        print()
    for check in explanation.checks:
        print(f"{printable(check.policy_type)}: {printable(check.effect)}")
    if explanation.missing:
        print(f"\nneeded: {printable(explanation.missing)}")
    for advised in explanation.needed:
        is_only = advised.policy == explanation.policy
        head = "the smallest policy that allows it" if is_only else f"in the {advised.policy_type}"
        print(f"{printable(head)}:")
        for line in json.dumps(json.loads(advised.policy), indent=2).splitlines():
            print(f"    {printable(line)}")
    for warning in explanation.warnings:
        print(f"{paint('note', 'yellow')}: {printable(warning)}")
    for command in explanation.next_commands:
        print(f"next: {printable(command)}")
    for asked in explanation.evidence:
        print(paint(printable(f"evidence: {asked.source}: {asked.result}"), "dim"))


def _tell_statements(explanation: Explanation) -> None:
    found = [
        (f"{paint(printable(place(one)), 'bold')}, {printable(one.policy_type)}", one) for one in explanation.statements
    ]
    found += [(f"near miss: {printable(told(miss))}", miss.statement) for miss in explanation.near_misses]
    for head, one in found:
        print(f"\n{head}:")
        for line in _statement_lines(one, explanation.action or ""):
            print(f"    {printable(line)}")


def _statement_lines(statement: FoundStatement, action: str) -> list[str]:
    """Give a statement's text; of a long one the ends, and the lines that name the action or its service."""
    indent = " " * ((statement.column or 1) - 1)
    lines = textwrap.dedent(indent + (statement.text or "")).splitlines()
    if len(lines) <= _MOST_LINES:
        return lines
    names = (f'"{action}"', f'"{action.partition(":")[0]}:*')
    kept = [
        number < 3 or number >= len(lines) - 5 or any(name in line for name in names)
        for number, line in enumerate(lines)
    ]
    shown: list[str] = []
    for line, is_kept in zip(lines, kept, strict=True):
        if is_kept:
            shown.append(line)
        elif shown[-1] != "    …":
            shown.append("    …")
    return shown


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"
