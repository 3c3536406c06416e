"""
Which services a user, group, role or policy allows, and when they were last used by whom: reports, made when asked.

Where AWS takes its time, the report is complete at once: who called what stands ready in `service_uses`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Row, insert, select

from keywright.aws.service_reference import service_names
from keywright.policy.document import parse_document
from keywright.services.iam.borne_policies import borne_policies, find_bearer
from keywright.services.iam.errors import InvalidInput, NoSuchEntity
from keywright.services.iam.managed import default_document, find_policy
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.iam.policy_bearers import GROUPS, ROLES, USERS, BearerKind
from keywright.services.operation import Call, Inputs, Result, Target, everything, operation
from keywright.store.tables import (
    from_milliseconds,
    group_memberships,
    group_policy_attachments,
    last_accessed_jobs,
    role_policy_attachments,
    roles,
    service_uses,
    to_milliseconds,
    user_policy_attachments,
    users,
)
from keywright.trail.lookup import TRACKING

_AT_ONCE: Final = 500
"""How many principals to ask the database about at a time."""


class _Principal(NamedTuple):
    """A user or role that could have used what is reported on."""

    kind: BearerKind
    row: Row[Any]

    @property
    def unique_id(self) -> str:
        return self.kind.entity.row_id(self.row)


def reported(call: Call, inputs: Inputs) -> Target:
    """Name what is reported on."""
    del call
    return Target(inputs["arn"])


def _find_services(call: Call, inputs: Inputs) -> str:
    """Make the report, as JSON: each service that is allowed, and its last use."""
    arn: str = inputs["arn"]
    allowed = _allowed_services(_documents(call, arn))
    principals = {principal.unique_id: principal for principal in _principals(call, arn)}
    uses: dict[str, list[Row[Any]]] = {}
    for use in _uses(call, list(principals)):
        uses.setdefault(use.service, []).append(use)
    names = service_names()
    services = [
        _describe_service(call, namespace, names[namespace], uses.get(namespace, ()), principals)
        for namespace in sorted(allowed)
    ]
    return orjson.dumps(services).decode()


@operation(resource=reported, prepare=_find_services)
def generate_service_last_accessed_details(call: Call, *, arn: str, granularity: str = "SERVICE_LEVEL") -> Result:
    """
    Make a report about a user, group, role or managed policy.

    Raises: NoSuchEntity; InvalidInput.
    """
    job_id = str(uuid.uuid4())
    call.connection.execute(
        insert(last_accessed_jobs).values(
            job_id=job_id,
            account_id=call.account_id,
            requested_by=call.caller.principal_id,
            arn=arn,
            granularity=granularity,
            created_at=call.now,
            services=call.prepared,
        )
    )
    return {"JobId": job_id}


@operation(resource=everything)
def get_service_last_accessed_details(
    call: Call, *, job_id: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    Give a report to the one who asked for it, by service.

    Raises: NoSuchEntity.
    """
    job = _find_job(call, job_id)
    services: list[dict[str, Any]] = orjson.loads(job.services)
    page, truncation = slice_page(
        services, lambda service: str(service["ServiceNamespace"]), PageRequest(marker, max_items)
    )
    with_actions = job.granularity == "ACTION_LEVEL"
    return {
        "JobStatus": "COMPLETED",
        "JobType": job.granularity,
        "JobCreationDate": job.created_at,
        "JobCompletionDate": job.created_at,
        "ServicesLastAccessed": [_for_answer(service, with_actions=with_actions) for service in page],
        **truncation,
    }


