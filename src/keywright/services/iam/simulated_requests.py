"""What is simulated: who asks, about which resources, with which context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, select

from keywright.aws.arn import assumed_role_arn
from keywright.aws.service_reference import find_action, service
from keywright.policy.condition.values import read_address, read_binary, read_bool, read_date, read_network, read_number
from keywright.policy.request import AuthorizationRequest, Principal
from keywright.services.iam.errors import InvalidInput
from keywright.services.iam.pages import DEFAULT_ITEMS, PageRequest
from keywright.services.iam.resource_facts import find_tags
from keywright.services.operation import Call
from keywright.store.tables import roles, users

_CALLER_ARN: Final = re.compile(r"arn:aws:iam::(\d{12}):(user|group|role)/(?:.*/)?([^/]+)")
_OWNER: Final = re.compile(r"arn:aws:iam::(\d{12}):root|(\d{12})")
_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9:._-]+")
_READERS: Final[dict[str, Callable[[str], object | None]]] = {
    "string": str,
    "numeric": read_number,
    "boolean": read_bool,
    "ip": lambda text: read_network(text) if "/" in text else read_address(text)[0] or None,
    "binary": read_binary,
    "date": read_date,
}
_MOST_QUESTIONS: Final = 5000
"""What one call decides: actions times resources. It holds one of the few threads for long reads."""
_NEEDED: Final = {
    "EC2-VPC-InstanceStore": ("instance", "image", "security-group", "network-interface"),
    "EC2-VPC-InstanceStore-Subnet": ("instance", "image", "security-group", "network-interface", "subnet"),
    "EC2-VPC-EBS": ("instance", "image", "security-group", "network-interface", "volume"),
    "EC2-VPC-EBS-Subnet": ("instance", "image", "security-group", "network-interface", "subnet", "volume"),
}
"""What ResourceHandlingOption asks for (API reference, SimulateCustomPolicy)."""


class SimulatedCaller(NamedTuple):
    """Who is simulated to call, and the context keys that follow from it."""

    principal: Principal
    keys: Mapping[str, tuple[str, ...]]


class Simulation(NamedTuple):
    """What every question of a simulation has in common."""

    caller: SimulatedCaller
    resource_owner: str
    """The account of what does not say its own."""
    context: Mapping[str, tuple[str, ...]]

    def request(self, action: str, resource: str) -> AuthorizationRequest:
        """Put one question."""
        owner = resource_account(resource) or self.resource_owner
        keys = {**self.caller.keys, "aws:resourceaccount": (owner,), **self.context}
        return AuthorizationRequest(action, resource, self.caller.principal, owner, keys)


def simulated_caller(call: Call, arn: str | None) -> SimulatedCaller:
    """
    Describe the caller of that ARN; without one, somebody of the calling account.

    An entity of the calling account brings its id, its name and its tags. Raises: InvalidInput.
    """
    if arn is None:
        return SimulatedCaller(Principal("user", "", call.account_id), {"aws:principalaccount": (call.account_id,)})
    match = _CALLER_ARN.fullmatch(arn)
    if match is None:
        raise InvalidInput(f"Invalid caller ARN: {arn} is not the ARN of an IAM user, group or role.")
    account_id, kind, name = match.groups()
    row = _entity(call, kind, name) if account_id == call.account_id else None
    tags = find_tags(call.connection, arn) if row is not None else {}
    keys = {f"aws:principaltag/{key}".lower(): (value,) for key, value in tags.items()}
    keys |= {"aws:principalarn": (arn,), "aws:principalaccount": (account_id,)}
    unique_id: str | None = None if row is None else row[0]
    if kind == "role":
        session = assumed_role_arn(account_id, name, name)
        keys["aws:principaltype"] = ("AssumedRole",)
        return SimulatedCaller(Principal("role-session", session, account_id, arn, unique_id), keys)
    keys["aws:principaltype"] = ("User",)
    if kind == "user":
        keys["aws:username"] = (name if row is None else row.user_name,)
    if unique_id is not None:
        keys["aws:userid"] = (unique_id,)
    return SimulatedCaller(Principal("user", arn, account_id, unique_id=unique_id), keys)


def _entity(call: Call, kind: str, name: str) -> Row[Any] | None:
    table, key = (users, users.c.user_name_key) if kind == "user" else (roles, roles.c.role_name_key)
    if kind == "group":
        return None
    return call.connection.execute(
        select(table).where(table.c.account_id == call.account_id, key == name.casefold())
    ).one_or_none()


def resource_account(arn: str) -> str | None:
    """Read the account off an ARN, None where it does not say one."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and re.fullmatch(r"\d{12}", parts[4]) else None


