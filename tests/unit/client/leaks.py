"""Keys to leak, made anew for each run, so that no test holds one itself."""

from __future__ import annotations

import secrets
import string
from typing import NamedTuple

from keywright.aws.identifiers import new_access_key_id

ACCOUNT = "111122223333"


class Leak(NamedTuple):
    """A key that is nobody's."""

    id: str
    secret: str


def new_leak(prefix: str = "AKIA") -> Leak:
    """Make one; its secret has all kinds of characters, so that it looks like one whatever stands around it."""
    some = [secrets.choice(string.ascii_letters + string.digits) for _ in range(33)]
    return Leak(new_access_key_id(ACCOUNT, prefix), "Wj7/x+Q" + "".join(some))
