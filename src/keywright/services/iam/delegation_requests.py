"""
Delegation requests: what AWS's onboarded partners ask of an account.

AWS registers a partner's policy templates when it takes the partner on, and refuses a request that names none of them.
Keywright takes nobody on: no template is registered, no request is ever made, and none can be found.
"""

from __future__ import annotations

import re
from typing import Any, Final

from keywright.services.iam.errors import InvalidInput, NoSuchEntity
from keywright.services.operation import Call, Inputs, Result, Target, everything, operation

_REQUEST_ARN: Final = re.compile(r"arn:aws:iam::\d{12}:delegation-request/([\w-]{16,128})")


def new_request(call: Call, inputs: Inputs) -> Target:
    """Name the requests of the account: the new one has no id yet."""
    del inputs
    return Target(f"arn:aws:iam::{call.account_id}:delegation-request/*")


def existing_request(call: Call, inputs: Inputs) -> Target:
    """Name the request that is acted upon."""
    return Target(f"arn:aws:iam::{call.account_id}:delegation-request/{inputs['delegation_request_id']}")


def summarised(call: Call, inputs: Inputs) -> Target:
    """Name what a summary is asked of."""
    del call
    return Target(inputs["entity_arn"])


@operation(resource=new_request)
def create_delegation_request(
    call: Call,
    *,
    description: str,
    permissions: dict[str, Any],
    requestor_workflow_id: str,
    notification_channel: str,
    session_duration: int,
    owner_account_id: str | None = None,
    request_message: str | None = None,
    redirect_url: str | None = None,
    only_send_by_owner: bool = False,
) -> Result:
    """
    Refuse: no partner's policy templates are registered.

    Raises: InvalidInput.
    """
    del call, description, requestor_workflow_id, notification_channel, session_duration, owner_account_id
    del request_message, redirect_url, only_send_by_owner
    template = permissions.get("PolicyTemplateArn")
    raise InvalidInput(f"The policy template {template or ''} is not registered for this account.")


@operation(resource=existing_request)
def get_delegation_request(
    call: Call, *, delegation_request_id: str, delegation_permission_check: bool = False
) -> Result:
    """
    Find no request.

    Raises: NoSuchEntity.
    """
    del call, delegation_permission_check
    raise _not_found(delegation_request_id)


@operation(resource=everything)
def list_delegation_requests(
    call: Call, *, owner_id: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's requests: there are none."""
    del call, owner_id, marker, max_items
    return {"DelegationRequests": [], "isTruncated": False}


@operation(resource=existing_request)
def accept_delegation_request(call: Call, *, delegation_request_id: str) -> Result:
    """
    Find no request.

    Raises: NoSuchEntity.
    """
    del call
    raise _not_found(delegation_request_id)


@operation(resource=existing_request)
def associate_delegation_request(call: Call, *, delegation_request_id: str) -> Result:
    """
    Find no request.

    Raises: NoSuchEntity.
    """
    del call
    raise _not_found(delegation_request_id)


@operation(resource=existing_request)
def reject_delegation_request(call: Call, *, delegation_request_id: str, notes: str | None = None) -> Result:
    """
    Find no request.

    Raises: NoSuchEntity.
    """
    del call, notes
    raise _not_found(delegation_request_id)


@operation(resource=existing_request)
def send_delegation_token(call: Call, *, delegation_request_id: str) -> Result:
    """
    Find no request.

    Raises: NoSuchEntity.
    """
    del call
    raise _not_found(delegation_request_id)


@operation(resource=existing_request)
def update_delegation_request(call: Call, *, delegation_request_id: str, notes: str | None = None) -> Result:
    """
    Find no request.

    Raises: NoSuchEntity.
    """
    del call, notes
    raise _not_found(delegation_request_id)


@operation(resource=summarised)
def get_human_readable_summary(call: Call, *, entity_arn: str, locale: str = "en") -> Result:
    """
    Find no request to sum up: of nothing else does AWS make a summary.

    Raises: InvalidInput; NoSuchEntity.
    """
    del call, locale
    match = _REQUEST_ARN.fullmatch(entity_arn)
    if match is None:
        raise InvalidInput(f"The ARN {entity_arn} does not name a delegation request.")
    raise _not_found(match[1])


def _not_found(delegation_request_id: str) -> NoSuchEntity:
    return NoSuchEntity(f"The delegation request with id {delegation_request_id} cannot be found.")
