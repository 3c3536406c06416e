"""
Whether a key is unused: when IAM knows of no use of it for long enough.

AWS: the last use is noted late, and once in 15 minutes (facts §5): that a key was not used a moment ago says nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from keywright.client.durations import write_duration
from keywright.client.identity import attempt, moment_of
from keywright.client.rotation.work import Pause

LITTLE: Final = timedelta(minutes=30)
"""A shorter watch can miss a use: 15 minutes until it is noted, and as much until IAM shows it."""
_SAME_MOMENT: Final = timedelta(seconds=1)
"""The service tells its time in whole seconds: the rotation's own last use of a key may seem later than it is."""


def pause_until_unused(iam: Any, access_key_id: str, since: datetime, for_seconds: int) -> Pause | None:
    """
    Tell how long a key is still to be watched; None where it is unused.

    `since`: when the last place that had it got another.
    """
    if not for_seconds:
        return None
    answer = attempt(lambda: iam.get_access_key_last_used(AccessKeyId=access_key_id))
    if not isinstance(answer, dict):
        return Pause(
            f"when {access_key_id} was last used cannot be seen ({answer.why}): go on without looking by "
            "`--deactivate-after 0`",
            None,
        )
    used = answer["AccessKeyLastUsed"]
    last = used.get("LastUsedDate")
    watched = timedelta(seconds=for_seconds)
    ready_at = max(since, last or since) + watched
    left = ready_at - moment_of(answer)
    if left <= timedelta(0):
        return None
    if last is not None and last > since + _SAME_MOMENT:
        why = (
            f"somebody still uses {access_key_id}: {used['ServiceName']} in {used['Region']} at {last:%Y-%m-%d %H:%M} "
            "UTC, after its places had another key"
        )
    else:
        why = f"{access_key_id} stays active until it has been unused for {write_duration(watched)}"
    return Pause(why, ready_at, left)
