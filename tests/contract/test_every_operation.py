"""
Every operation of IAM and STS is performed.

That each is seen performed and refused by boto3 is judged when the whole folder has run: `operations_seen`.
"""

from __future__ import annotations

import pytest

from keywright.services.catalogue import all_services
from tests.contract.expect import refused
from tests.contract.in_process import Account
from tests.contract.operations_seen import SERVICES, missing, operations


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_is_left_out(service: str) -> None:
    """Nothing that AWS's model has is answered by 501."""
    [performed] = [one.operations for one in all_services() if one.model.name == service]
    assert set(operations(service)) - performed.keys() == set()


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
