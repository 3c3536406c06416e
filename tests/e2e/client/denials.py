"""People who are denied something, and the question why."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.e2e.aws_cli import AwsCli
from tests.e2e.signing import Key

numbers = itertools.count()


class Denied(NamedTuple):
    """A user with a key and a CLI."""

    name: str
    key: Key
    aws: AwsCli


NewUser = Callable[..., Denied]
Ask = Callable[..., Any]


def of_key(variables: Mapping[str, str], key: Key) -> Mapping[str, str]:
    """Be somebody else, by the environment."""
    return {
        **variables,
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
    }
