"""
Every operation of IAM and STS is performed with every parameter, but those that are named.

That each is seen performed and refused by boto3 is judged when the whole folder has run: `operations_seen`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from keywright.protocol.keywords import keyword
from keywright.services.catalogue import all_services
from tests.contract.expect import refused
from tests.contract.in_process import Account
from tests.contract.operations_seen import NOT_PERFORMED, NOT_TAKEN, SERVICES, missing, operations

DIVERGENCES = Path(__file__).parents[2] / "docs" / "divergences.md"


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_is_left_out(service: str) -> None:
    """Nothing that AWS's model has is answered by 501, but what is named; a model that lacks that is an older one."""
    [performed] = [one.operations for one in all_services() if one.model.name == service]
    left_out = {f"{service}:{name}" for name in set(operations(service)) - performed.keys()}
    assert left_out == {f"{service}:{name}" for name in operations(service)} & NOT_PERFORMED


@pytest.mark.parametrize("service", SERVICES)
def test_no_parameter_is_left_out(service: str) -> None:
    """What an operation may be sent it takes, but what is named."""
    [performed] = [one.operations for one in all_services() if one.model.name == service]
    for name, operation in performed.items():
        members = set() if operation.model.input is None else set(operation.model.input.members)
        left_out = {member for member in members if keyword(member) not in operation.handled}
        assert left_out == NOT_TAKEN.get(f"{service}:{name}", frozenset()) & members, name


def test_what_is_left_out_is_told() -> None:
    """The docs name each operation and parameter that is answered by 501."""
    told = DIVERGENCES.read_text()
    names = {*NOT_PERFORMED, *NOT_TAKEN}
    assert [name for name in names if f"`{name.partition(':')[2]}`" not in told] == []
    assert [name for name in frozenset[str]().union(*NOT_TAKEN.values()) if f"`{name}`" not in told] == []


def test_what_was_not_seen_is_told() -> None:
    """An operation must be seen performed and refused, or be told as missing."""
    seen = [("iam", "GetUser", ""), ("iam", "GetUser", "NoSuchEntity"), ("iam", "ListUsers", "")]
    told = missing(seen)
    assert not [line for line in told if line.startswith("iam:GetUser ")]
    assert [line for line in told if line.startswith("iam:ListUsers ")] == ["iam:ListUsers was never refused"]
    assert "iam:CreateUser was never performed" in told


def test_what_never_fails_is_refused_without_permission(account: Account) -> None:
    """Lists of providers, and a deletion that counts for done where nothing is there, ask for a permission too."""
    iam = account.client("iam", account.user("alice"))
    arn = f"arn:aws:iam::{account.account_id}:oidc-provider/server.example.com"
    for ask in (
        iam.list_open_id_connect_providers,
        iam.list_saml_providers,
        lambda: iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn),
    ):
        with refused("AccessDenied", 403):
            ask()
