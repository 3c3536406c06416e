"""
What was acknowledged stays, and nothing is half-made: the server is killed (SIGKILL) while sixteen clients write.

A killed process loses what it had not given to the kernel, so this shows that answers wait for their commit. What a
power cut would lose besides is the disk's: the store syncs each commit (`synchronous = FULL`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.e2e.live_server import LiveServer, make_account
from tests.e2e.signing import Fault, Key, lookup_events, query
from tests.e2e.writers import Acknowledged, Client, Writer, all_pages, texts

WRITERS: Final = 16
KILL_AFTER: Final = (20, 60, 100, 150, 200, 260, 320, 400)
"""Acknowledged users in each round before the kill; all of them are well under the quota of an account."""
_ROUND_SECONDS: Final = 60
_ADMIN: Final = "admin"


class Found(NamedTuple):
    """What is in the store after a crash, beside the administrator."""

    user_ids: set[str]
    key_ids: set[str]
    events: list[dict[str, Any]]

    def made(self, event_name: str, element: str, member: str) -> set[str]:
        """Give what the events of successful calls say was made."""
        return {event["responseElements"][element][member] for event in self.events if event["eventName"] == event_name}


def test_what_was_acknowledged_survives_a_kill_and_nothing_is_half_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every acknowledged user, key and event is there after kill -9 under 16 writers, every acknowledged key works."""
    account = make_account(tmp_path / "data", home=tmp_path)
    admin = Key(account.access_key_id, account.secret_access_key)
    acknowledged = Acknowledged()
    server = LiveServer(tmp_path, name="server-0")
    try:
        for number, users in enumerate(KILL_AFTER, 1):
            acknowledged.take(_write_until_killed(server, admin, f"round{number}", users))
            restarted = time.monotonic()
            server = LiveServer(tmp_path, name=f"server-{number}")
            seconds = time.monotonic() - restarted
            found = _read_store(server.data / "keywright.db", admin)
            _assert_whole(found)
            lost = _lost(found, acknowledged)
            with capsys.disabled():
                print(
                    f"\nkill -9, round {number}: acknowledged so far {len(acknowledged.users)} users,"
                    f" {len(acknowledged.keys)} keys, {len(acknowledged.request_ids)} events; lost {lost};"
                    f" done but unacknowledged {len(found.user_ids) - len(acknowledged.users)} users,"
                    f" {len(found.key_ids) - len(acknowledged.keys)} keys; serving again in {seconds:.2f} s",
                    end="",
                )
            assert lost == 0
            _assert_answers(server, admin, account.account_id, acknowledged)
    finally:
        server.process.kill()
        server.process.wait()


def test_sixteen_clients_at_once_get_two_keys_for_one_user(tmp_path: Path) -> None:
    """The quota of two access keys holds against requests at once: two get a key that works, the others AWS's error."""
    account = make_account(tmp_path / "data", home=tmp_path)
    admin = Key(account.access_key_id, account.secret_access_key)
    together = threading.Barrier(WRITERS)
    with LiveServer(tmp_path) as server, Client(server.port) as client, ThreadPoolExecutor(WRITERS) as pool:
        client.ask_for(admin, query("iam", "CreateUser", UserName="alice"))

        def create(_number: int) -> Any:
            with Client(server.port) as own:
                own.ask_for(admin, query("sts", "GetCallerIdentity"))  # connected, before all ask at once
                together.wait(_ROUND_SECONDS)
                return own.ask(admin, query("iam", "CreateAccessKey", UserName="alice"))

        answers = list(pool.map(create, range(WRITERS)))
        keys = [
            Key(*texts(answer, "AccessKeyId"), *texts(answer, "SecretAccessKey"))
            for answer in answers
            if answer.status == 200
        ]
        refusals = [answer.fault("query") for answer in answers if answer.status != 200]
        limit = Fault("LimitExceeded", 409, "Cannot exceed quota for AccessKeysPerUser: 2")
        assert refusals == [limit] * (WRITERS - 2)
        listed = texts(client.ask_for(admin, query("iam", "ListAccessKeys", UserName="alice")), "AccessKeyId")
        assert sorted(listed) == sorted(key.access_key_id for key in keys)
        for key in keys:
            assert texts(client.ask_for(key, query("sts", "GetCallerIdentity")), "Arn") == [
                f"arn:aws:iam::{account.account_id}:user/alice"
            ]
        errors = _look_up(client, admin, "CreateAccessKey", lambda record: record.get("errorCode"))
        assert sorted(errors, key=str) == ["LimitExceededException"] * (WRITERS - 2) + [None] * 2


