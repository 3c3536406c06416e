"""The corridor on PostgreSQL: the same answers, from as many server processes as there are."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore import auth
from sqlalchemy import text

from keywright.store.opening import Location, locate
from tests.contract.browser import Browser
from tests.contract.expect import allow, pages, refused
from tests.contract.in_process import Account, Server, make_account, running
from tests.unit.store.postgresql_server import ABSENT, binaries
from tests.unit.store.postgresql_server import running as running_postgresql

NOTICE_SECONDS = 5.0


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Location]:
    """A PostgreSQL database that sorts as English does, and a folder for its master key."""
    folder = binaries()
    if folder is None:
        pytest.skip(ABSENT)
    with running_postgresql(folder) as postgresql:
        url = postgresql.create_database("contract", icu_locale="en-US")
        yield locate(tmp_path_factory.mktemp("postgresql") / "data", url.render_as_string())


@pytest.fixture(scope="module")
def server(location: Location) -> Iterator[Server]:
    """The app in process, on PostgreSQL."""
    with running(location, {}) as server, pytest.MonkeyPatch.context() as patch:

        def now(*, remove_tzinfo: bool = True) -> Any:
            return server.clock.now.replace(tzinfo=None) if remove_tzinfo else server.clock.now

        patch.setattr(auth, "get_current_datetime", now)
        yield server


@pytest.fixture
def account(server: Server) -> Account:
    """A fresh account on PostgreSQL."""
    return make_account(server)


def test_a_users_life(account: Account) -> None:
    """A user is made, allowed, given a key, seen in the trail, and deleted, as on SQLite."""
    iam = account.iam
    key = account.user("Alice", allow("iam:GetUser"))
    alice = account.client("iam", key)
    assert alice.get_user()["User"]["UserName"] == "Alice"
    with refused("AccessDenied", 403):
        alice.list_users()
    with refused("EntityAlreadyExists", 409, "User with name ALICE already exists."):
        iam.create_user(UserName="ALICE")
    used = iam.get_access_key_last_used(AccessKeyId=key.access_key_id)["AccessKeyLastUsed"]
    assert used["ServiceName"] == "iam"
    names = [event["EventName"] for event in account.client("cloudtrail").lookup_events()["Events"]]
    assert names[:4] == ["GetAccessKeyLastUsed", "CreateUser", "ListUsers", "GetUser"]
    iam.delete_access_key(UserName="alice", AccessKeyId=key.access_key_id)
    iam.delete_user_policy(UserName="alice", PolicyName="inline")
    iam.delete_user(UserName="alice")
    with refused("NoSuchEntity", 404):
        iam.get_user(UserName="alice")


def test_lists_page_to_the_end(account: Account) -> None:
    """Pages of one hold each user once, in the order that SQLite has, too."""
    names = ["admin", "b_c", "b-c", "B.d", "a@x", "a", "ba", "b9"]
    for name in names[1:]:
        account.iam.create_user(UserName=name)
    found = [page[0]["UserName"] for page in pages(account.iam, "list_users", "Users")]
    assert found == sorted(names, key=str.casefold)


def test_no_text_is_sorted_by_the_databases_language(account: Account, server: Server) -> None:
    """Every text that may be sorted or compared is so by its code points, though the database's language is English."""
    question = text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'character varying' AND collation_name IS DISTINCT FROM 'C'"
    )
    found = server.read(lambda connection: {tuple(row) for row in connection.execute(question)})
    assert found == {("alembic_version", "version_num")}
    assert server.read(lambda connection: connection.execute(text("SELECT 'b_c' < 'b-c'")).scalar()) is True


def test_buckets_and_policies_page_to_the_end(account: Account) -> None:
    """Pages of buckets and of policies are in that order too."""
    start = secrets.token_hex(8)
    buckets = [f"{start}{rest}" for rest in ("-a", ".a", "0a", "aa", "a-a")]
    for name in buckets:
        account.client("s3").create_bucket(Bucket=name)
        account.iam.create_policy(PolicyName=name, PolicyDocument=allow("s3:*"))
    found = pages(account.client("s3"), "list_buckets", "Buckets")
    assert [page[0]["Name"] for page in found] == sorted(buckets)
    policies = pages(account.iam, "list_policies", "Policies", Scope="Local")
    assert [page[0]["PolicyName"] for page in policies] == sorted(buckets)


