"""
The examples that botocore documents, each called as it stands: what it asks is taken, what it is answered is answered.

Beside this file, `examples_of_*` make ready what the examples suppose, and say where AWS made something up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
from botocore import xform_name

from tests.contract import examples_of_credentials, examples_of_entities, examples_of_sessions
from tests.contract.example_needs import EXAMPLES, SERVICES, Need, Ready
from tests.contract.expect import refused
from tests.contract.in_process import Account

NEEDS: Final[dict[str, dict[str, Need]]] = {
    "iam": examples_of_entities.NEEDS | examples_of_credentials.NEEDS,
    "sts": examples_of_sessions.NEEDS,
}
_ACCOUNT: Final = re.compile(r"123456789012|(?<=:)[0-9]{12}(?=:)")
_MADE_UP: Final = re.compile(
    r".*(?:Id|Date|Document|Expiration|Token|Seed|PNG|LastUsed|LastAuthenticated|CertificateBody|SummaryMap)"
    r"|SecretAccessKey|PackedPolicySize|Issuer|Subject|NameQualifier|Audience|Provider"
)
"""Members whose values are a server's own, or a document's placeholder: they need only be there."""
_CONTRADICTED: Final[dict[str, tuple[str, ...]]] = {
    "AssumeRole": ("Arn",),
    "AssumeRoleWithSAML": ("Arn", "SubjectType"),
    "GetAccountPasswordPolicy": ("ExpirePasswords",),
    "GetFederationToken": ("Arn",),
    "GetServiceLastAccessedDetails": ("ServiceName",),
    "ListGroups": ("Arn",),
}
"""Members whose values contradict the same example: another session's name, no path in an ARN, a service's old name."""


class Case(NamedTuple):
    """One example."""

    service: str
    operation: str
    number: int

    @property
    def name(self) -> str:
        """Name it as `NEEDS` do."""
        return self.operation if self.number == 0 else f"{self.operation} {self.number + 1}"


CASES: Final = [
    Case(service, operation, number)
    for service in SERVICES
    for operation, examples in EXAMPLES[service].items()
    for number in range(len(examples))
]


def compare(documented: Any, answer: Any, made_up: Callable[[str], bool], name: str = "") -> None:
    """See that an answer has all documented members, and the same values where AWS did not make them up."""
    if isinstance(documented, dict):
        assert isinstance(answer, dict), name
        assert documented.keys() <= answer.keys(), name
        within = _everything if made_up(name) else made_up
        for member, value in documented.items():
            compare(value, answer[member], within, member)
    elif isinstance(documented, list) and documented and isinstance(documented[0], dict):
        assert len(documented) == len(answer), (name, answer)
        # The documented lists are in no order.
        for one, other in zip(*(sorted(items, key=_names_in) for items in (documented, answer)), strict=True):
            compare(one, other, made_up, name)
    elif not made_up(name):
        assert documented == answer, name


def _everything(_name: str) -> bool:
    return True


def _names_in(item: dict[str, Any]) -> list[str]:
    """Give the names in an item, by which two lists can be put in one order."""
    found: list[str] = []
    for member, value in sorted(item.items()):
        if isinstance(value, dict):
            found += _names_in(value)
        elif member.endswith(("Name", "Key")):
            found.append(value)
    return found


def test_every_example_is_called() -> None:
    """There is no example but those called here: IAM's 68 and STS's 9, and what botocore may add."""
    for service in SERVICES:
        assert NEEDS[service].keys() == {case.name for case in CASES if case.service == service}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}-{case.name}")
def test_documented_example(account: Account, case: Case) -> None:
    """The documented input is taken, and the answer has the documented members and values."""
    written = json.dumps(EXAMPLES[case.service][case.operation][case.number])
    example: dict[str, Any] = json.loads(_ACCOUNT.sub(account.account_id, written))
    ready = NEEDS[case.service][case.name](account) or Ready()
    client = account.client(case.service, ready.key) if ready.signed else account.server.client(case.service, None)
    call = getattr(client, xform_name(case.operation))
    asked: dict[str, Any] = example.get("input") or {}
    if ready.refused is not None:
        with refused(*ready.refused):
            call(**asked)
    if ready.filled is None:
        return
    asked |= {name: value for name, value in ready.filled.items() if name in asked}
    answer = call(**{name: value for name, value in asked.items() if value is not None})
    assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    if not example.get("output"):
        assert answer == {}
        return
    contradicted = _CONTRADICTED.get(case.operation, ())
    compare(example["output"], answer, lambda name: name in contradicted or _MADE_UP.fullmatch(name) is not None)
