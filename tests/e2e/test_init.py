"""`keywright init` and `keywright account create`: an account, its secrets once, and nothing of anybody else's."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import socket
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.aws_cli import AwsCli
from tests.e2e.conftest import CopyStore, MakeClient
from tests.e2e.live_server import Account, LiveServer, make_account, run_keywright
from tests.e2e.signing import Key

SECRET_LIKE = re.compile(r"[A-Za-z0-9/+]{40}")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_defaults(tmp_path: Path) -> None:
    """`init --json` prints one object: a random account, its root user, and `admin` with a password and a key."""
    account = make_account(tmp_path / "data", home=tmp_path)
    assert re.fullmatch(r"\d{12}", account.account_id)
    assert account.alias is None
    assert "@" in account.root_email
    assert account.user_name == "admin"
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", account.access_key_id)
    assert re.fullmatch(r"[A-Za-z0-9/+]{40}", account.secret_access_key)
    assert account.root_password != account.password
    assert min(len(account.root_password), len(account.password)) >= 16
    assert _mode(tmp_path / "data") == 0o700
    files = list((tmp_path / "data").rglob("*"))
    assert {"keywright.db", "master.key"} <= {file.name for file in files}
    assert {_mode(file) for file in files} == {0o600}
    another = make_account(tmp_path / "other", home=tmp_path)
    assert account.account_id != another.account_id
    assert not set(account.secrets) & set(another.secrets)


def test_default_folder_is_private(tmp_path: Path) -> None:
    """Without --data the store is below the home folder, for its owner alone."""
    done = run_keywright("init", home=tmp_path)
    assert done.returncode == 0
    folder = tmp_path / ".local" / "share" / "keywright"
    assert _mode(folder) == 0o700
    assert _mode(folder / "keywright.db") == 0o600


def test_every_flag(tmp_path: Path) -> None:
    """Every flag of `init` shows in what it prints, and the database is where --database says."""
    database = tmp_path / "elsewhere" / "store.db"
    done = run_keywright(
        *("init", "--json", "--database", f"sqlite:///{database}", "--account-id", "111122223333"),
        *("--alias", "example-corp", "--root-email", "root@example.com", "--admin", "ada"),
        home=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    account = Account.from_json(done.stdout)
    assert account[:3] == ("111122223333", "example-corp", "root@example.com")
    assert account.user_name == "ada"
    assert (_mode(database.parent), _mode(database)) == (0o700, 0o600)


def test_text_shows_each_secret_once(tmp_path: Path) -> None:
    """Without --json a person reads the account, both passwords and the key, once."""
    done = run_keywright("init", "--data", str(tmp_path / "data"), "--alias", "example-corp", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(SECRET_LIKE.findall(done.stdout)) == 1
    assert done.stdout.count("Password ") == 2
    assert "example-corp" in done.stdout
    assert "shown once" in done.stdout


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_second_init_is_refused(tmp_path: Path, form: tuple[str, ...], copy_store: CopyStore) -> None:
    """A second `init` says that the store has an account, exits 1 and prints no secret, whatever it is asked for."""
    data = tmp_path / "data"
    first = copy_store(data)
    again = run_keywright(
        "init", "--data", str(data), "--account-id", "444455556666", "--profile", "new", *form, home=tmp_path
    )
    assert again.returncode == 1
    assert again.stderr == ("keywright: this store has an account already; `keywright account create` adds another\n")
    assert list(json.loads(again.stdout)) == ["error"] if form else again.stdout == ""
    assert first.secret_access_key not in again.stdout + again.stderr
    assert not (tmp_path / ".aws").exists()


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--account-id", "123"), 2),
        (("--account-id", "11112222333x"), 2),
        (("--alias", "Not_An_Alias"), 1),
        (("--alias", "ab"), 1),
        (("--alias", "111122223333"), 1),
        (("--admin", "not a name"), 1),
        (("--root-email", "nobody"), 1),
        (("--no-such-flag",), 2),
    ],
)
def test_bad_flags(tmp_path: Path, flags: tuple[str, ...], code: int) -> None:
    """What no account can have is refused in a line that names it, and makes nothing."""
    done = run_keywright("init", "--data", str(tmp_path / "data"), *flags, home=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    assert flags[-1] in done.stderr.splitlines()[-1]
    database = tmp_path / "data" / "keywright.db"
    if database.exists():
        with closing(sqlite3.connect(database)) as store:
            assert store.execute("SELECT count(*) FROM accounts").fetchone() == (0,)


def test_profile(tmp_path: Path, aws_command: None) -> None:
    """`--profile` writes files of mode 0600 that keep what they held, and the `aws` command signs with it."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text("# mine\n[default]\nregion = eu-west-1\n")
    data = tmp_path / "data"
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    done = run_keywright(
        *("init", "--data", str(data), "--profile", "kw", "--json"),
        home=tmp_path,
        variables={"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"},
    )
    assert done.returncode == 0
    account = Account.from_json(done.stdout)
    assert "aws --profile kw sts get-caller-identity" in done.stderr
    assert f"alias aws='aws --endpoint-url http://127.0.0.1:{port}'" in done.stderr, "for older than 1.29.0 and 2.13.0"
    assert not SECRET_LIKE.search(done.stdout + done.stderr), "the profile has it"
    assert {_mode(folder / name) for name in ("config", "credentials")} == {0o600}
    assert not [file for file in folder.iterdir() if file.name not in {"config", "credentials"}]
    assert (folder / "config").read_text().startswith("# mine\n[default]\nregion = eu-west-1\n")
    config = configparser.ConfigParser()
    config.read([folder / "config"])
    assert config["profile kw"]["endpoint_url"] == f"http://127.0.0.1:{port}"
    with LiveServer(tmp_path, "--port", str(port), data=data):
        identity = AwsCli(tmp_path, {}).json("--profile", "kw", "sts", "get-caller-identity")
    assert identity["Arn"] == f"arn:aws:iam::{account.account_id}:user/admin"


