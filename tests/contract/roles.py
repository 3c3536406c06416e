"""Roles for the tests of sessions: made, trusted, assumed."""

from __future__ import annotations

import json
from typing import Any

from tests.contract.in_process import Account, Key


def trust(principal: Any, *actions: str, **more: Any) -> str:
    """Write a trust policy: whom it trusts, to do what (AssumeRole), under which condition."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions) or ["sts:AssumeRole"]} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def make_role(account: Account, name: str, trust_policy: str, document: str | None = None, **more: Any) -> str:
    """Make a role, with an inline policy where one is given; gives its ARN."""
    iam = account.iam
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy, **more)["Role"]
    if document is not None:
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
    arn: str = role["Arn"]
    return arn


def as_key(answer: dict[str, Any]) -> Key:
    """Take the credentials of an answer."""
    made = answer["Credentials"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def assume(account: Account, role_arn: str, key: Key | None = None, name: str = "session", **more: Any) -> Key:
    """Assume a role with a key of the account's, the administrator's unless another is given."""
    return as_key(account.client("sts", key).assume_role(RoleArn=role_arn, RoleSessionName=name, **more))


def root_of(account: Account) -> dict[str, str]:
    """Name an account as a whole, as a principal."""
    return {"AWS": f"arn:aws:iam::{account.account_id}:root"}


def events(account: Account, name: str, **more: Any) -> list[dict[str, Any]]:
    """Read the trail's records of an operation, newest first."""
    found = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}], **more
    )
    return [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]
