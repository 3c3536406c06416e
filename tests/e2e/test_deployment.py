"""The files of deploy/ and those of the container: linted, and held against what the server knows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keywright.server.settings import ENVIRONMENT_ONLY, SETTINGS
from tests.e2e.conftest import CopyStore
from tests.e2e.live_server import LiveServer, bare_environment

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/systemd/keywright.service"
FILES = [ROOT / name for name in ("Dockerfile", "compose.yaml", "deploy/systemd/keywright.service")]
THE_USERS_OWN = {"KEYWRIGHT_IMAGE", "KEYWRIGHT_PUBLISH"}
"""compose.yaml's, which compose puts in and no container sees."""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a linter; give what it says."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def systemd_analyze() -> str:
    """Have a systemd-analyze that reads a unit without a running systemd (250, Debian 12 has 252)."""
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("there is no systemd-analyze: apt-get install systemd")
    version = re.match(r"systemd (\d+)", run(found, "--version").stdout)
    if version is None or int(version[1]) < 250:
        pytest.skip("systemd-analyze is older than 250")
    return found


def test_the_unit_is_hardened() -> None:
    """Systemd's own measure of what a service is exposed to, from 0 to 10, is at most 1.5: OK is what is below 5."""
    done = run(systemd_analyze(), "security", "--offline=true", "--threshold=15", "--no-pager", str(UNIT))
    assert done.returncode == 0, done.stdout
    assert "Overall exposure level" in done.stdout


def test_the_unit_is_understood(tmp_path: Path) -> None:
    """Systemd knows every option of the unit."""
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/keywright/bin/keywright", sys.executable))
    done = run(systemd_analyze(), "verify", "--man=no", str(unit))
    assert (done.returncode, [line for line in done.stderr.splitlines() if UNIT.name in line]) == (0, []), done


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_variables_are_settings(file: Path) -> None:
    """Every KEYWRIGHT_ variable that a file sets is one that the server knows."""
    known = {setting.variable for setting in SETTINGS} | ENVIRONMENT_ONLY.keys() | THE_USERS_OWN
    named = set(re.findall(r"KEYWRIGHT_[A-Z_]+", file.read_text()))
    assert named
    assert named <= known


def test_no_service_prints_a_first_accounts_secrets() -> None:
    """What a service prints is kept in a log: unit and image refuse a store without an account."""
    for file in (FILES[0], FILES[2]):
        assert "KEYWRIGHT_REQUIRE_ACCOUNT=1" in file.read_text(), file


def test_what_the_image_is_built_of_is_there() -> None:
    """Each file that the Dockerfile copies exists, and .dockerignore lets it in."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert {"pyproject.toml", "src", "console"} <= set(names)
    assert not [name for name in names if not (ROOT / name).exists()]
    assert set(names) == set(let_in)


@pytest.mark.parametrize("secure", [False, True])
def test_health_of_the_container(tmp_path: Path, secure: bool, copy_store: CopyStore) -> None:
    """The image's HEALTHCHECK says that a server serves, by TLS too, and that one that has ended does not."""
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "data"), "KEYWRIGHT_PORT": "0"}
    if secure:
        variables["KEYWRIGHT_TLS"] = "auto"
    copy_store(tmp_path / "data")
    # A proxy for the way out must not be asked for this address.
    proxy = {"http_proxy": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
    command = [sys.executable, str(ROOT / "deploy/container/health.py")]
    with LiveServer(tmp_path, variables=variables) as server:
        environment = bare_environment(tmp_path, **variables, **proxy) | {"KEYWRIGHT_PORT": str(server.port)}
        well = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
        assert (well.returncode, well.stdout) == (0, "ok\n"), well
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stderr) == (1, "")


LINTERS = {
    "hadolint": ["Dockerfile"],
    "check-jsonschema --builtin-schema vendor.compose-spec": ["compose.yaml"],
    "check-jsonschema --builtin-schema vendor.github-workflows": [
        ".github/workflows/ci.yml",
        ".github/workflows/release.yml",
    ],
    "zizmor --offline --quiet": [".github"],
}


@pytest.mark.parametrize("command", LINTERS)
def test_linters_have_nothing_to_say(command: str) -> None:
    """Hadolint passes the Dockerfile, the schemas compose.yaml and the workflows, zizmor the workflows' security."""
    program, *flags = command.split()
    found = shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"there is no {program}: make .venv/bin/.dev")
    done = run(found, *flags, *LINTERS[command])
    assert done.returncode == 0, done.stdout + done.stderr
