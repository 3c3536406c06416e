"""Outbound web identity federation: whether the account vouches for its principals to others."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from keywright.aws.identifiers import new_uuid
from keywright.identity.web_identity_issuers import PATH, IssuerKeys, make_keys, seal_keys
from keywright.services.iam.errors import FeatureDisabled, FeatureEnabled
from keywright.services.operation import Call, Inputs, Result, everything, operation
from keywright.store.tables import web_identity_issuers

_DISABLED = "Outbound web identity federation is not enabled for this account."


def draw_keys(call: Call, inputs: Inputs) -> IssuerKeys | None:
    """Make the keys of an account that has none yet."""
    del inputs
    known = select(web_identity_issuers.c.account_id).where(web_identity_issuers.c.account_id == call.account_id)
    return None if call.connection.execute(known).first() is not None else make_keys()


@operation(resource=everything, prepare=draw_keys)
def enable_outbound_web_identity_federation(call: Call) -> Result:
    """
    Begin to vouch. An account that did before has its issuer address again.

    DIVERGES: Web identity issuers. The address is one of this server, as the caller reaches it now: whoever is to
    verify tokens must reach it by the same.
    Raises: FeatureEnabled.
    """
    row = call.connection.execute(
        select(web_identity_issuers).where(web_identity_issuers.c.account_id == call.account_id)
    ).one_or_none()
    if row is not None and row.is_enabled:
        raise FeatureEnabled("Outbound web identity federation is already enabled for this account.")
    if row is not None:
        _switch(call, is_enabled=True)
        return {"IssuerIdentifier": row.issuer}
    issuer_id = new_uuid()
    issuer = f"{call.origin}{PATH}{issuer_id}"
    call.connection.execute(
        insert(web_identity_issuers).values(
            account_id=call.account_id,
            issuer_id=issuer_id,
            issuer=issuer,
            is_enabled=True,
            created_at=call.now,
            **seal_keys(call.sealer, call.account_id, call.prepared or make_keys()),
        )
    )
    return {"IssuerIdentifier": issuer}


@operation(resource=everything)
def get_outbound_web_identity_federation_info(call: Call) -> Result:
    """
    Tell the account's issuer address.

    Raises: FeatureDisabled.
    """
    issuer = call.connection.execute(
        select(web_identity_issuers.c.issuer).where(
            web_identity_issuers.c.account_id == call.account_id, web_identity_issuers.c.is_enabled
        )
    ).scalar_one_or_none()
    if issuer is None:
        raise FeatureDisabled(_DISABLED)
    return {"IssuerIdentifier": issuer, "JwtVendingEnabled": True}


@operation(resource=everything)
def disable_outbound_web_identity_federation(call: Call) -> Result:
    """
    Issue no more tokens; those that are out can still be verified.

    Raises: FeatureDisabled.
    """
    if not _switch(call, is_enabled=False):
        raise FeatureDisabled(_DISABLED)
    return None


def _switch(call: Call, *, is_enabled: bool) -> bool:
    """Turn it on or off; tells whether that changed anything."""
    changed = call.connection.execute(
        update(web_identity_issuers)
        .where(web_identity_issuers.c.account_id == call.account_id, web_identity_issuers.c.is_enabled != is_enabled)
        .values(is_enabled=is_enabled)
    )
    return changed.rowcount > 0
