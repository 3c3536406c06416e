"""The wheel, as it is installed: the command line alone first, then the server, by the command that it names itself."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from keywright.client.cli.subcommands import SUBCOMMANDS
from tests.e2e.documentation import Block, blocks_of
from tests.e2e.live_server import Account, LiveServer, bare_environment
from tests.e2e.signing import Key, query, send

ROOT: Final = Path(__file__).parents[2]
SERVERS_OWN: Final = ("sqlalchemy", "alembic", "uvicorn", "uvloop", "httptools", "psycopg", "signxml", "lxml", "segno")
RUNS_EACH: Final = """
import contextlib, io, sys
from keywright.commands.main import main

for words in sys.argv[1:]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            main([*words.split(), "--help"])
        except SystemExit as ended:
            assert ended.code == 0, words
    assert printed.getvalue().startswith("usage: "), words
"""
IMPORTS_ALL: Final = """
import importlib, pkgutil, sys
import keywright.client

for module in pkgutil.walk_packages(keywright.client.__path__, "keywright.client."):
    importlib.import_module(module.name)
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


class Installation:
    """A person with an empty home, who has followed docs/install.md: no command of this checkout is on their PATH."""

    def __init__(self, home: Path, wheel: Path) -> None:
        home.mkdir()
        self.home: Final = home
        own = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}
        checkouts = str(Path(sys.executable).parent)
        path = [folder for folder in os.environ["PATH"].split(os.pathsep) if folder != checkouts]
        self.environment: Final = bare_environment(home, **own) | {
            "PATH": os.pathsep.join([str(home / "keywright/bin"), *path]),
            # Where the page says `pip install keywright`, pip finds this wheel too.
            "PIP_FIND_LINKS": str(wheel.parent),
            "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache/pip")),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def follow(self, block: Block) -> str:
        """Type the commands of a page's block; return what they printed."""
        typed = "\n".join(command.text for command in block.commands())
        return self.text("bash", "-e", "-c", typed, seconds=500)

    def run(
        self, *command: str, seconds: float = 60, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command that is found as the person's shell would find it."""
        return subprocess.run(
            command,
            cwd=self.home,
            env=self.environment | dict(variables or {}),
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def text(self, *command: str, seconds: float = 60, variables: Mapping[str, str] | None = None) -> str:
        """Run a command that succeeds; return what it printed."""
        done = self.run(*command, seconds=seconds, variables=variables)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, console and all, into a folder of its own; a release's is given by WHEEL_UNDER_TEST."""
    given = os.environ.get("WHEEL_UNDER_TEST")
    if given:
        return Path(given).absolute()
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("keywright-*.whl")
    return built


def test_command_line_and_then_server(
    tmp_path: Path, wheel: Path, server: LiveServer, admin: Key, account: Account
) -> None:
    """
    `pip install keywright` brings the command line and nothing of the server's; asked to serve, it names the command
    that brings the server, and with it the same installation makes an account and serves it, console and all.
    """
    installed = Installation(tmp_path / "home", wheel)
    command_line, server_too = _blocks()
    assert re.search(r"^keywright \d+\.\d+\.\d+$", installed.follow(command_line), re.MULTILINE)
    _is_installed(installed, wheel)
    _has_no_server(installed)
    _every_subcommand_is_there(installed)
    _the_command_line_works(installed, server, admin, account)
    assert _refused_the_server(installed) == [command.text for command in server_too.commands()]
    installed.follow(server_too)
    _serves(installed)


def _blocks() -> list[Block]:
    """Find the blocks of docs/install.md that are for this test: the command line's, and the server's."""
    marked = "tests/e2e/test_installed.py runs it"
    return [one for one in blocks_of(ROOT / "docs/install.md") if (one.not_run or "").startswith(marked)]


def _is_installed(installed: Installation, wheel: Path) -> None:
    """See that this wheel was installed, whatever an index may have of the same version."""
    (record,) = installed.home.glob("keywright/lib/*/site-packages/keywright-*.dist-info/RECORD")
    with zipfile.ZipFile(wheel) as archive:
        (packed,) = (name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
        files = {line for line in archive.read(packed).decode().split() if line.startswith("keywright/")}
    assert len(files) > 100
    assert files <= set(record.read_text().split())


def _has_no_server(installed: Installation) -> None:
    packages = {one["name"].lower() for one in json.loads(installed.text("pip", "list", "--format", "json"))}
    assert "keywright" in packages
    assert not packages & set(SERVERS_OWN)
    assert installed.text("python", "-c", IMPORTS_ALL, *SERVERS_OWN).split() == []


def _every_subcommand_is_there(installed: Installation) -> None:
    installed.text("python", "-c", RUNS_EACH, "", *(" ".join(one.words) for one in SUBCOMMANDS), "serve", "init")


def _the_command_line_works(installed: Installation, server: LiveServer, admin: Key, account: Account) -> None:
    """Try what needs each library of the command line's: botocore, argon2, cryptography, pyrage, jinja2, shtab."""
    signed_in = {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": admin.access_key_id,
        "AWS_SECRET_ACCESS_KEY": admin.secret_access_key,
    }
    shown = json.loads(installed.text("keywright", "verify", "--can", "s3:ListBucket", "--json", variables=signed_in))
    assert account.account_id in json.dumps(shown)
    send(server, query("iam", "CreateUser", UserName="installed").signed(server, admin))
    passphrase = installed.home / "passphrase"
    passphrase.write_text("a long enough passphrase for a test\n")
    passphrase.chmod(0o600)
    sealed = signed_in | {"KEYWRIGHT_STORE_PASSPHRASE_FILE": str(passphrase)}
    installed.text("keywright", "issue", "installed", "--store", "file", "--yes", variables=sealed)
    stored = {name: value for name, value in sealed.items() if name not in {*signed_in} - {"AWS_ENDPOINT_URL"}}
    assert "AWS_ACCESS_KEY_ID=" in installed.text("keywright", "export", "installed", variables=stored)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", installed.home / "id"], check=True)
    installed.text(
        "keywright", "issue", "installed", "--for", "id.pub", "--out", "key.age", "--yes", variables=signed_in
    )
    assert (installed.home / "key.age").read_text().startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    done = installed.run("keywright", "audit", "--format", "html", "--output", "audit.html", variables=signed_in)
    assert done.returncode in {0, 1}, done.stderr
    assert "<html" in (installed.home / "audit.html").read_text()
    asked = ("why", "iam:CreateUser", f"arn:aws:iam::{account.account_id}:user/bob", "--json")
    why = json.loads(installed.text("keywright", *asked, variables=signed_in))
    assert (why["Verdict"], why["Action"]) == ("allowed", "iam:CreateUser")
    assert "_keywright" in installed.text("keywright", "completion", "bash")


def _refused_the_server(installed: Installation) -> list[str]:
    """See that each of the server's commands is refused; return the commands of pip's that it names."""
    for words in (("serve",), ("init", "--json"), ("account", "create")):
        done = installed.run("keywright", *words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done
        told = json.loads(done.stdout)["error"]["message"] if "--json" in words else ""
        assert told in done.stderr
        assert bool(done.stdout) is bool(told)
        assert "pipx install --force 'keywright[server]'" in done.stderr
        assert "uv tool install 'keywright[server]'" in done.stderr
    assert not list(installed.home.rglob("keywright.db"))
    return re.findall(r"`(pip install [^`]+)`", done.stderr)


def _serves(installed: Installation) -> None:
    """See an account made, served and asked for from an empty home."""
    account = Account.from_json(installed.text("keywright", "init", "--json"))
    with (installed.home / "out").open("wb") as output:
        process = subprocess.Popen(
            ["keywright", "serve", "--port", "0"],
            executable=installed.home / "keywright/bin/keywright",
            cwd=installed.home,
            env=installed.environment,
            stdout=output,
            stderr=output,
        )
    try:
        url = _announced(installed.home / "out", process)
        signed_in = {
            "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": account.access_key_id,
            "AWS_SECRET_ACCESS_KEY": account.secret_access_key,
        }
        verified = json.loads(installed.text("keywright", "verify", "--json", variables=signed_in))
        assert f"arn:aws:iam::{account.account_id}:user/admin" in json.dumps(verified)
        as_a_browser = urllib.request.Request(url + "/console/iam/users", headers={"Accept": "text/html"})
        with urllib.request.urlopen(as_a_browser, timeout=10) as page:
            assert b"<title>Keywright</title>" in page.read()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def _announced(output: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(r"^Keywright serves at (\S+) \(console: ", output.read_text(), re.MULTILINE)
        if found:
            assert "\n  keywright verify " in output.read_text(), "the PATH leads to it"
            return found[1]
        assert process.poll() is None, output.read_text()
        time.sleep(0.05)
    raise AssertionError(output.read_text())
