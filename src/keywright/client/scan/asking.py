"""Ask IAM whose a key is, and make it inactive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.identity import Unknown, attempt, listed_keys
from keywright.client.scan.owners import Owner
from keywright.client.session import SignedIn, reason


def ask_owner(signed_in: SignedIn, owner: Owner, account_id: str, *, every_account: bool) -> Owner:
    """Ask IAM for the user, the status and the last use of a key, if it is one of this account."""
    if owner.access_key_id.startswith("ASIA"):
        return replace(owner, reason="a temporary key, which IAM does not list")
    if owner.account_id is None and every_account:
        owner = replace(owner, account_id=_account(signed_in, owner.access_key_id))
    if owner.account_id not in {account_id, None} or (owner.account_id is None and not every_account):
        of = owner.account_id or "an account that its id does not tell"
        return replace(owner, reason=f"it is of {of}, and we are in {account_id}")
    iam = signed_in.client("iam")
    try:
        answer = iam.get_access_key_last_used(AccessKeyId=owner.access_key_id)
    except (ClientError, BotoCoreError) as error:
        return replace(owner, reason=_why(error))
    used = answer["AccessKeyLastUsed"]
    owner = replace(
        owner,
        user_name=answer.get("UserName"),
        last_used_at=used.get("LastUsedDate"),
        last_used_service=used.get("ServiceName") if used.get("LastUsedDate") else None,
    )
    if owner.user_name is None:
        return replace(owner, reason="IAM names no user: it may be the root user's, which the console alone ends")
    status = attempt(lambda: _status(iam, owner))
    return replace(owner, reason=status.why) if isinstance(status, Unknown) else replace(owner, status=status)


def deactivate(signed_in: SignedIn, owner: Owner) -> Owner:
    """Make a key inactive; say why not, where that fails."""
    try:
        signed_in.client("iam").update_access_key(
            UserName=owner.user_name, AccessKeyId=owner.access_key_id, Status="Inactive"
        )
    except (ClientError, BotoCoreError) as error:
        return replace(owner, reason=reason(error))
    return replace(owner, status="Inactive", deactivated=True)


def _account(signed_in: SignedIn, access_key_id: str) -> str | None:
    """Ask STS, which knows of every key; this machine cannot read the older ids."""
    answer = attempt(lambda: signed_in.client("sts").get_access_key_info(AccessKeyId=access_key_id)["Account"])
    return None if isinstance(answer, Unknown) else str(answer)


def _status(iam: Any, owner: Owner) -> str | None:
    keys = {key["AccessKeyId"]: str(key["Status"]) for key in listed_keys(iam, owner.user_name)}
    return keys.get(owner.access_key_id)


def _why(error: Exception) -> str:
    if isinstance(error, ClientError) and error.response["Error"]["Code"] == "NoSuchEntity":
        return "there is no such key any more"
    return reason(error)
