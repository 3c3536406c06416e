"""`keywright verify`: who one is, with which key from where, in what state it is, and what one may do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import failure_of
from keywright.client.cli.terminal import Exit, columns, note, paint, printable, stop
from keywright.client.cli.verify_document import Answers, document_of, lines_of
from keywright.client.identity import Unknown, attempt, key_facts, last_use, mfa_devices, user_tags, who_am_i
from keywright.client.known_options import KEY_ID, is_secret
from keywright.client.session import SignedIn, SignInError, reason, sign_in
from keywright.client.simulation import Ability, ability


def run_verify(flags: Mapping[str, Any]) -> Exit:
    """Ask, and say each answer, or why there is none."""
    questions = [_question(words) for words in flags["can"]]
    try:
        signed_in = sign_in(flags)
        credentials = signed_in.session.get_credentials()
        access_key_id = credentials.get_frozen_credentials().access_key
        if is_secret(KEY_ID, access_key_id):
            stop("a secret stands where the access key id belongs: `keywright profiles lint`", Exit.UNREACHABLE)
        endpoint_url = signed_in.client("sts").meta.endpoint_url
    except SignInError as error:
        stop(str(error), Exit.UNREACHABLE)
    except (BotoCoreError, ClientError) as error:
        stop(reason(error), Exit.UNREACHABLE)
    answers = _ask(signed_in, access_key_id, questions)
    document = document_of(signed_in, endpoint_url, access_key_id, answers, datetime.now(UTC))
    if flags["json"]:
        failed = answers.caller.error if isinstance(answers.caller, Unknown) else None
        print(as_json(document, None if failed is None else failure_of(failed, Exit.UNREACHABLE)))
    else:
        print(columns([(f"{name}:", text) for name, text in lines_of(document)]))
        for one in document.abilities:
            verdict = one.decision or "unknown"
            shown = paint(verdict, "green" if verdict == "allowed" else "red")
            print(f"{shown}: {printable(f'{one.action} on {one.resource}: {one.why}')}")
    if isinstance(answers.caller, Unknown):
        note(f"keywright: {answers.caller.why}")
        return Exit.UNREACHABLE
    return Exit.FINE if all(one.decision == "allowed" for one in document.abilities) else Exit.NEGATIVE


def _question(words: list[str]) -> tuple[str, str | None]:
    if len(words) > 2 or not all(words[0].partition(":")):
        stop(
            f"--can takes ACTION [RESOURCE], such as s3:ListBucket arn:aws:s3:::mine, not {' '.join(words)}", Exit.USAGE
        )
    return words[0], words[1] if len(words) == 2 else None


def _ask(signed_in: SignedIn, access_key_id: str, questions: list[tuple[str, str | None]]) -> Answers:
    caller = attempt(lambda: who_am_i(signed_in))
    if isinstance(caller, Unknown):
        nothing = Unknown("nobody is signed in")
        unasked = tuple(Ability(action, resource or "*", None, nothing.why) for action, resource in questions)
        return Answers(caller, nothing, nothing, nothing, nothing, unasked)
    iam = signed_in.client("iam")
    abilities = tuple(ability(iam, caller, *question) for question in questions)
    if caller.kind not in {"user", "root"}:
        none = Unknown(f"{caller.kind}: it has neither a key of its own in IAM, nor tags, nor MFA devices")
        return Answers(caller, none, none, none, none, abilities)
    temporary = Unknown("temporary credentials: IAM lists long-term keys only")
    is_temporary = access_key_id.startswith("ASIA")
    return Answers(
        caller,
        temporary if is_temporary else attempt(lambda: key_facts(iam, caller.user_name, access_key_id)),
        temporary if is_temporary else attempt(lambda: last_use(iam, access_key_id)),
        attempt(lambda: user_tags(iam)),
        attempt(lambda: mfa_devices(iam, caller.user_name)),
        abilities,
    )
