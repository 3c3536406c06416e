"""Every flag of `serve` has its variable, and a variable that is no setting is refused."""

from __future__ import annotations

import base64
import secrets
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from keywright.server.settings import SETTINGS
from tests.e2e.live_server import LiveServer, run_keywright


def _health(server: LiveServer) -> Any:
    with urllib.request.urlopen(server.url + "/health", timeout=10) as response:
        return response.status


def test_account_variables(tmp_path: Path) -> None:
    """The account that the first start makes is the one that the variables describe."""
    variables = {
        "KEYWRIGHT_DATA": str(tmp_path / "data"),
        "KEYWRIGHT_ACCOUNT_ID": "111122223333",
        "KEYWRIGHT_ALIAS": "example-corp",
        "KEYWRIGHT_ROOT_EMAIL": "root@example.com",
        "KEYWRIGHT_ADMIN": "ada",
        "KEYWRIGHT_PROFILE": "by-variable",
        "KEYWRIGHT_HOST": "localhost",
        "KEYWRIGHT_PORT": "0",
        "KEYWRIGHT_LOG_FORMAT": "console",
    }
    with LiveServer(tmp_path, variables=variables) as server:
        assert "Account 111122223333 (alias example-corp)" in server.output
        assert "Root user      root@example.com\n" in server.output
        assert "Administrator  ada\n" in server.output
        assert server.url.startswith("http://localhost:")
        assert _health(server) == 200
        assert " 200 " in server.wait_for_log("\n").splitlines()[0][:20]
        credentials = (tmp_path / ".aws" / "credentials").read_text()
        assert credentials.startswith("[by-variable]\n")
        assert f"endpoint_url = {server.url}\n" in (tmp_path / ".aws" / "config").read_text()
    assert (tmp_path / "data" / "keywright.db").exists()


def test_database_variable(tmp_path: Path) -> None:
    """KEYWRIGHT_DATABASE says where the database is; its folder holds the master key."""
    database = tmp_path / "elsewhere" / "store.db"
    variables = {"KEYWRIGHT_DATABASE": f"sqlite:///{database}", "KEYWRIGHT_PORT": "0"}
    with LiveServer(tmp_path, variables=variables) as server:
        assert _health(server) == 200
    assert database.exists()
    assert (database.parent / "master.key").exists()


def test_insecure_variable(tmp_path: Path) -> None:
    """KEYWRIGHT_INSECURE=1 listens beyond loopback; 0 does not."""
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "data"), "KEYWRIGHT_HOST": "0.0.0.0", "KEYWRIGHT_PORT": "0"}
    with LiveServer(tmp_path, variables=variables | {"KEYWRIGHT_INSECURE": "1"}) as server:
        assert _health(server) == 200
    refused = run_keywright("serve", home=tmp_path, variables=variables | {"KEYWRIGHT_INSECURE": "0"})
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--insecure" in refused.stderr


@pytest.mark.parametrize(
    ("trusted", "source"), [("127.0.0.0/8,10.0.0.0/8", "198.51.100.7"), ("10.0.0.0/8", "127.0.0.1")]
)
def test_trusted_proxies_variable(tmp_path: Path, trusted: str, source: str) -> None:
    """KEYWRIGHT_TRUSTED_PROXIES says whose X-Forwarded-For is believed; nobody else's is."""
    variables = {
        "KEYWRIGHT_DATA": str(tmp_path / "data"),
        "KEYWRIGHT_PORT": "0",
        "KEYWRIGHT_TRUSTED_PROXIES": trusted,
    }
    with LiveServer(tmp_path, variables=variables) as server:
        forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7, 10.1.2.3"}
        request = urllib.request.Request(server.url + "/health", headers=forwarded)
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 200
        server.wait_for_log('"source":')
        assert server.log_lines()[0]["source"] == source


