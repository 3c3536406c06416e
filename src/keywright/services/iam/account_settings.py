"""The account's settings: its properties, and which tokens STS's global endpoint issues."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from keywright.services.iam.errors import InvalidInput
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.tables import account_properties, accounts


@operation(resource=everything)
def put_account_properties(call: Call, *, properties: dict[str, str]) -> Result:
    """
    Set properties of one namespace, each `Namespace/PropertyName`; others stay as they are.

    Raises: InvalidInput.
    """
    # DIVERGES: Account properties.
    namespaces = set()
    for name in properties:
        namespace, slash, property_name = name.partition("/")
        if not slash or not property_name or "/" in property_name:
            raise InvalidInput(f"Property key {name} must have the format Namespace/PropertyName.")
        namespaces.add(namespace)
    if len(namespaces) > 1:
        raise InvalidInput("All property keys must belong to the same namespace.")
    own = account_properties.c.account_id == call.account_id
    call.connection.execute(delete(account_properties).where(own, account_properties.c.name.in_(list(properties))))
    if properties:
        rows = [{"account_id": call.account_id, "name": name, "value": value} for name, value in properties.items()]
        call.connection.execute(insert(account_properties), rows)
    return None


@operation(resource=everything)
def get_account_properties(call: Call) -> Result:
    """Give the account's properties."""
    rows = call.connection.execute(
        select(account_properties.c.name, account_properties.c.value)
        .where(account_properties.c.account_id == call.account_id)
        .order_by(account_properties.c.name)
    )
    return {"Properties": {row.name: row.value for row in rows}}


@operation(resource=everything)
def set_security_token_service_preferences(call: Call, *, global_endpoint_token_version: str) -> Result:
    """Choose the version of the global endpoint's tokens; this server's are valid in every region whatever it is."""
    version = int(global_endpoint_token_version[1])
    call.connection.execute(
        update(accounts).where(accounts.c.account_id == call.account_id).values(global_endpoint_token_version=version)
    )
    return None