def test_many_writers_at_once(account: Account) -> None:
    """Concurrent changes conflict inside and are all answered: each user is made once, each twin refused."""

    def make(number: int) -> str:
        try:
            account.iam.create_user(UserName=f"user-{number // 2}")
        except account.iam.exceptions.EntityAlreadyExistsException:
            return "taken"
        return "made"

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(make, range(24)))
    assert outcomes == ["made"] * 12 + ["taken"] * 12
    assert len(account.iam.list_users()["Users"]) == 13


def test_texts_that_postgresql_cannot_hold(account: Account) -> None:
    """A NUL in what is looked for finds nothing, or is refused: it is no failure of the server's."""
    trail = account.client("cloudtrail")
    for key in ("EventName", "ResourceName", "EventId"):
        attributes = [{"AttributeKey": key, "AttributeValue": "a\0b"}]
        assert trail.lookup_events(LookupAttributes=attributes)["Events"] == []
    assert account.client("s3").list_buckets(Prefix="a\0b")["Buckets"] == []


def test_a_change_reaches_the_other_process(account: Account, location: Location, server: Server) -> None:
    """A key that one server process deactivates stops in another within the documented time, and not never."""
    key = account.user("alice")
    with running(location, {}) as other:
        other.clock.advance(seconds=(server.clock.now - other.clock.now).total_seconds())
        sts = other.client("sts", key)
        sts.get_caller_identity()
        account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="Inactive")
        deadline = time.monotonic() + NOTICE_SECONDS
        with refused("InvalidClientTokenId", 403):
            while time.monotonic() < deadline:
                sts.get_caller_identity()
                time.sleep(0.02)
        fresh = other.client("sts", account.user("bob"))
        assert fresh.get_caller_identity()["Account"] == account.account_id


def test_a_bucket_is_one_accounts(account: Account, server: Server) -> None:
    """Of two accounts that ask for the same name at once, one has it."""
    name, rival = f"b-{secrets.token_hex(12)}", make_account(server)

    def make(one: Account) -> bool:
        try:
            one.client("s3").create_bucket(Bucket=name)
        except one.client("s3").exceptions.BucketAlreadyExists:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(make, (account, rival)))
    assert sorted(outcomes) == [False, True]


@pytest.mark.usefixtures("server")
def test_the_key_file_is_beside_no_database(location: Location) -> None:
    """The master key is in the data folder, and nothing else: the data are in PostgreSQL."""
    assert [path.name for path in location.folder.iterdir()] == ["master.key"]


def test_a_sign_in_is_every_processs(account: Account, location: Location, server: Server) -> None:
    """Who signs in to one server process is signed in to the other, and signs out of both."""
    account.iam.create_user(UserName="alice")
    account.iam.create_login_profile(UserName="alice", Password="correct-Horse-1")
    with running(location, {}) as other:
        other.clock.advance(seconds=(server.clock.now - other.clock.now).total_seconds())
        here, there = Browser(server), Browser(other)
        assert here.sign_in(account.alias, "alice", "correct-Horse-1").outcome == (200, "signedIn")
        there.cookies = dict(here.cookies)
        sts = other.client("sts", there.credentials())
        assert sts.get_caller_identity()["Account"] == account.account_id
        here.post("/signin/out")
        assert there.post("/signin/credentials").outcome == (401, "signedOut")
        deadline = time.monotonic() + NOTICE_SECONDS
        with refused("InvalidClientTokenId", 403):
            while time.monotonic() < deadline:
                sts.get_caller_identity()
                time.sleep(0.02)


def test_guesses_at_once_are_counted(account: Account, location: Location, server: Server) -> None:
    """Of many guesses at the same time, at two server processes, no more are looked at than are free."""
    with running(location, {}) as other:
        other.clock.advance(seconds=(server.clock.now - other.clock.now).total_seconds())

        def guess(number: int) -> int:
            return Browser((server, other)[number % 2]).sign_in(account.alias, "nobody", "wrong").status

        with ThreadPoolExecutor(8) as threads:
            outcomes = sorted(threads.map(guess, range(12)))
    assert outcomes == [401] * 5 + [429] * 7
