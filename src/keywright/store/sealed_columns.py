"""Every sealed value of a store: where it is, and the name of the row that it was sealed for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, select

from keywright.store.tables import access_keys, master_key_check, mfa_devices, saml_private_keys, web_identity_issuers


class SealedColumn(NamedTuple):
    """A column of sealed values."""

    column: Column[Any]
    key: Column[Any]
    row_name: Callable[[Any], str]
    """Names the row, by the key's value, as what seals it does."""


SEALED_COLUMNS: Final = (
    SealedColumn(master_key_check.c.sealed, master_key_check.c.only, lambda _: "master_key_check"),
    SealedColumn(access_keys.c.sealed_secret, access_keys.c.access_key_id, "access_keys/{}".format),
    SealedColumn(mfa_devices.c.sealed_seed, mfa_devices.c.serial_number_key, "mfa_devices/{}".format),
    SealedColumn(saml_private_keys.c.sealed_key, saml_private_keys.c.key_id, "saml_private_keys/{}".format),
    SealedColumn(
        web_identity_issuers.c.sealed_rsa_key,
        web_identity_issuers.c.account_id,
        "web_identity_issuers/{}/RS256".format,
    ),
    SealedColumn(
        web_identity_issuers.c.sealed_ec_key,
        web_identity_issuers.c.account_id,
        "web_identity_issuers/{}/ES384".format,
    ),
)


class SealedValue(NamedTuple):
    """One sealed value."""

    place: SealedColumn
    key: Any
    sealed: bytes

    @property
    def row_name(self) -> str:
        """The name of the row that it was sealed for."""
        return self.place.row_name(self.key)


def sealed_values(connection: Connection) -> Iterator[SealedValue]:
    """Read every sealed value."""
    for place in SEALED_COLUMNS:
        query = select(place.key, place.column).where(place.column.is_not(None)).order_by(place.key)
        for key, sealed in connection.execute(query, execution_options={"yield_per": 1000}):
            yield SealedValue(place, key, bytes(sealed))


def key_ids_in_use(connection: Connection) -> frozenset[str]:
    """Return the ids of the master keys that have sealed what is in the store."""
    return frozenset(key_id_of(value.sealed) for value in sealed_values(connection))


def key_id_of(sealed: bytes) -> str:
    """Read the id of the master key off a sealed value (`store.sealing`)."""
    return sealed[1:5].hex()
