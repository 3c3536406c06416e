"""Do a step of the recovery; what AWS warns of is not done before its time."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from keywright.client.errors import StepError
from keywright.client.quarantine import REVOKING, Facts


class NotYetError(StepError):
    """A step has to wait for another; the message says for which."""


def deactivate(iam: Any, facts: Facts) -> str:
    """
    Make the exposed keys inactive.

    Raises: BotoCoreError; ClientError.
    """
    for key in facts.exposed:
        iam.update_access_key(UserName=facts.user_name, AccessKeyId=key.access_key_id, Status="Inactive")
    return f"inactive: {_ids(facts)}"


def revoke_sessions(iam: Any, facts: Facts, now: datetime) -> str:
    """
    Deny whatever began before now, as the console's "Revoke active sessions" does; keys themselves are not meant by it.

    Raises: BotoCoreError; ClientError; NotYetError.
    """
    if any(key.status == "Active" for key in facts.exposed):
        raise NotYetError("an exposed key is active and would make new sessions: deactivate it first")
    before = {"DateLessThan": {"aws:TokenIssueTime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}}
    statement = {"Effect": "Deny", "Action": ["*"], "Resource": ["*"], "Condition": before}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=facts.user_name, PolicyName=REVOKING, PolicyDocument=document)
    return f"sessions from before now are denied, by the inline policy {REVOKING}; take it away after 36 hours"


def delete(iam: Any, facts: Facts) -> str:
    """
    Delete the exposed keys, which are inactive, and the tags that describe them.

    Raises: BotoCoreError; ClientError; NotYetError.
    """
    if any(key.status == "Active" for key in facts.exposed):
        raise NotYetError("an exposed key is active: deactivate it first, and see that nothing breaks")
    for key in facts.exposed:
        iam.delete_access_key(UserName=facts.user_name, AccessKeyId=key.access_key_id)
        # A tag that is left tells nobody anything; that it could not be removed stops nothing.
        with contextlib.suppress(ClientError):
            iam.untag_user(UserName=facts.user_name, TagKeys=[key.access_key_id])
    return f"deleted: {_ids(facts)}"


def detach(iam: Any, facts: Facts) -> str:
    """
    Take the quarantine away: the last step, once AWS Support has said so.

    Raises: BotoCoreError; ClientError; NotYetError.
    """
    if facts.exposed:
        raise NotYetError(f"AWS: do NOT remove this policy while an exposed key is there: {_ids(facts)}")
    if facts.remaining or (isinstance(facts.activity, str) and not facts.looked):
        raise NotYetError("look first at what was made (the step `made`), then say so by --looked")
    for arn in facts.policies:
        iam.detach_user_policy(UserName=facts.user_name, PolicyArn=arn)
    return f"{facts.user_name} is in quarantine no more"


def _ids(facts: Facts) -> str:
    return ", ".join(key.access_key_id for key in facts.exposed)