def _write_until_killed(server: LiveServer, admin: Key, prefix: str, users: int) -> list[Acknowledged]:
    """Let the writers write until so many users are acknowledged, and kill the server among them."""
    writers = [Writer(server.port, admin, f"{prefix}-writer{number}") for number in range(WRITERS)]
    killed = threading.Event()
    deadline = time.monotonic() + _ROUND_SECONDS
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(writer.run, killed) for writer in writers]
        while sum(len(writer.acknowledged.users) for writer in writers) < users:
            if time.monotonic() > deadline or any(one.done() for one in running):
                break
            time.sleep(0.001)
        killed.set()
        server.process.kill()
        server.process.wait()
    for one in running:
        one.result()
    acknowledged = [writer.acknowledged for writer in writers]
    assert sum(len(one.users) for one in acknowledged) >= users, f"too slow: not {users} users in {_ROUND_SECONDS} s"
    return acknowledged


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield connection


def _read_store(database: Path, admin: Key) -> Found:
    """Check the file's own soundness, and read what it holds in one snapshot."""
    with _reading(database) as connection:

        def rows(statement: str, *values: str) -> list[Any]:
            return [row[0] for row in connection.execute(statement, values)]

        assert rows("PRAGMA integrity_check") == ["ok"]
        assert rows("PRAGMA foreign_key_check") == []
        orphans = (
            "SELECT access_key_id FROM access_keys WHERE user_id IS NULL OR user_id NOT IN (SELECT user_id FROM users)"
        )
        assert rows(orphans) == []
        return Found(
            set(rows("SELECT user_id FROM users WHERE user_name != ?", _ADMIN)),
            set(rows("SELECT access_key_id FROM access_keys WHERE access_key_id != ?", admin.access_key_id)),
            [json.loads(record) for record in rows("SELECT record FROM events")],
        )


def _assert_whole(found: Found) -> None:
    """Changes and their events are there together: neither is without the other, acknowledged or not."""
    assert [event for event in found.events if "errorCode" in event] == []
    assert found.made("CreateUser", "user", "userId") == found.user_ids
    assert found.made("CreateAccessKey", "accessKey", "accessKeyId") == found.key_ids


def _lost(found: Found, acknowledged: Acknowledged) -> int:
    """Count the acknowledged users, keys and events that are not there."""
    return (
        len(set(acknowledged.users.values()) - found.user_ids)
        + len(acknowledged.keys.keys() - found.key_ids)
        + len(acknowledged.request_ids - {event["requestID"] for event in found.events})
    )


def _assert_answers(server: LiveServer, admin: Key, account_id: str, acknowledged: Acknowledged) -> None:
    """The server itself knows all of it: the users, their events, and every key by what it signs."""
    keys = list(acknowledged.keys.values())
    with Client(server.port) as client:
        listed = all_pages(client, admin, partial(query, "iam", "ListUsers"), "UserName")
        assert acknowledged.users.keys() <= listed
        created = _look_up(client, admin, "CreateUser", lambda record: record["requestParameters"]["userName"])
        assert acknowledged.users.keys() <= set(created)
    with ThreadPoolExecutor(WRITERS) as pool:
        shares = [keys[start::WRITERS] for start in range(WRITERS)]
        arns = [arn for found in pool.map(partial(_arns_of, server.port), shares) for arn in found]
    assert sorted(arns) == sorted(f"arn:aws:iam::{account_id}:user/{name}" for name, _ in keys)


def _arns_of(port: int, keys: Iterable[tuple[str, Key]]) -> list[str]:
    with Client(port) as client:
        return [texts(client.ask_for(key, query("sts", "GetCallerIdentity")), "Arn")[0] for _, key in keys]


def _look_up(client: Client, admin: Key, event_name: str, member: Any) -> list[Any]:
    """Read one member of all events of one name, page by page, as CloudTrail shows them."""
    attributes = [{"AttributeKey": "EventName", "AttributeValue": event_name}]
    found: list[Any] = []
    token: dict[str, str] = {}
    while True:
        answer = client.ask_for(admin, lookup_events(LookupAttributes=attributes, **token))
        page = json.loads(answer.body)
        found += [member(json.loads(event["CloudTrailEvent"])) for event in page["Events"]]
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}