@operation(resource=everything, takes_time=True)
def get_service_last_accessed_details_with_entities(
    call: Call, *, job_id: str, service_namespace: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the users and roles of a report, and when each last used a service: the latest first.

    Raises: NoSuchEntity; InvalidInput (a service that the report does not have).
    """
    job = _find_job(call, job_id)
    if service_namespace not in {service["ServiceNamespace"] for service in orjson.loads(job.services)}:
        raise InvalidInput(f"The service {service_namespace} is not in the report.")
    principals = list(_principals(call, job.arn))
    last: dict[str, datetime] = {}
    for use in _uses(call, [principal.unique_id for principal in principals], service_namespace):
        last[use.principal_id] = max(use.used_at, last.get(use.principal_id, use.used_at))
    entities = sorted(
        (_rank(principal, last.get(principal.unique_id)), _describe(call, principal, last.get(principal.unique_id)))
        for principal in principals
    )
    page, truncation = slice_page(entities, lambda entity: entity[0], PageRequest(marker, max_items))
    return {
        "JobStatus": "COMPLETED",
        "JobCreationDate": job.created_at,
        "JobCompletionDate": job.created_at,
        "EntityDetailsList": [described for _, described in page],
        **truncation,
    }


def _find_job(call: Call, job_id: str) -> Row[Any]:
    job = call.connection.execute(
        select(last_accessed_jobs).where(
            last_accessed_jobs.c.job_id == job_id,
            last_accessed_jobs.c.account_id == call.account_id,
            last_accessed_jobs.c.requested_by == call.caller.principal_id,
        )
    ).one_or_none()
    if job is None:
        raise NoSuchEntity(f"The job with id {job_id} cannot be found.")
    return job


def _is_policy(arn: str) -> bool:
    return arn.split(":", 5)[-1].startswith("policy/")


def _documents(call: Call, arn: str) -> list[str]:
    if _is_policy(arn):
        return [default_document(call, find_policy(call, arn))]
    return [policy.document for policy in borne_policies(call, find_bearer(call, arn))]


def _allowed_services(documents: Sequence[str]) -> set[str]:
    """Name the services of which any action is allowed, whatever denies it."""
    known = frozenset(service_names())
    allowed: set[str] = set()
    for document in documents:
        for statement in parse_document(document).statements:
            if statement.effect != "Allow":
                continue
            if statement.actions is not None:
                prefixes = {action.lower().partition(":")[0] for action in statement.actions}
                allowed |= known if "*" in prefixes else known & prefixes
            else:
                withheld = {action.lower() for action in statement.not_actions or ()}
                if "*" not in withheld:
                    allowed |= {namespace for namespace in known if f"{namespace}:*" not in withheld}
    return allowed


def _principals(call: Call, arn: str) -> Iterator[_Principal]:
    """Find the users and roles that have what an ARN names: itself, a group's members, a policy's bearers."""
    if _is_policy(arn):
        policy_arn = find_policy(call, arn).arn
        groups_bearing, users_bearing, roles_bearing = (
            select(table.columns[0]).where(table.c.account_id == call.account_id, table.c.policy_arn == policy_arn)
            for table in (group_policy_attachments, user_policy_attachments, role_policy_attachments)
        )
        members = select(group_memberships.c.user_id).where(group_memberships.c.group_id.in_(groups_bearing))
        yield from _users(call, users.c.user_id.in_(users_bearing.union(members)))
        for row in call.connection.execute(
            select(roles).where(roles.c.account_id == call.account_id, roles.c.role_id.in_(roles_bearing))
        ):
            yield _Principal(ROLES, row)
        return
    bearer = find_bearer(call, arn)
    if bearer.kind is GROUPS:
        members = select(group_memberships.c.user_id).where(group_memberships.c.group_id == bearer.row.group_id)
        yield from _users(call, users.c.user_id.in_(members))
    else:
        yield _Principal(bearer.kind, bearer.row)


def _users(call: Call, condition: Any) -> Iterator[_Principal]:
    for row in call.connection.execute(select(users).where(users.c.account_id == call.account_id, condition)):
        yield _Principal(USERS, row)


def _uses(call: Call, principal_ids: list[str], service: str | None = None) -> Iterator[Row[Any]]:
    """Read what principals used while AWS would remember it."""
    statement = select(service_uses).where(
        service_uses.c.account_id == call.account_id, service_uses.c.used_at >= call.now - TRACKING
    )
    if service is not None:
        statement = statement.where(service_uses.c.service == service)
    for start in range(0, len(principal_ids), _AT_ONCE):
        some = principal_ids[start : start + _AT_ONCE]
        yield from call.connection.execute(statement.where(service_uses.c.principal_id.in_(some)))


def _describe_service(
    call: Call, namespace: str, name: str, uses: Sequence[Row[Any]], principals: dict[str, _Principal]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "ServiceName": name,
        "ServiceNamespace": namespace,
        "TotalAuthenticatedEntities": len({use.principal_id for use in uses}),
    }
    if uses:
        latest = max(uses, key=lambda use: use.used_at)
        described |= {
            "LastAuthenticated": to_milliseconds(latest.used_at),
            "LastAuthenticatedEntity": _arn(call, principals[latest.principal_id]),
            "LastAuthenticatedRegion": latest.region,
            "TrackedActionsLastAccessed": [
                {
                    "ActionName": use.action,
                    "LastAccessedEntity": _arn(call, principals[use.principal_id]),
                    "LastAccessedTime": to_milliseconds(use.used_at),
                    "LastAccessedRegion": use.region,
                }
                for use in _latest_by_action(uses)
            ],
        }
    return described


def _latest_by_action(uses: Sequence[Row[Any]]) -> list[Row[Any]]:
    latest: dict[str, Row[Any]] = {}
    for use in sorted(uses, key=lambda one: one.used_at):
        latest[use.action] = use
    return [latest[action] for action in sorted(latest)]


def _for_answer(service: dict[str, Any], *, with_actions: bool) -> dict[str, Any]:
    """Give a service as the answer has it: with moments, and with its actions where they were asked for."""
    answer = {name: value for name, value in service.items() if name != "TrackedActionsLastAccessed"}
    if "LastAuthenticated" in answer:
        answer["LastAuthenticated"] = from_milliseconds(answer["LastAuthenticated"])
    if with_actions and "TrackedActionsLastAccessed" in service:
        answer["TrackedActionsLastAccessed"] = [
            action | {"LastAccessedTime": from_milliseconds(action["LastAccessedTime"])}
            for action in service["TrackedActionsLastAccessed"]
        ]
    return answer


def _arn(call: Call, principal: _Principal) -> str:
    return principal.kind.entity.arn(call.account_id, principal.row)


def _rank(principal: _Principal, last_used_at: datetime | None) -> str:
    """Sort the latest first, and those that never used it by their ids after them."""
    used = 0 if last_used_at is None else to_milliseconds(last_used_at)
    return f"{10**15 - used:016d}{principal.unique_id}"


def _describe(call: Call, principal: _Principal, last_used_at: datetime | None) -> dict[str, Any]:
    entity = principal.kind.entity
    return {
        "EntityInfo": {
            "Arn": _arn(call, principal),
            "Name": entity.name(principal.row),
            "Type": entity.arn_type.upper(),
            "Id": principal.unique_id,
            "Path": principal.row.path,
        },
        "LastAuthenticated": last_used_at,
    }
