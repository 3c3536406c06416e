"""What is read of AWS's service authorization reference, and of the global condition keys."""

from __future__ import annotations

import pytest

from keywright.aws.global_keys import find_global_key
from keywright.aws.service_reference import (
    find_action,
    key_owners,
    prefixes_by_arn_service,
    service,
    services,
    supported_keys,
    supports_key,
)


def test_an_action_has_its_resources_keys_and_levels() -> None:
    """An action is found in whatever case, with what it may be about."""
    action = find_action("IAM:createuser")
    assert action is not None
    assert action.name == "CreateUser"
    assert action.access_levels == {"Write"}
    assert [(one.name, one.required) for one in action.resources] == [("user", True)]
    assert "iam:PermissionsBoundary" in action.condition_keys
    attach = find_action("iam:AttachRolePolicy")
    assert attach is not None
    assert attach.access_levels == {"Permissions management", "Write"}


@pytest.mark.parametrize("name", ["iam:CreateUsers", "nothing:CreateUser", "CreateUser", "../actions:x", ""])
def test_what_is_no_action(name: str) -> None:
    """A name that is no action's is None, and supports no key."""
    assert find_action(name) is None
    assert not supported_keys(name).plain


@pytest.mark.parametrize(
    ("action", "key", "supported"),
    [
        ("iam:AttachUserPolicy", "iam:PolicyARN", True),
        ("iam:AttachUserPolicy", "IAM:policyarn", True),
        ("iam:GetPolicy", "iam:PolicyARN", False),
        ("iam:GetUser", "iam:ResourceTag/team", True),
        ("iam:ListUsers", "iam:ResourceTag/team", False),
        ("iam:GetUser", "iam:ResourceTag/", False),
        ("s3:ListBucket", "s3:prefix", True),
        ("s3:GetObject", "s3:ExistingObjectTag/team", True),
        ("secretsmanager:GetSecretValue", "secretsmanager:ResourceTag/a:b", True),
    ],
)
def test_which_keys_an_action_may_carry(action: str, key: str, supported: bool) -> None:
    """A key counts for the actions that have it, or whose resources do; one with a placeholder stands for many."""
    assert supports_key(action, key) is supported


def test_services_and_their_other_names() -> None:
    """Services are found by prefix; ARNs and condition keys may name them otherwise."""
    assert {"iam", "s3", "sts", "access-analyzer"} <= services()
    iam = service("iam")
    assert iam is not None
    key = iam.find_key("iam:resourcetag/Team")
    assert key is not None
    assert (key.name, key.type) == ("iam:ResourceTag/${TagKey}", "String")
    assert iam.find_key("iam:Nothing") is None
    assert service("nothing") is None
    assert "servicecatalog" in prefixes_by_arn_service()["catalog"]
    assert "sts" in key_owners("saml")
    assert key_owners("nothing") == ()


@pytest.mark.parametrize(
    ("name", "key_type"),
    [
        ("aws:SourceIp", "IPAddress"),
        ("AWS:sourceip", "IPAddress"),
        ("aws:TagKeys", "ArrayOfString"),
        ("aws:PrincipalTag/team", "String"),
        ("aws:MultiFactorAuthPresent", "Bool"),
        ("aws:PrincipalTag/", None),
        ("aws:PrincipalTag", None),
        ("aws:PrincipalTag/${TagKey}x", "String"),
        ("aws:Nothing", None),
    ],
)
def test_global_keys(name: str, key_type: str | None) -> None:
    """Global keys have their types; those about tags need a tag's key."""
    key = find_global_key(name)
    assert (None if key is None else key.type) == key_type
