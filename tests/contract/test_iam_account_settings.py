"""Account properties, token preferences and role templates by boto3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.expect import refused
from tests.contract.in_process import Account


@pytest.fixture
def iam(account: Account) -> Any:
    """The administrator's IAM client."""
    return account.iam


def test_properties_are_set_and_shown(iam: Any, other: Account) -> None:
    """Properties are kept by name, changed one by one, and are this account's alone."""
    assert iam.get_account_properties()["Properties"] == {}
    iam.put_account_properties(Properties={"RoleManager/Enabled": "true", "RoleManager/Limit": "7"})
    iam.put_account_properties(Properties={"RoleManager/Limit": "8"})
    assert iam.get_account_properties()["Properties"] == {"RoleManager/Enabled": "true", "RoleManager/Limit": "8"}
    assert other.iam.get_account_properties()["Properties"] == {}


@pytest.mark.parametrize("name", ["RoleManager", "RoleManager/", "A/B/C"])
def test_a_property_has_a_namespace_and_a_name(iam: Any, name: str) -> None:
    """A key that is not Namespace/PropertyName is InvalidInput, and nothing is set."""
    with refused("InvalidInput", 400, f"Property key {name} must have the format Namespace/PropertyName."):
        iam.put_account_properties(Properties={"A/Fine": "1", name: "true"})
    assert iam.get_account_properties()["Properties"] == {}


def test_one_namespace_at_a_time(iam: Any) -> None:
    """Keys of two namespaces in one request are InvalidInput."""
    with refused("InvalidInput", 400, "All property keys must belong to the same namespace."):
        iam.put_account_properties(Properties={"A/x": "1", "B/x": "1"})


def test_the_token_version_shows_in_the_summary(iam: Any) -> None:
    """The version that is chosen is the account summary's GlobalEndpointTokenVersion."""
    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 1
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 2
    with refused("ValidationError", 400):
        iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v3Token")


def test_there_are_no_templates(iam: Any) -> None:
    """A role template is one of an AWS service's: there is none."""
    arn = "arn:aws:iam::aws:role-template/example/1"
    for call in (iam.get_role_template_version, iam.acquire_role):
        with refused("NoSuchEntity", 404, f"Role template {arn} cannot be found."):
            call(TemplateArn=arn)


def test_nobody_without_permission_reads_or_sets(account: Account) -> None:
    """Each of the five asks for its permission."""
    iam, arn = account.client("iam", account.user("alice")), "arn:aws:iam::aws:role-template/example/1"
    for ask in (
        iam.get_account_properties,
        lambda: iam.put_account_properties(Properties={"A/x": "1"}),
        lambda: iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v1Token"),
        lambda: iam.get_role_template_version(TemplateArn=arn),
        lambda: iam.acquire_role(TemplateArn=arn),
    ):
        with refused("AccessDenied", 403):
            ask()
