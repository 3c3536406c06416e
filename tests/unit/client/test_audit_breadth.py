"""Which policies allow far too much."""

from __future__ import annotations

from typing import Any

import pytest

from keywright.client.audit.breadth import Breadth, breadth_of, known_breadth

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def document(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


@pytest.mark.parametrize(
    ("statement", "breadth"),
    [
        ({"Action": "*", "Resource": "*"}, Breadth.ADMINISTRATOR),
        ({"Action": ["s3:GetObject", "*:*"], "Resource": ["arn:aws:s3:::b", "*"]}, Breadth.ADMINISTRATOR),
        ({"Action": "**", "Resource": "**"}, Breadth.ADMINISTRATOR),
        ({"Action": "*", "NotResource": "arn:aws:s3:::secret"}, Breadth.ADMINISTRATOR),
        ({"Action": "iam:*", "Resource": "*"}, Breadth.IAM),
        ({"Action": "IAM:*", "Resource": "arn:aws:iam::*:*"}, Breadth.IAM),
        ({"Action": "i*", "Resource": "*"}, Breadth.IAM),
        ({"Action": "*", "Resource": "arn:aws:iam::*:*"}, Breadth.IAM),
        ({"NotAction": "s3:*", "Resource": "*"}, Breadth.IAM),
        ({"NotAction": ["iam:*", "organizations:*"], "Resource": "*"}, None),
        ({"NotAction": "iam:DeleteUser", "Resource": "*"}, None),
        ({"NotAction": "*", "Resource": "*"}, None),
        ({"Action": "s3:*", "Resource": "*"}, None),
        ({"Action": "iam:Get*", "Resource": "*"}, None),
        ({"Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}"}, None),
        ({"Action": "*", "Resource": "arn:aws:s3:::bucket/*"}, None),
        ({"Action": "*", "NotResource": "*"}, None),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, None),
    ],
)
def test_breadth(statement: dict[str, Any], breadth: Breadth | None) -> None:
    """A policy is as broad as its broadest statement, wildcards and exceptions counted."""
    found = breadth_of(document(**statement))
    assert (found and found[0]) is breadth


def test_conditions() -> None:
    """A condition is told, and of two statements the one without it counts."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert breadth_of({"Statement": {**statement, "Condition": MFA}}) == (Breadth.ADMINISTRATOR, True)
    both = [{**statement, "Condition": MFA}, statement]
    assert breadth_of({"Statement": both}) == (Breadth.ADMINISTRATOR, False)


@pytest.mark.parametrize("odd", [None, "not JSON", {}, {"Statement": []}])
def test_no_document(odd: Any) -> None:
    """What is no policy allows nothing."""
    assert breadth_of(odd) is None


def test_known_by_name() -> None:
    """AWS's own are known where their documents cannot be read; one's own of the same name are not."""
    assert known_breadth("arn:aws:iam::aws:policy/AdministratorAccess") == (Breadth.ADMINISTRATOR, False)
    assert known_breadth("arn:aws-cn:iam::aws:policy/IAMFullAccess") == (Breadth.IAM, False)
    assert known_breadth("arn:aws:iam::aws:policy/ReadOnlyAccess") is None
    assert known_breadth("arn:aws:iam::123456789012:policy/AdministratorAccess") is None
