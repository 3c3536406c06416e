"""`keywright quarantine`: who is in AWS's quarantine, what was done with the exposed key, and the way out, by steps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.progress import progress
from keywright.client.cli.terminal import Exit, columns, confirm, is_interactive, moment, note, paint, printable, stop
from keywright.client.cli.watch import regions_of, since_of
from keywright.client.identity import Unknown, attempt, who_am_i
from keywright.client.quarantine import (
    Facts,
    KeyState,
    Quarantined,
    Step,
    attached_policies,
    has_revoked_sessions,
    key_states,
    quarantined,
    quarantined_users,
)
from keywright.client.quarantine_made import Activity, activity_of, quarantine_began
from keywright.client.quarantine_steps import NotYetError, deactivate, delete, detach, revoke_sessions
from keywright.client.session import SignedIn, SignInError, reason, sign_in
from keywright.client.timeline import RETENTION, History

_DO: Final[Mapping[str, Callable[[Any, Facts], str]]] = {
    "deactivate": deactivate,
    "sessions": lambda iam, facts: revoke_sessions(iam, facts, datetime.now(UTC)),
    "delete": delete,
    "detach": detach,
}
_BEFORE: Final = timedelta(days=7)
"""How long before the quarantine a key may have been exposed, where nobody says when."""
_COLOURS: Final = {"done": "green", "left": "yellow", "blocked": "red"}


@dataclass(frozen=True, slots=True)
class QuarantineDocument:
    """Who is in quarantine."""

    users: Annotated[tuple[Quarantined, ...], "the users in quarantine, or the one of --user"]
    done: Annotated[tuple[str, ...], "what was done, by --do"]


def run_quarantine(flags: Mapping[str, Any]) -> Exit:
    """Tell how far each recovery is; do a step of one, where it is asked for."""
    if flags["do"] is not None and flags["user"] is None:
        stop("--do takes --user: whose step it is", Exit.USAGE)
    if flags["key"] and flags["user"] is None:
        stop("--key takes --user: whose key it is", Exit.USAGE)
    since = None if flags["since"] is None else since_of(flags["since"], datetime.now(UTC))
    try:
        signed_in = sign_in(flags)
        caller = who_am_i(signed_in)
    except (SignInError, BotoCoreError, ClientError) as error:
        stop(str(error) if isinstance(error, SignInError) else reason(error), Exit.UNREACHABLE)
    iam = signed_in.client("iam")
    names = [flags["user"]] if flags["user"] else _asked(lambda: quarantined_users(iam, caller.arn.split(":")[1]))
    all_facts = [_facts(signed_in, iam, name, flags, since) for name in names]
    done: list[str] = []
    for facts in all_facts:
        if caller.user_name == facts.user_name and facts.policies:
            note(f"keywright: {facts.user_name} is in quarantine and can do none of it: an administrator has to")
    if flags["do"] is not None:
        done.append(_do(iam, all_facts[0], flags["do"], flags["confirm"]))
        all_facts = [_facts(signed_in, iam, flags["user"], flags, since)]
    document = QuarantineDocument(tuple(quarantined(facts) for facts in all_facts), tuple(done))
    if flags["json"]:
        print(as_json(document))
    else:
        _tell(document)
        if flags["do"] is None and len(all_facts) == 1 and is_interactive():
            return _walk(signed_in, iam, all_facts[0], flags, since)
    return _exit(document.users)


def _exit(users: Sequence[Quarantined]) -> Exit:
    is_left = any(step.status != "done" for user in users if user.policies for step in user.steps)
    return Exit.NEGATIVE if is_left else Exit.FINE


def _asked(ask: Callable[[], Any]) -> Any:
    answer = attempt(ask)
    if isinstance(answer, Unknown):
        stop(answer.why, Exit.NEGATIVE if answer.is_refused else Exit.UNREACHABLE)
    return answer


def _facts(signed_in: SignedIn, iam: Any, user_name: str, flags: Mapping[str, Any], since: datetime | None) -> Facts:
    """Read the live state, and the event history."""
    policies = _asked(lambda: attached_policies(iam, user_name))
    history, now = History(signed_in), datetime.now(UTC)
    regions = regions_of(signed_in, all_regions=flags["all_regions"])
    with progress(f"Reading the event history of {user_name}"):
        began = attempt(lambda: quarantine_began(history, regions[-1], user_name, now - RETENTION, now))
        at = None if isinstance(began, Unknown) else began
        keys = _asked(lambda: key_states(iam, user_name, at, flags["key"]))
        fresh = frozenset(key.access_key_id for key in keys if not key.exposed)
        start = since or max((at or now) - _BEFORE, now - RETENTION)
        found = attempt(lambda: activity_of(iam, history, regions, user_name, fresh, start, now))
    unknown_keys = set(flags["key"]) - {key.access_key_id for key in keys}
    if unknown_keys:
        note(f"keywright: {user_name} has no key {', '.join(sorted(unknown_keys))}: it is deleted, or another's")
    activity: Activity | str = found.why if isinstance(found, Unknown) else found
    revoked = _asked(lambda: has_revoked_sessions(iam, user_name))
    return Facts(user_name, policies, at, keys, activity, revoked, flags["looked"])


def _do(iam: Any, facts: Facts, step: str, confirmed: str | None) -> str:
    """Do one step, after what it needs to be confirmed."""
    if step == "detach" and facts.policies:
        _confirm_detaching(facts, confirmed)
    try:
        return str(_asked(lambda: _DO[step](iam, facts)))
    except NotYetError as error:
        stop(str(error))


def _confirm_detaching(facts: Facts, confirmed: str | None) -> None:
    if confirmed is None and is_interactive():
        question = f"AWS: do NOT remove this policy before AWS Support says so. Type {facts.user_name} to remove it: "
        print(printable(question), end="", file=sys.stderr, flush=True)
        confirmed = sys.stdin.readline().strip()
    if confirmed != facts.user_name:
        stop(f"not confirmed: once AWS Support has said so, --confirm {facts.user_name}")


def _tell(document: QuarantineDocument) -> None:
    for text in document.done:
        print(printable(text))
    if not document.users:
        print("nobody is in quarantine")
    for user in document.users:
        _tell_user(user)


def _tell_user(user: Quarantined) -> None:
    where = ", ".join(user.policies)
    since = "" if user.quarantined_at is None else f" since {moment(user.quarantined_at)}"
    head = (
        f"{user.user_name}: in quarantine{since} ({where})" if user.policies else f"{user.user_name}: not in quarantine"
    )
    print(paint(printable(head), "bold"))
    rows = [_key_row(one) for one in user.keys]
    if rows:
        print(columns(rows))
    if not user.policies:
        return
    if user.calls is not None:
        print(printable(f"{user.calls} calls, {user.refused_calls} of them refused or failed"))
        print(printable(f"from {', '.join(user.addresses) or 'nowhere'}, in {', '.join(user.regions) or 'no region'}"))
    shown = {True: "is there", False: "is gone", None: "look for yourself"}
    made = [(moment(one.at), one.kind, one.name, one.region, one.address, shown[one.exists]) for one in user.made]
    if made:
        print(columns(made))
    for number, step in enumerate(user.steps, 1):
        _tell_step(number, step)


def _key_row(key: KeyState) -> tuple[str, ...]:
    used = "never used" if key.last_used_at is None else f"last used {moment(key.last_used_at)}"
    exposed = "exposed" if key.exposed else "not exposed"
    return key.access_key_id, key.status, exposed, f"made {moment(key.created_at)}", used


def _tell_step(number: int, step: Step) -> None:
    print(f"{number}. {step.name}: {paint(step.status, _COLOURS[step.status])}: {printable(step.detail)}")
    if step.command is not None and step.status == "left":
        print(f"   next: {printable(step.command)}")


def _walk(signed_in: SignedIn, iam: Any, facts: Facts, flags: Mapping[str, Any], since: datetime | None) -> Exit:
    """Go through the steps with a person; each that is left is offered once."""
    for name in [step.name for step in quarantined(facts).steps]:
        step = next(one for one in quarantined(facts).steps if one.name == name)
        if step.status != "left" or not facts.policies:
            continue
        if name == "made" and confirm("Is all of it gone, or yours?"):
            flags = {**flags, "looked": True}
        elif name in _DO and (name == "detach" or confirm(f"{name}: {step.detail}. Do it now?")):
            print(printable(_do(iam, facts, name, None)))
        elif name != "replace" or not confirm("There is no new key yet. Go on without one?"):
            break
        facts = _facts(signed_in, iam, facts.user_name, flags, since)
    return _exit([quarantined(facts)])