def _config(home: Path, profile: str) -> dict[str, str]:
    config = configparser.ConfigParser()
    config.read([home / ".aws" / "config"])
    return dict(config[f"profile {profile}"])


@pytest.mark.parametrize(
    ("flags", "variables", "url"),
    [
        ((), {}, "http://127.0.0.1:4580"),
        ((), {"KEYWRIGHT_PORT": "4711"}, "http://127.0.0.1:4711"),
        (("--port", "4712"), {"KEYWRIGHT_PORT": "4711"}, "http://127.0.0.1:4712"),
        (("--host", "::1", "--tls", "auto"), {}, "https://[::1]:4580"),
        (("--port", "0"), {"AWS_ENDPOINT_URL": "https://iam.example.com"}, "https://iam.example.com"),
    ],
)
def test_the_profiles_endpoint(tmp_path: Path, flags: tuple[str, ...], variables: dict[str, str], url: str) -> None:
    """The profile's endpoint is where `serve` with these settings listens, unless AWS_ENDPOINT_URL names another."""
    data = tmp_path / "data"
    done = run_keywright("init", "--data", str(data), "--profile", "kw", *flags, home=tmp_path, variables=variables)
    assert (done.returncode, SECRET_LIKE.search(done.stdout + done.stderr)) == (0, None), done
    config = _config(tmp_path, "kw")
    assert config["endpoint_url"] == url
    trusted = str(data / "tls" / "certificate.pem") if "--tls" in flags else None
    assert config.get("ca_bundle") == trusted
    assert (f"at {url}:" in done.stdout) is ("AWS_ENDPOINT_URL" not in variables)


@pytest.mark.parametrize("flags", [(), ("--tls", "auto")])
def test_what_init_says_is_what_serves(tmp_path: Path, flags: tuple[str, ...], aws_command: None) -> None:
    """The command that `init` prints serves the account where its profile connects, by TLS too."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    done = run_keywright("init", "--data", "my data", "--port", port, *flags, "--profile", "kw", home=tmp_path)
    (said,) = re.findall(r"^  \S+ (serve .*)$", done.stdout, re.MULTILINE)
    with LiveServer(tmp_path, *shlex.split(said)[1:], variables={}):
        identity = AwsCli(tmp_path, {}).json("--profile", "kw", "sts", "get-caller-identity")
    assert identity["Arn"].endswith(":user/admin")


def test_a_profile_needs_a_port(tmp_path: Path) -> None:
    """With port 0 no profile can name the port: that is said before an account is created."""
    done = run_keywright("init", "--data", "data", "--profile", "kw", home=tmp_path, variables={"KEYWRIGHT_PORT": "0"})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "KEYWRIGHT_PORT" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_profile_of_another_key_is_kept(tmp_path: Path) -> None:
    """A profile that holds another key is not overwritten: its secret may be nowhere else."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    before = "[kw]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = mine\n"
    (folder / "credentials").write_text(before)
    done = run_keywright("init", "--data", str(tmp_path / "data"), "--profile", "kw", home=tmp_path)
    assert done.returncode == 1
    assert "has a profile kw with another key: choose another name" in done.stderr
    assert len(SECRET_LIKE.findall(done.stdout)) == 1, "the new key is shown all the same: it is nowhere else"
    assert (folder / "credentials").read_text() == before


@pytest.fixture(scope="module")
def second(folder: Path, server: LiveServer) -> Account:
    """Make a second account on the running server, whose administrator has the first one's name."""
    del server
    return make_account(folder / "data", "--alias", "second-corp", home=folder, command=("account", "create"))


