"""What the end-to-end tests share: a server per module, its administrator, and the clients."""

from __future__ import annotations

import itertools
import shutil
import signal
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests import forking
from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.live_server import Account, LiveServer, make_account
from tests.e2e.signing import Key

MakeCli = Callable[..., AwsCli]
MakeClient = Callable[..., Any]
CopyStore = Callable[[Path], Account]

# A shell's background jobs ignore Ctrl-C, and all that they start would, too: `make test &` is to test it all the same.
signal.signal(signal.SIGINT, signal.default_int_handler)
forking.install()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Run Debian's Chromium, headless; one for all, since Playwright does not run twice in a process."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install playwright"
    )
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    from tests.e2e.console.browser import sandbox_flags

    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=sandbox_flags())
        yield browser
        browser.close()


@pytest.fixture
def true_starts() -> Iterator[None]:
    """Have every command started, none forked."""
    with forking.true_starts():
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a module's server a folder, which is its home too."""
    return tmp_path_factory.mktemp("keywright")


@pytest.fixture(scope="session")
def copy_store(tmp_path_factory: pytest.TempPathFactory) -> CopyStore:
    """Give copies of a store with its first account: `init` is tested by itself, and takes its time."""
    home = tmp_path_factory.mktemp("template")
    account = make_account(home / "data", home=home)

    def copy(data: Path) -> Account:
        shutil.copytree(home / "data", data)
        return account

    return copy


@pytest.fixture(scope="module")
def account(folder: Path, copy_store: CopyStore) -> Account:
    """Have the first account, in the module's store."""
    return copy_store(folder / "data")


@pytest.fixture(scope="module")
def server(folder: Path, account: Account) -> Iterator[LiveServer]:
    """Run a server with the first account in it."""
    with LiveServer(folder) as server:
        yield server


@pytest.fixture(scope="module")
def admin(account: Account) -> Key:
    """Give the administrator's key."""
    return Key(account.access_key_id, account.secret_access_key)


@pytest.fixture(scope="session")
def aws_command() -> None:
    """Need the `aws` command."""
    if not AWS.exists():
        pytest.skip(f"the aws CLI is not there: make {AWS.parents[1].relative_to(AWS.parents[3])}/.installed")


@pytest.fixture(scope="module")
def make_cli(server: LiveServer, folder: Path, aws_command: None) -> MakeCli:
    """Give each who asks a CLI with a home of its own; with a key, it is in the environment."""
    numbers = itertools.count()

    def make(key: Key | None = None, **variables: str) -> AwsCli:
        environment = {"AWS_ENDPOINT_URL": server.url, "AWS_DEFAULT_REGION": "us-east-1"}
        if key is not None:
            environment |= {"AWS_ACCESS_KEY_ID": key.access_key_id, "AWS_SECRET_ACCESS_KEY": key.secret_access_key}
            if key.session_token is not None:
                environment["AWS_SESSION_TOKEN"] = key.session_token
        environment |= variables
        return AwsCli(folder / f"home-{next(numbers)}", {name: value for name, value in environment.items() if value})

    return make


@pytest.fixture(scope="module")
def aws(make_cli: MakeCli, admin: Key) -> AwsCli:
    """Give the administrator's CLI."""
    return make_cli(admin)


@pytest.fixture(scope="module")
def make_client(server: LiveServer) -> MakeClient:
    """Give boto3 clients of this server, which ask once and no more."""

    def make(service: str, key: Key, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=server.url,
            region_name=region,
            aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret_access_key,
            aws_session_token=key.session_token,
            config=Config(retries={"total_max_attempts": 1}),
        )

    return make


@pytest.fixture(scope="module")
def iam(make_client: MakeClient, admin: Key) -> Any:
    """Give the administrator's IAM client (boto3)."""
    return make_client("iam", admin)


@pytest.fixture(scope="module")
def new_key(iam: Any) -> Callable[[str], Key]:
    """Make access keys for users, and the users where they are not there."""

    def make(user_name: str) -> Key:
        if not any(user["UserName"] == user_name for user in iam.list_users()["Users"]):
            iam.create_user(UserName=user_name)
        made = iam.create_access_key(UserName=user_name)["AccessKey"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"])

    return make


@pytest.fixture
def unharmed(server: LiveServer) -> Iterator[None]:
    """See that after the test the server is well, and has logged no exception."""
    logged_before = len(server.log)
    yield
    with urllib.request.urlopen(server.url + "/health", timeout=10) as response:
        assert response.status == 200
    logged = server.log[logged_before:]
    assert "Traceback" not in logged
    assert '"InternalFailure"' not in logged
