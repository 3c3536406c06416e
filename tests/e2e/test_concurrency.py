"""
Quotas and references under contention: sixteen clients at two server processes on one store, SQLite and PostgreSQL.

Whatever order the calls take, each is answered as if they had come one after the other.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final, NamedTuple

import pytest
from sqlalchemy import Column, Connection, create_engine, select, text

from keywright.store.tables import (
    group_policy_attachments,
    groups,
    metadata,
    policies,
    role_policy_attachments,
    roles,
    user_policy_attachments,
    users,
)
from tests.e2e.live_server import LiveServer, make_account
from tests.e2e.signing import Answer, Key, Request, query
from tests.e2e.writers import Client, texts
from tests.unit.store.postgresql_server import ABSENT, binaries
from tests.unit.store.postgresql_server import running as running_postgresql

CLIENTS: Final = 16
_SECONDS: Final = 60
_RACE_SECONDS: Final = 6.0
_DOCUMENT: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
_TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)


class Fleet(NamedTuple):
    """Two server processes on one store, and the key of the administrator of its account."""

    servers: tuple[LiveServer, LiveServer]
    admin: Key
    account_id: str
    url: str

    def ask(self, action: str, **parameters: str) -> Answer:
        """Ask what must succeed."""
        with Client(self.servers[0].port) as client:
            return client.ask_for(self.admin, query("iam", action, **parameters))

    def arn(self, kind: str, name: str) -> str:
        """Name a thing of the account."""
        return f"arn:aws:iam::{self.account_id}:{kind}/{name}"

    def policy(self, name: str) -> str:
        """Make a policy, and name it."""
        self.ask("CreatePolicy", PolicyName=name, PolicyDocument=_DOCUMENT)
        return self.arn("policy", name)

    def at_once(self, requests: Sequence[Request]) -> Counter[str]:
        """Have every client ask one thing, all at the same moment; count what they are answered, by its code."""
        together = threading.Barrier(len(requests))

        def ask(number: int) -> str:
            with Client(self.servers[number % 2].port) as client:
                client.ask_for(self.admin, query("sts", "GetCallerIdentity"))  # connected, before all ask at once
                together.wait(_SECONDS)
                return code_of(client.ask(self.admin, requests[number]))

        with ThreadPoolExecutor(len(requests)) as pool:
            return Counter(pool.map(ask, range(len(requests))))

    def inspect(self, look: Callable[[Connection], Any]) -> Any:
        """Look into the store."""
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                return look(connection)
        finally:
            engine.dispose()


def code_of(answer: Answer) -> str:
    """Give an answer's error code; nothing for a success."""
    return "" if answer.status == 200 else answer.fault("query").code


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fleet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Serve one store from two processes."""
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as running:
        url = f"sqlite:///{folder / 'data' / 'keywright.db'}"
        if request.param == "postgresql":
            found = binaries()
            if found is None:
                pytest.skip(ABSENT)
            postgresql = running.enter_context(running_postgresql(found))
            url = postgresql.create_database("fleet").render_as_string()
        account = make_account(folder / "data", "--database", url, home=folder)
        servers = [
            running.enter_context(LiveServer(folder, "--database", url, name=f"server-{number}")) for number in (1, 2)
        ]
        key = Key(account.access_key_id, account.secret_access_key)
        yield Fleet((servers[0], servers[1]), key, account.account_id, url)


def test_a_user_has_two_keys(fleet: Fleet) -> None:
    """Of sixteen who make a key for one user, two get one."""
    fleet.ask("CreateUser", UserName="keys")
    answers = fleet.at_once([query("iam", "CreateAccessKey", UserName="keys")] * CLIENTS)
    assert answers == {"": 2, "LimitExceeded": CLIENTS - 2}
    assert len(texts(fleet.ask("ListAccessKeys", UserName="keys"), "AccessKeyId")) == 2


@pytest.mark.parametrize(("kind", "most"), [("User", 10), ("Group", 10), ("Role", 20)])
def test_an_entity_bears_so_many_policies(fleet: Fleet, kind: str, most: int) -> None:
    """Attaching policies at once ends where the quota does."""
    trust = {"AssumeRolePolicyDocument": _TRUST} if kind == "Role" else {}
    name = {f"{kind}Name": "attached"}
    fleet.ask(f"Create{kind}", **name, **trust)
    arns = [fleet.policy(f"{kind}-{number}") for number in range(most + 6)]
    answers = fleet.at_once([query("iam", f"Attach{kind}Policy", **name, PolicyArn=arn) for arn in arns])
    assert answers == {"": most, "LimitExceeded": 6}
    assert len(texts(fleet.ask(f"ListAttached{kind}Policies", **name), "PolicyArn")) == most


def test_a_policy_has_five_versions(fleet: Fleet) -> None:
    """Of sixteen who add a version to a policy, four do, with numbers in a row, and one version is in force."""
    arn = fleet.policy("versioned")
    asked = query("iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=_DOCUMENT, SetAsDefault="true")
    assert fleet.at_once([asked] * CLIENTS) == {"": 4, "LimitExceeded": CLIENTS - 4}
    listed = fleet.ask("ListPolicyVersions", PolicyArn=arn)
    assert texts(listed, "VersionId") == ["v5", "v4", "v3", "v2", "v1"]
    assert texts(listed, "IsDefaultVersion").count("true") == 1
    assert texts(fleet.ask("GetPolicy", PolicyArn=arn), "DefaultVersionId") == ["v5"]


def test_a_user_has_fifty_tags(fleet: Fleet) -> None:
    """Sixteen who set four tags each: the calls that fit set all of theirs, the others none."""
    fleet.ask("CreateUser", UserName="tagged")
    asked = []
    for client in range(CLIENTS):
        tags = {
            f"Tags.member.{number}.{part}": f"{part}-{client}-{number}"
            for number in range(1, 5)
            for part in ("Key", "Value")
        }
        asked.append(query("iam", "TagUser", UserName="tagged", **tags))
    assert fleet.at_once(asked) == {"": 12, "LimitExceeded": 4}
    keys = texts(fleet.ask("ListUserTags", UserName="tagged"), "Key")
    assert Counter(Counter(key.split("-")[1] for key in keys).values()) == {4: 12}


def test_a_user_is_in_ten_groups(fleet: Fleet) -> None:
    """Joining groups at once ends where the quota does."""
    fleet.ask("CreateUser", UserName="member")
    names = [f"club-{number}" for number in range(CLIENTS)]
    for name in names:
        fleet.ask("CreateGroup", GroupName=name)
    answers = fleet.at_once([query("iam", "AddUserToGroup", UserName="member", GroupName=name) for name in names])
    assert answers == {"": 10, "LimitExceeded": 6}
    assert len(texts(fleet.ask("ListGroupsForUser", UserName="member"), "GroupName")) == 10


def test_a_name_is_given_once(fleet: Fleet) -> None:
    """Of sixteen who make a user of one name, in whatever case, one does."""
    asked = [query("iam", "CreateUser", UserName="TWIN" if number % 2 else "twin") for number in range(CLIENTS)]
    assert fleet.at_once(asked) == {"": 1, "EntityAlreadyExists": CLIENTS - 1}


def test_creates_and_deletes_that_race_leave_nothing_dangling(fleet: Fleet) -> None:
    """Nothing refers to what is gone, whoever was faster; and nobody is answered that the server failed."""
    calls = list(_racing_calls(fleet))
    deadline = time.monotonic() + _RACE_SECONDS

    def race(number: int) -> Counter[str]:
        chosen, found = random.Random(number), Counter[str]()
        with Client(fleet.servers[number % 2].port) as client:
            while time.monotonic() < deadline:
                found[code_of(client.ask(fleet.admin, chosen.choice(calls)))] += 1
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = sum(pool.map(race, range(CLIENTS)), Counter[str]())
    expected = {"", "NoSuchEntity", "EntityAlreadyExists", "DeleteConflict", "LimitExceeded"}
    assert answers.keys() <= expected, answers
    assert {"", "NoSuchEntity", "DeleteConflict"} <= answers.keys(), answers
    assert fleet.inspect(_dangling) == []


def _racing_calls(fleet: Fleet) -> Iterator[Request]:
    """Make and unmake a few things that refer to each other."""

    def ask(action: str, **parameters: str) -> Request:
        return query("iam", action, **parameters)

    for number in (1, 2):
        name, arn = f"race-{number}", fleet.arn("policy", f"race-{number}")
        yield ask("CreatePolicy", PolicyName=name, PolicyDocument=_DOCUMENT)
        yield ask("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=_DOCUMENT)
        yield from [ask("DeletePolicyVersion", PolicyArn=arn, VersionId="v2"), ask("DeletePolicy", PolicyArn=arn)]
    names = ("race-1", "race-2")
    for name, other in itertools.product(names, names):
        user, group, role = {"UserName": name}, {"GroupName": name}, {"RoleName": name}
        profile, policy = {"InstanceProfileName": other}, {"PolicyArn": fleet.arn("policy", other)}
        yield ask("CreateUser", **user)
        yield ask("CreateUser", **user, PermissionsBoundary=policy["PolicyArn"])
        yield ask("CreateGroup", **group)
        yield ask("CreateRole", **role, AssumeRolePolicyDocument=_TRUST)
        yield ask("CreateInstanceProfile", **profile)
        for kind, owner in (("User", user), ("Group", group), ("Role", role)):
            yield ask(f"Put{kind}Policy", **owner, PolicyName="p", PolicyDocument=_DOCUMENT)
            yield ask(f"Attach{kind}Policy", **owner, **policy)
            yield from [ask(f"Delete{kind}Policy", **owner, PolicyName="p")] * 2
            yield from [ask(f"Detach{kind}Policy", **owner, **policy)] * 2
            yield from [ask(f"Delete{kind}", **owner)] * 2
        yield ask("TagUser", **user, **{"Tags.member.1.Key": "a", "Tags.member.1.Value": "b"})
        yield ask("AddUserToGroup", **user, GroupName=other)
        yield from [ask("RemoveUserFromGroup", **user, GroupName=other)] * 2
        yield ask("AddRoleToInstanceProfile", **role, **profile)
        yield from [ask("RemoveRoleFromInstanceProfile", **role, **profile)] * 2
        yield ask("DeleteInstanceProfile", **profile)
        yield ask("PutUserPermissionsBoundary", **user, PermissionsBoundary=policy["PolicyArn"])
        yield ask("DeleteUserPermissionsBoundary", **user)


def _dangling(connection: Connection) -> list[str]:
    """Find what refers to a row that is not there: by a foreign key, or by a policy's ARN, which has none."""
    found: list[str] = []
    if connection.dialect.name == "sqlite":
        found += [f"foreign key: {row}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
        assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    for table in metadata.sorted_tables:
        for reference in table.foreign_keys:
            child, parent = table.c[reference.parent.name], reference.column
            lost = select(child).where(child.is_not(None), child.not_in(select(parent)))
            found += [f"{table.name}.{child.name}: {value}" for value in connection.execute(lost).scalars()]
    by_arn: list[Column[Any]] = [
        *(table.c.policy_arn for table in (user_policy_attachments, group_policy_attachments, role_policy_attachments)),
        *(table.c.permissions_boundary_arn for table in (users, roles)),
    ]
    for column in by_arn:
        lost = select(column).where(column.not_like("arn:aws:iam::aws:%"), column.not_in(select(policies.c.arn)))
        found += [f"{column}: {value}" for value in connection.execute(lost).scalars()]
    assert connection.execute(select(groups.c.group_id)).all()
    return found
