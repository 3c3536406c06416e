"""What the contract tests say of refusals and of policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError


@contextmanager
def refused(code: str, status: int, message: str | None = None) -> Iterator[dict[str, Any]]:
    """
    Expect a refusal with this code, status and message; gives its parsed answer, once it came.

    The message is told without the authorization id at its end, which is another each time.
    """
    answer: dict[str, Any] = {}
    with pytest.raises(ClientError) as caught:
        yield answer
    answer |= caught.value.response
    error = answer["Error"]
    found = (error["Code"], answer["ResponseMetadata"]["HTTPStatusCode"])
    assert found == (code, status), error["Message"]
    if message is not None:
        assert error["Message"].partition(". Go to ")[0] == message


def policy(effect: str, action: str | list[str], resource: str | list[str] = "*", **more: Any) -> str:
    """Write a policy of one statement."""
    statement = {"Effect": effect, "Action": action, "Resource": resource} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> str:
    """Write a policy that allows."""
    return policy("Allow", action, resource, **more)


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> str:
    """Write a policy that denies."""
    return policy("Deny", action, resource, **more)


def pages(client: Any, operation: str, result: str, size: int = 1, **parameters: Any) -> list[list[Any]]:
    """Read a list to its end by botocore's paginator, and give its pages."""
    paginator = client.get_paginator(operation)
    found = paginator.paginate(PaginationConfig={"PageSize": size}, **parameters)
    return [page[result] for page in found]
