"""What a rotation would do: which key, which places, which description; nothing is changed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from keywright.client.file_names import files
from keywright.client.identity import Caller, attempt, who_am_i
from keywright.client.issuing import MOST_KEYS, ExistingKey, existing_keys
from keywright.client.places.machine import Machine
from keywright.client.rotation.descriptions import carried_over
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.keys import ACTIVE, description_of, keys_by_id
from keywright.client.rotation.record import Records, Rotation, Step
from keywright.client.rotation.removable import removable
from keywright.client.rotation.signer import Signer


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for, alike for every key."""

    profile: str | None
    region: str | None
    endpoint_url: str | None
    mfa_serial: str | None
    also: tuple[Path, ...]
    deactivate_after: timedelta
    delete_after: timedelta
    expires: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """One rotation before it begins."""

    rotation: Rotation
    created_at: datetime
    """When the old key was made."""
    remove: ExistingKey | None
    """The user's other key, unused, which goes first: it was named."""


class Full(RotationError):
    """The user has two keys, which is the most."""

    def __init__(self, message: str, keys: tuple[ExistingKey, ...]) -> None:
        super().__init__(message)
        self.keys = keys


class Elsewhere(RotationError):
    """No place on this machine holds the key."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans for one sign-in."""

    signer: Signer
    caller: Caller
    machine: Machine
    records: Records
    environment: Mapping[str, str]
    wishes: Wishes

    def own(self, remove_unused: str | None) -> Plan:
        """
        Plan for the key that signs.

        Raises: RotationError; DescriptionError; PlaceError; KeystoreError; BotoCoreError; ClientError; OSError.
        """
        access_key_id = self.signer.access_key_id
        if self.caller.kind == "root":
            raise RotationError(
                f"{access_key_id} is a root key, which nothing can limit: it is not rotated but deleted, in the "
                "console of the root user. `keywright issue` makes a user's in its stead"
            )
        if self.caller.user_name is None or access_key_id.startswith("ASIA"):
            raise RotationError(
                f"{self.caller.arn} signs with temporary credentials, which end by themselves: name the profile that "
                "holds the long-term key (its source_profile) by --profile, or a user by --user"
            )
        return self._plan(self.caller.user_name, access_key_id, remove_unused)

    def of_user(self, user_name: str, remove_unused: str | None) -> Plan:
        """
        Plan for a user's key: the only one, or the one that stays when another is removed.

        Raises: as `own`.
        """
        keys = existing_keys(self.signer.iam, user_name)
        candidates = [key.access_key_id for key in keys if key.access_key_id != remove_unused]
        if not candidates:
            raise RotationError(f"{user_name} has no key to rotate: `keywright issue {user_name}` makes one")
        # Of two, the one that is here is meant; that there are two is said below.
        here = [key for key in candidates if self.machine.find(key)]
        return self._plan(user_name, (here or candidates)[0], remove_unused)

    def of_key(self, user_name: str, access_key_id: str) -> Plan:
        """
        Plan for one key of a user.

        Raises: as `own`.
        """
        return self._plan(user_name, access_key_id, None)

    def _plan(self, user_name: str, access_key_id: str, remove_unused: str | None) -> Plan:
        self._refuse_begun(access_key_id)
        places = self.machine.find(access_key_id)
        if not places:
            raise Elsewhere(
                f"no place on this machine holds {access_key_id}: rotate it where it is used, or name the files that "
                f"hold it by --also; `keywright issue {user_name} --for …` hands a new key over"
            )
        keys = keys_by_id(self.signer.iam, user_name)
        key = keys.get(access_key_id)
        if key is None:
            raise RotationError(f"{access_key_id} is not among {user_name}'s keys")
        remove = None if remove_unused is None else removable(keys, access_key_id, remove_unused, self.machine)
        if len(keys) - (remove is not None) >= MOST_KEYS:
            raise Full(
                f"{user_name} has two keys already, which is the most: one that nobody needs is removed first by "
                "--remove-unused KEYID",
                tuple(keys.values()),
            )
        if key.status != ACTIVE:
            raise RotationError(f"{access_key_id} is {key.status.lower()}: nobody can be using it. Delete it instead")
        now = datetime.now(UTC)
        named = files(self.environment)
        described = self._description(user_name, access_key_id)
        return Plan(
            Rotation(
                step=Step.CREATING,
                started_at=now,
                user_name=user_name,
                account_id=self.caller.account_id,
                old_access_key_id=access_key_id,
                profile=self.wishes.profile,
                region=self.wishes.region or self.signer.signed_in.region,
                endpoint_url=self.wishes.endpoint_url or _own_endpoint(self.signer),
                mfa_serial=self.wishes.mfa_serial,
                config_file=str(named.config.absolute()),
                credentials_file=str(named.credentials.absolute()),
                also=tuple(str(path) for path in self.wishes.also),
                places=tuple(place.where for place in places),
                keys_before=tuple(keys),
                deactivate_after_seconds=int(self.wishes.deactivate_after.total_seconds()),
                delete_after_seconds=int(self.wishes.delete_after.total_seconds()),
                new_description=carried_over(described, key.created_at.date(), now.date(), self.wishes.expires),
            ),
            key.created_at,
            remove,
        )

    def _description(self, user_name: str, access_key_id: str) -> str | None:
        """Read a key's description; where one may not, there is none to carry over."""
        found = attempt(lambda: description_of(self.signer.iam, user_name, access_key_id))
        return found if isinstance(found, str) else None

    def _refuse_begun(self, access_key_id: str) -> None:
        for one in self.records.read():
            if access_key_id in {one.old_access_key_id, one.new_access_key_id}:
                raise RotationError(
                    f"the rotation of {one.old_access_key_id}, user {one.user_name}, is not finished ({one.step}): "
                    "`keywright rotate --resume` goes on with it, `--rollback` goes back"
                )


def _own_endpoint(signer: Signer) -> str | None:
    """Give the endpoint that is not AWS's, for those who go on from another shell."""
    url: str = signer.iam.meta.endpoint_url
    return None if ".amazonaws.com" in url else url


def planner(
    signer: Signer, machine: Machine, records: Records, environment: Mapping[str, str], wishes: Wishes
) -> Planner:
    """
    Make a planner.

    Raises: BotoCoreError; ClientError.
    """
    return Planner(signer, who_am_i(signer.signed_in), machine, records, environment, wishes)