@pytest.fixture(scope="module")
def second_iam(second: Account, make_client: MakeClient) -> Any:
    """Give the second account's administrator's IAM client."""
    return make_client("iam", Key(second.access_key_id, second.secret_access_key))


def test_further_account_works_at_once(second: Account, account: Account, make_client: MakeClient) -> None:
    """`account create` beside a running server makes an account whose key works, as its own account's user."""
    key = Key(second.access_key_id, second.secret_access_key)
    identity = make_client("sts", key).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{second.account_id}:user/admin"
    assert second.account_id != account.account_id


def test_names_of_two_accounts_do_not_meet(iam: Any, second_iam: Any) -> None:
    """The same user and policy names exist in both accounts, apart; each account lists only its own."""
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    ids = set()
    for client in (iam, second_iam):
        ids.add(client.create_user(UserName="twin")["User"]["UserId"])
        client.create_policy(PolicyName="twin", PolicyDocument=document)
    assert len(ids) == 2
    second_iam.create_user(UserName="only-second")
    names = [user["UserName"] for user in iam.list_users()["Users"]]
    assert names == ["admin", "twin"]
    assert len(iam.list_policies(Scope="Local")["Policies"]) == 1
    iam.delete_user(UserName="twin")
    assert second_iam.get_user(UserName="twin")["User"]["UserName"] == "twin"


def test_keys_of_two_accounts_do_not_meet(iam: Any, second_iam: Any, account: Account, second: Account) -> None:
    """An account cannot see, change or delete the other's users, keys and policies."""
    foreign_policy = f"arn:aws:iam::{second.account_id}:policy/twin"
    for ask in (
        lambda: iam.get_user(UserName="only-second"),
        lambda: iam.update_access_key(UserName="admin", AccessKeyId=second.access_key_id, Status="Inactive"),
        lambda: iam.delete_access_key(AccessKeyId=second.access_key_id),
        lambda: iam.get_policy(PolicyArn=foreign_policy),
        lambda: iam.attach_user_policy(UserName="admin", PolicyArn=foreign_policy),
    ):
        with pytest.raises(ClientError) as refused:
            ask()
        assert refused.value.response["Error"]["Code"] in {"NoSuchEntity", "AccessDenied"}
    assert second_iam.get_user()["User"]["Arn"] == f"arn:aws:iam::{second.account_id}:user/admin"
    keys = iam.list_access_keys(UserName="admin")["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [account.access_key_id]


def test_events_of_two_accounts_do_not_meet(make_client: MakeClient, admin: Key, second: Account) -> None:
    """Each account's event history holds its own calls only."""
    theirs = Key(second.access_key_id, second.secret_access_key)
    for key, stranger in ((admin, second.access_key_id), (theirs, admin.access_key_id)):
        trail = make_client("cloudtrail", key)
        by_key = [{"AttributeKey": "AccessKeyId", "AttributeValue": stranger}]
        assert trail.lookup_events(LookupAttributes=by_key)["Events"] == []
        own = [{"AttributeKey": "AccessKeyId", "AttributeValue": key.access_key_id}]
        assert trail.lookup_events(LookupAttributes=own)["Events"]


def test_buckets_of_two_accounts(make_client: MakeClient, admin: Key, second: Account) -> None:
    """Bucket names are everybody's, the buckets are not: another account's is refused and not listed."""
    mine, theirs = make_client("s3", admin), make_client("s3", Key(second.access_key_id, second.secret_access_key))
    mine.create_bucket(Bucket="first-accounts-bucket")
    for ask, code, status in (
        (theirs.create_bucket, "BucketAlreadyExists", 409),
        (theirs.delete_bucket, "AccessDenied", 403),
        (theirs.get_bucket_location, "AccessDenied", 403),
        (theirs.head_bucket, "403", 403),
    ):
        with pytest.raises(ClientError) as refused:
            ask(Bucket="first-accounts-bucket")
        response: Any = refused.value.response
        assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert theirs.list_buckets()["Buckets"] == []


def test_account_create_refuses_what_is_taken(folder: Path, account: Account, second: Account) -> None:
    """A taken account id or alias is refused with exit 1, and no secret is printed."""
    for flags in (("--account-id", account.account_id), ("--alias", "second-corp")):
        done = run_keywright("account", "create", "--data", str(folder / "data"), *flags, home=folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert flags[1] in done.stderr
        assert "Traceback" not in done.stderr


def test_account_create_on_an_empty_store(tmp_path: Path) -> None:
    """`account create` makes the first account too."""
    created = make_account(tmp_path / "data", home=tmp_path, command=("account", "create"))
    assert created.user_name == "admin"