def owner_account(text: str | None, caller: SimulatedCaller) -> str:
    """
    Read ResourceOwner; without one it is the caller's account.

    Raises: InvalidInput.
    """
    if text is None:
        return caller.principal.account_id
    match = _OWNER.fullmatch(text)
    if match is None:
        raise InvalidInput(f"Invalid resource owner: {text} is not the ARN of an account.")
    return match[1] or match[2]


def read_context(entries: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """
    Read ContextEntries: values of their type, one where the type is no list.

    Raises: InvalidInput.
    """
    return dict(_read_entries(entries))


def _read_entries(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in entries:
        name, given_type = entry.get("ContextKeyName"), entry.get("ContextKeyType")
        values: list[str] = entry.get("ContextKeyValues") or []
        if name is None or given_type is None:
            raise InvalidInput("A context entry needs a ContextKeyName and a ContextKeyType.")
        if len(values) > 1 and not given_type.endswith("List"):
            raise InvalidInput(f"The context key {name} of type {given_type} has more than one value.")
        read = _READERS[given_type.removesuffix("List")]
        for value in values:
            if read(value) is None:
                raise InvalidInput(f"The value {value} of the context key {name} is not of type {given_type}.")
        yield name.lower(), tuple(values)


def check_actions(names: Sequence[str]) -> None:
    """Refuse names that are no action's. Raises: InvalidInput."""
    for name in names:
        if _ACTION.fullmatch(name) is None:
            raise InvalidInput(f"Invalid action name: {name}. An action is service:name, without wildcards.")


def check_resources(arns: Sequence[str], handling_option: str | None) -> None:
    """
    Refuse what is neither `*` nor an ARN, and a simulation that lacks what its scenario needs.

    Raises: InvalidInput.
    """
    for arn in arns:
        if arn != "*" and (not arn.startswith("arn:") or arn.count(":") < 5):
            raise InvalidInput(f"Invalid resource ARN: {arn}.")
    if handling_option is None:
        return
    needed = _NEEDED.get(handling_option)
    if needed is None:
        raise InvalidInput(f"Invalid resource handling option: {handling_option}.")
    given = {arn.split(":", 5)[5].partition("/")[0] for arn in arns if arn.startswith("arn:aws:ec2:")}
    missing = [name for name in needed if name not in given]
    if missing:
        raise InvalidInput(f"The scenario {handling_option} needs resources of these types: {', '.join(missing)}.")


def bounded_page(page: PageRequest, resource_arns: list[str] | None) -> PageRequest:
    """
    Shorten a page to what one call may decide.

    AWS: "IAM might return fewer than the MaxItems number of results, even when there are more results available".
    Raises: InvalidInput.
    """
    resources = len(resource_arns or ["*"])
    if resources > _MOST_QUESTIONS:
        raise InvalidInput(f"ResourceArns must contain at most {_MOST_QUESTIONS} entries.")
    return page._replace(max_items=min(page.max_items or DEFAULT_ITEMS, _MOST_QUESTIONS // resources))


def arn_template(action: str) -> str:
    """
    Give how the ARNs of an action's resource look, `*` where it takes none or is not known.

    Of several types that it takes, the one of the shortest form: an object, not an object behind an access point.
    """
    known = find_action(action)
    reference = service(action.partition(":")[0].lower())
    if known is None or reference is None or not known.resources:
        return "*"
    types = [
        (not one.required, len(found.arn), found.arn)
        for one in known.resources
        if (found := reference.resource_types.get(one.name.lower())) is not None
    ]
    return min(types)[2] if types else "*"
