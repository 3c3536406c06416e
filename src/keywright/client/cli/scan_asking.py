"""Ask whose the found keys are, and make them inactive, each with a yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.terminal import confirm, note
from keywright.client.identity import who_am_i
from keywright.client.scan.asking import ask_owner, deactivate
from keywright.client.scan.owners import Owner
from keywright.client.session import SignedIn, SignInError, reason, sign_in


def ask(
    flags: Mapping[str, Any], owners: list[Owner], notes: list[str], *, ending: bool = True
) -> tuple[tuple[Owner, ...], bool]:
    """Ask, and with `ending` make inactive where that is wanted; False where it was demanded and nobody answered."""
    demanded = flags["ask"] or flags["deactivate"]
    try:
        signed_in = sign_in(flags)
        account_id = who_am_i(signed_in).account_id
        known = [ask_owner(signed_in, one, account_id, every_account=demanded) for one in owners]
    except (SignInError, BotoCoreError, ClientError) as error:
        why = reason(error) if isinstance(error, BotoCoreError | ClientError) else str(error)
        note_of_it = f"whose the keys are was not asked: {why}"
        if note_of_it not in notes:
            notes.append(note_of_it)
        return tuple(owners), not demanded
    if flags["deactivate"] and ending:
        known = _deactivate_all(signed_in, known, without_asking=flags["yes"])
    return tuple(known), True


def _deactivate_all(signed_in: SignedIn, owners: list[Owner], *, without_asking: bool) -> list[Owner]:
    own = signed_in.session.get_credentials().get_frozen_credentials().access_key
    done = {one.access_key_id: one for one in owners}
    # The key that signs goes last: after it nothing else can.
    for one in sorted(owners, key=lambda one: one.access_key_id == own):
        if one.status != "Active" or one.user_name is None:
            continue
        if without_asking or confirm(_question(one, is_own=one.access_key_id == own)):
            done[one.access_key_id] = changed = deactivate(signed_in, one)
            if changed.deactivated:
                note(
                    f"made inactive: {one.access_key_id} of {one.user_name}; back: aws iam update-access-key "
                    f"--user-name {one.user_name} --access-key-id {one.access_key_id} --status Active"
                )
        else:
            done[one.access_key_id] = replace(one, reason="left active, as you said")
    return list(done.values())


def _question(owner: Owner, *, is_own: bool) -> str:
    used = f", last used {owner.last_used_at:%Y-%m-%d}" if owner.last_used_at else ""
    here = f" The profile {owner.profiles[0]} of this machine has it." if owner.profiles else ""
    own = (
        " It is the key that asks this: nothing can be done with it afterwards, not even this undone." if is_own else ""
    )
    return f"Make {owner.access_key_id} of {owner.user_name} inactive{used}?{here}{own}"
