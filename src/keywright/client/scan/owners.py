"""Say whose a key is, by its id and by this machine's profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from keywright.aws.identifiers import account_of
from keywright.client.known_options import KEY_ID
from keywright.client.profiles import read_profiles


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a key is, as far as it is known."""

    access_key_id: Annotated[str, "the key"]
    account_id: Annotated[str | None, "its account"]
    profiles: Annotated[tuple[str, ...], "the profiles of this machine that have it"]
    user_name: Annotated[str | None, "its user"] = None
    status: Annotated[str | None, "Active or Inactive; null where it is not known"] = None
    last_used_at: Annotated[datetime | None, "when it was last used"] = None
    last_used_service: Annotated[str | None, "with which service"] = None
    deactivated: Annotated[bool, "it was made inactive now"] = False
    reason: Annotated[str | None, "why not more is known, or why it was not made inactive"] = None


def owners_offline(key_ids: Iterable[str], environment: Mapping[str, str]) -> list[Owner]:
    """
    Say what the ids and this machine tell.

    Raises: OSError.
    """
    having: dict[str, list[str]] = {}
    for profile in read_profiles(environment)[0]:
        for setting in profile.settings:
            if setting.name == KEY_ID and profile.name not in having.setdefault(setting.value, []):
                having[setting.value].append(profile.name)
    return [Owner(one, account_of(one), tuple(having.get(one, ()))) for one in sorted(set(key_ids))]
