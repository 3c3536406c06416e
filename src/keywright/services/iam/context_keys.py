"""Which context keys policies ask about: what a simulation of them needs."""

from __future__ import annotations

from collections.abc import Iterable

from keywright.policy.context_keys import context_keys
from keywright.policy.document import MalformedDocument
from keywright.policy.validate import read_policy
from keywright.services.iam.borne_policies import borne_policies, find_bearer, policy_source
from keywright.services.iam.errors import InvalidInput
from keywright.services.operation import Call, Result, everything, operation


@operation(resource=everything, takes_time=True)
def get_context_keys_for_custom_policy(call: Call, *, policy_input_list: list[str]) -> Result:
    """
    List the keys that policies name in conditions and variables.

    Raises: InvalidInput.
    """
    del call
    return {"ContextKeyNames": _keys(policy_input_list)}


@operation(resource=policy_source, takes_time=True)
def get_context_keys_for_principal_policy(
    call: Call, *, policy_source_arn: str, policy_input_list: list[str] | None = None
) -> Result:
    """
    List the keys that the policies of a user, group or role name, and those of more policies; not its boundary's.

    Raises: InvalidInput; NoSuchEntity.
    """
    borne = borne_policies(call, find_bearer(call, policy_source_arn))
    return {"ContextKeyNames": _keys([*(policy.document for policy in borne), *(policy_input_list or [])])}


def _keys(documents: Iterable[str]) -> list[str]:
    """List keys once each, spelt as first written."""
    found: dict[str, str] = {}
    for text in documents:
        try:
            document = read_policy(text, "identity")
        except MalformedDocument as error:
            raise InvalidInput(f"Invalid Content Policy: {error.message}") from None
        for key in context_keys(document):
            found.setdefault(key.lower(), key)
    return list(found.values())
