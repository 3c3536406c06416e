"""Roles that belong to an AWS service: it alone changes them, and they go by a request of their own."""

from __future__ import annotations

import re
from typing import Any, Final

import orjson
from sqlalchemy import delete, insert, select

from keywright.aws.arn import iam_arn
from keywright.aws.identifiers import new_uuid
from keywright.aws.service_linked_roles import SERVICE_LINKED_ROLES
from keywright.identity.aws_managed import ARN_PREFIX
from keywright.services.iam.documents import for_answer
from keywright.services.iam.entities import ROLE, look_up, make
from keywright.services.iam.errors import InvalidInput, NoSuchEntity
from keywright.services.iam.managed import SERVICE_LINKED_PATH
from keywright.services.iam.policy_attachments import insert_attachment
from keywright.services.iam.policy_bearers import ROLES
from keywright.services.iam.roles import describe_role, existing_role, find_role, is_service_linked
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import roles, service_linked_role_deletions

_SESSION_SECONDS: Final = 3600
_TASK: Final = re.compile(r"task/(aws-service-role/[^/]+)/([^/]+)/[0-9a-f-]{36}")


def new_service_linked_role(call: Call, inputs: Inputs) -> Target:
    """Name the role that is to be made."""
    service = inputs["aws_service_name"]
    kind = SERVICE_LINKED_ROLES.get(service)
    name = "*" if kind is None else kind.role_name(inputs.get("custom_suffix"))
    return Target(iam_arn(call.account_id, "role", f"{SERVICE_LINKED_PATH}{service}/", name))


def role_of_task(call: Call, inputs: Inputs) -> Target:
    """Name the role that a deletion task is about."""
    match = _TASK.fullmatch(inputs["deletion_task_id"])
    return Target("*") if match is None else Target(iam_arn(call.account_id, "role", f"/{match[1]}/", match[2]))


@operation(resource=new_service_linked_role)
def create_service_linked_role(
    call: Call, *, aws_service_name: str, description: str | None = None, custom_suffix: str | None = None
) -> Result:
    """
    Make the role of a service, with the name, the trust policy and the permissions that AWS gives it.

    Raises: NoSuchEntity (the service has none); InvalidInput (it has one already, or takes no suffix); LimitExceeded.
    """
    kind = SERVICE_LINKED_ROLES.get(aws_service_name)
    if kind is None:
        raise NoSuchEntity(f"The service {aws_service_name} has no service-linked role.")
    if custom_suffix is not None and not kind.takes_suffix:
        raise InvalidInput(f"Custom suffix is not allowed for {aws_service_name}")
    name = kind.role_name(custom_suffix)
    if look_up(call, ROLE, name) is not None:
        raise InvalidInput(f"Service role name {name} has been taken in this account, please try a different suffix.")
    role_id = make(
        call,
        ROLE,
        name,
        f"{SERVICE_LINKED_PATH}{aws_service_name}/",
        trust_policy=_trust_policy(aws_service_name, listed=False),
        description=kind.description if description is None else description,
        max_session_duration_seconds=_SESSION_SECONDS,
    )
    insert_attachment(call, ROLES, role_id, f"{ARN_PREFIX}aws-service-role/{kind.policy_name}")
    described = describe_role(call, find_role(call, name))
    # AWS: as for CreateRole.
    del described["MaxSessionDuration"]
    # AWS: this answer alone has the action and the service in lists (recorded 2026-09-11, Auto Scaling's role).
    return {"Role": described | {"AssumeRolePolicyDocument": for_answer(_trust_policy(aws_service_name, listed=True))}}


@operation(resource=existing_role)
def delete_service_linked_role(call: Call, *, role_name: str) -> Result:
    """
    Delete a service-linked role. Nothing here uses it, so it is gone at once.

    Raises: NoSuchEntity (no such role, or it is not service-linked).
    """
    role = find_role(call, role_name)
    if not is_service_linked(role):
        raise NoSuchEntity(f"The service-linked role with name {role_name} cannot be found.")
    call.connection.execute(delete(roles).where(roles.c.role_id == role.role_id))
    task_id = f"task{role.path}{role.role_name}/{new_uuid()}"
    call.connection.execute(
        insert(service_linked_role_deletions).values(
            deletion_task_id=task_id, account_id=call.account_id, status="SUCCEEDED", created_at=call.now
        )
    )
    return {"DeletionTaskId": task_id}


@operation(resource=role_of_task)
def get_service_linked_role_deletion_status(call: Call, *, deletion_task_id: str) -> Result:
    """
    Tell how a deletion is going.

    Raises: InvalidInput (no task's id); NoSuchEntity.
    """
    if _TASK.fullmatch(deletion_task_id) is None:
        raise InvalidInput("Invalid task id")
    status = call.connection.execute(
        select(service_linked_role_deletions.c.status).where(
            service_linked_role_deletions.c.deletion_task_id == deletion_task_id,
            service_linked_role_deletions.c.account_id == call.account_id,
        )
    ).scalar_one_or_none()
    if status is None:
        raise NoSuchEntity("Cannot find deletion status for given id.")
    return {"Status": status}


def _trust_policy(service: str, *, listed: bool) -> str:
    """Write the trust policy of a service's role, with AWS's members in AWS's order."""
    principal: dict[str, Any] = {"Principal": {"Service": [service] if listed else service}}
    statement = (
        {"Action": ["sts:AssumeRole"], "Effect": "Allow"} | principal
        if listed
        else {"Effect": "Allow"} | principal | {"Action": "sts:AssumeRole"}
    )
    return orjson.dumps({"Version": "2012-10-17", "Statement": [statement]}).decode()
