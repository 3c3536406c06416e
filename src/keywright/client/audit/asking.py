"""Ask IAM many things at once, and remember what was refused: an audit goes on with what it may see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from botocore.config import Config
from botocore.exceptions import ClientError

from keywright.client.audit.facts import Gap
from keywright.client.session import reason

T = TypeVar("T")
NO_SUCH: Final = "NoSuchEntity"


def patient(connections: int) -> Config:
    """Configure a client that many threads use, and that waits where it is told to slow down."""
    return Config(
        connect_timeout=10,
        read_timeout=60,
        # AWS: IAM lets an account make some tens of calls a second; an audit of a large one meets that limit.
        retries={"mode": "standard", "total_max_attempts": 10},
        max_pool_connections=connections,
        user_agent_extra="keywright",
    )


@dataclass(slots=True)
class _Refused:
    why: str
    users: set[str] = field(default_factory=set)
    made_up_for: bool = True


class Asking:
    """A client of IAM, and what it was refused."""

    def __init__(self, iam: Any) -> None:
        self.iam: Final = iam
        self._refused: Final[dict[str, _Refused]] = {}
        self._lock: Final = threading.Lock()

    def ask(
        self, action: str, call: Callable[[], T], user_name: str | None = None, *, made_up_for: bool = False
    ) -> T | None:
        """
        Ask; None where it was refused, which becomes a gap.

        `made_up_for`: the credential report answers it too. Raises: BotoCoreError; ClientError NoSuchEntity.
        """
        try:
            return call()
        except ClientError as error:
            if error.response["Error"]["Code"] == NO_SUCH:
                raise
            self.refuse(action, reason(error), user_name, made_up_for=made_up_for)
            return None

    def refuse(self, action: str, why: str, user_name: str | None = None, *, made_up_for: bool = False) -> None:
        """Remember that something could not be had."""
        with self._lock:
            refused = self._refused.setdefault(action, _Refused(why))
            refused.made_up_for &= made_up_for
            if user_name is not None:
                refused.users.add(user_name)

    def items(
        self,
        operation: str,
        member: str,
        action: str,
        asked: Mapping[str, Any],
        user_name: str | None = None,
        *,
        made_up_for: bool = False,
    ) -> list[Any] | None:
        """
        Give all items of a list, page by page; None where it was refused.

        Raises: BotoCoreError; ClientError NoSuchEntity.
        """
        pages = self.iam.get_paginator(operation)
        return self.ask(
            action,
            lambda: [item for page in pages.paginate(**asked) for item in page[member]],
            user_name,
            made_up_for=made_up_for,
        )

    def gaps(self) -> tuple[Gap, ...]:
        """Give what was refused, by action."""
        return tuple(
            Gap(action, one.why, len(one.users), one.made_up_for) for action, one in sorted(self._refused.items())
        )


def is_missing(error: ClientError) -> bool:
    """Tell whether what was asked for is not there."""
    return bool(error.response["Error"]["Code"] == NO_SUCH)
