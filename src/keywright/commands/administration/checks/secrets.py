"""Every sealed value opens under one of the master keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from keywright.commands.administration.checks.problem import Problem
from keywright.store.sealed_columns import key_id_of, sealed_values
from keywright.store.sealing import Sealer, UnsealError

_CHECK: Final = "seal"


def check_seals(connection: Connection, sealer: Sealer, sealed_by: Counter[str]) -> Iterator[Problem]:
    """Open every sealed value; count them by the id of their master key."""
    for value in sealed_values(connection):
        key_id = key_id_of(value.sealed)
        sealed_by[key_id] += 1
        try:
            sealer.unseal(value.sealed, value.row_name)
        except UnsealError:
            where = f"{value.row_name} ({value.place.column.name})"
            if key_id in sealer.key_ids:
                what = "it does not open: it was altered, or belongs to another row"
                fix = (
                    "delete it and create it again, or restore the last backup that `keywright check` finds nothing in"
                )
            else:
                what = f"it was sealed with the master key {key_id}, which is not here"
                fix = "add that key as a further line of master.key or KEYWRIGHT_MASTER_KEY"
            yield Problem(_CHECK, where, what, fix)
