"""Which keys `keywright rotate` is to rotate: one's own, a user's, or all that are old enough."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.progress import progress
from keywright.client.cli.rotate_documents import RotatedKey
from keywright.client.cli.rotate_rows import code_for, refused, said
from keywright.client.cli.spans import duration_of
from keywright.client.cli.terminal import Exit, columns, note, stop
from keywright.client.description import DescriptionError
from keywright.client.identity import LastUse
from keywright.client.rotation.fleet import OldKey, old_keys, user_names
from keywright.client.rotation.plans import Elsewhere, Full, Plan, Planner
from keywright.client.rotation.running import TROUBLES

_DENIED: Final = "AccessDenied"
_NEEDS: Final = (
    "Rotating a key takes iam:ListAccessKeys, CreateAccessKey, GetAccessKeyLastUsed, UpdateAccessKey and "
    "DeleteAccessKey, for its description ListUserTags, TagUser and UntagUser; or an administrator: --user USER"
)


def choose(flags: Mapping[str, Any], plans: Planner) -> Plan:
    """Choose one key, or say why it is not rotated."""
    user_name, removed = flags["user"], flags["remove_unused"]
    try:
        plan = plans.own(removed) if user_name is None else plans.of_user(user_name, removed)
        if flags["older_than"] is not None:
            older_than = duration_of(flags["older_than"], "--older-than")
            if plan.created_at > datetime.now(UTC) - older_than:
                stop(f"{plan.rotation.old_access_key_id} is of {plan.created_at:%Y-%m-%d}: not so old yet", Exit.FINE)
    except Full as full:
        rows = (
            (f"  {key.access_key_id}", key.status, f"{key.created_at:%Y-%m-%d}", _last_use(key.used))
            for key in full.keys
        )
        for line in columns([("  KEY", "STATUS", "CREATED", "LAST USED"), *rows]).splitlines():
            note(line)
        stop(str(full))
    except DescriptionError as error:
        stop(str(error), Exit.USAGE)
    except TROUBLES as error:
        needs = f". {_NEEDS}" if isinstance(error, ClientError) and error.response["Error"]["Code"] == _DENIED else ""
        stop(f"{said(error)}{needs}", code_for(error, before=False))
    return plan


def choose_all(flags: Mapping[str, Any], plans: Planner) -> tuple[list[Plan], list[RotatedKey]]:
    """Choose every key that is old enough and here; give the rows of the others."""
    older_than = duration_of(flags["older_than"], "--older-than")
    try:
        names = list(user_names(plans.signer.iam))
        with ThreadPoolExecutor(flags["max_parallel"]) as executor, progress("Looking at keys", len(names)) as done:
            found = old_keys(plans.signer.iam, names, older_than, executor, done)
    except (ClientError, BotoCoreError) as error:
        stop(said(error), code_for(error, before=False))
    chosen: list[Plan] = []
    rows: list[RotatedKey] = []
    for key in found:
        one = _plan(plans, key)
        if isinstance(one, Plan):
            chosen.append(one)
        else:
            rows.append(one)
    return chosen, rows


def _plan(plans: Planner, key: OldKey) -> Plan | RotatedKey:
    try:
        return plans.of_key(key.user_name, key.access_key_id)
    except DescriptionError as error:
        stop(str(error), Exit.USAGE)
    except TROUBLES as error:
        return refused(key, "elsewhere" if isinstance(error, Elsewhere) else "refused", said(error))


def _last_use(used: object) -> str:
    if not isinstance(used, LastUse):
        return "unknown"
    return "never" if used.at is None else f"{used.at:%Y-%m-%d}, {used.service}"