def test_federation_networks_variable(tmp_path: Path) -> None:
    """KEYWRIGHT_FEDERATION_NETWORKS takes networks in CIDR form; what is none is refused before anything is made."""
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "data"), "KEYWRIGHT_PORT": "0"}
    name = "KEYWRIGHT_FEDERATION_NETWORKS"
    refused = run_keywright("serve", home=tmp_path, variables=variables | {name: "10.0.0.0/99"})
    assert (refused.returncode, refused.stdout) == (2, "")
    assert not (tmp_path / "data").exists()
    with LiveServer(tmp_path, variables=variables | {name: "10.0.0.0/8,fd00::/8"}) as server:
        assert _health(server) == 200


def test_no_setting_is_untested() -> None:
    """These tests, and those beside them, go through every setting that there is."""
    elsewhere = ("test_tls.py", "test_serve.py")
    text = "".join(path.read_text() for path in (Path(__file__), *map(Path(__file__).with_name, elsewhere)))
    assert [setting.variable for setting in SETTINGS if f'"{setting.variable}"' not in text] == []


def test_flag_wins_over_variable(tmp_path: Path) -> None:
    """What the command line says counts more than the environment."""
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "by-variable"), "KEYWRIGHT_ACCOUNT_ID": "444455556666"}
    flags = ("--data", str(tmp_path / "by-flag"), "--account-id", "111122223333", "--json")
    done = run_keywright("init", *flags, home=tmp_path, variables=variables)
    assert done.returncode == 0
    assert '"AccountId": "111122223333"' in done.stdout
    assert not (tmp_path / "by-variable").exists()


@pytest.mark.parametrize("command", ["init", "serve"])
def test_unknown_variable(tmp_path: Path, command: str) -> None:
    """A variable of Keywright's prefix that is no setting stops it, with the one that was meant."""
    done = run_keywright(command, home=tmp_path, variables={"KEYWRIGHT_LOG_FROMAT": "json"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "keywright: KEYWRIGHT_LOG_FROMAT is no setting of Keywright's: did you mean KEYWRIGHT_LOG_FORMAT?\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEYWRIGHT_PORT", "http"),
        ("KEYWRIGHT_PORT", "65536"),
        ("KEYWRIGHT_PORT", "-1"),
        ("KEYWRIGHT_TLS", "yes"),
        ("KEYWRIGHT_LOG_FORMAT", "xml"),
        ("KEYWRIGHT_INSECURE", "maybe"),
        ("KEYWRIGHT_ACCOUNT_ID", "12"),
        ("KEYWRIGHT_TLS_CERT", "/alone.pem"),
        ("KEYWRIGHT_MASTER_KEY", "short"),
        ("KEYWRIGHT_TRUSTED_PROXIES", "everybody"),
    ],
)
def test_bad_values(tmp_path: Path, name: str, value: str) -> None:
    """A value that a setting does not take stops the start in one line."""
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "data"), "KEYWRIGHT_PORT": "0", name: value}
    done = run_keywright("serve", home=tmp_path, variables=variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("keywright: ")
    assert done.stderr.count("\n") == 1
    words = done.stderr.upper().replace("-", "_").replace(" ", "_")
    assert name.removeprefix("KEYWRIGHT_") in words


def test_master_key_by_variable(tmp_path: Path) -> None:
    """KEYWRIGHT_MASTER_KEY seals in place of the file, which is then not made."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    data = tmp_path / "data"
    variables = {"KEYWRIGHT_DATA": str(data), "KEYWRIGHT_MASTER_KEY": key}
    assert run_keywright("init", home=tmp_path, variables=variables).returncode == 0
    assert not (data / "master.key").exists()
    with LiveServer(tmp_path, variables=variables | {"KEYWRIGHT_PORT": "0"}) as server:
        assert _health(server) == 200
    without = run_keywright("serve", "--data", str(data), "--port", "0", home=tmp_path)
    assert (without.returncode, without.stdout) == (2, "")
    assert without.stderr.count("\n") == 1
