"""Every subcommand against peers that are not AWS, and every one refused: a sentence, an object, an exit code."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import botocore.httpsession
import botocore.loaders
import botocore.session
import pyrage  # type: ignore[import-untyped]
import pytest

from keywright.aws.secret import Secret
from keywright.client.cli.subcommands import SUBCOMMANDS
from keywright.client.csv_keys import CsvKey
from keywright.client.handover import seal
from keywright.client.journal import Entry, write_entry
from keywright.client.keystore import passphrase
from keywright.server.tls import self_signed
from tests.unit.client.conftest import Done, Home, Run
from tests.unit.client.faults import FAULTS, FaultyServer, running

pytestmark = pytest.mark.long

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
PATIENCE_SECONDS: Final = 0.3
Peers = dict[tuple[str, bool], FaultyServer]


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """Have every peer."""
    folder = tmp_path_factory.mktemp("peers")
    with running(self_signed(folder / "pki", "127.0.0.1", datetime.now(UTC))) as servers:
        yield servers


@functools.cache
def _loader(data_path: str | None) -> Any:
    return botocore.loaders.create_loader(data_path)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody wait: neither between two tries, nor long for an answer."""
    made = botocore.httpsession.URLLib3Session.__init__

    def make(self: Any, *arguments: Any, **named: Any) -> None:
        made(self, *arguments, **(named | {"timeout": PATIENCE_SECONDS}))

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "__init__", make)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    # Models are read once for all: that is most of what a command takes.
    monkeypatch.setattr(botocore.session, "create_loader", _loader)


# ---- what asks a service ----


def no_more(_home: Home, _url: str) -> None:
    """Need nothing but a key."""


def console_file(home: Home, _url: str) -> None:
    """Have the console's file."""
    (home.folder / "bob_accessKeys.csv").write_text(f"Access key ID,Secret access key\n{ID},{SECRET}\n")


def handed_over(home: Home, url: str) -> None:
    """Have a key that was handed over, and what opens it."""
    identity = pyrage.x25519.Identity.generate()
    (home.folder / "identity").write_text(f"{identity}\n")
    sealed = seal(CsvKey("bob", ID, Secret(SECRET), 0, "us-east-1", url), (str(identity.to_public()),), None)
    (home.folder / "bob.age").write_bytes(sealed)


def interrupted(home: Home, url: str) -> None:
    """Have a key whose issue was interrupted."""
    folder = home.folder / ".local" / "state" / "keywright" / "issuing"
    folder.mkdir(parents=True)
    at = datetime.now(UTC)
    write_entry(
        folder / "entry.json",
        Entry(at, "bob", "bob", False, "x", None, None, "us-east-1", url, (), "AKIA" + "B" * 16, SECRET),
    )


def leaked(home: Home, _url: str) -> None:
    """Have a file with a key in it."""
    (home.folder / "leak").mkdir()
    (home.folder / "leak" / "notes.txt").write_text(f"id {ID}\nsecret {SECRET}\n")


class Asking(NamedTuple):
    """A subcommand that asks a service."""

    line: str
    prepare: Callable[[Home, str], None] = no_more


ASKING: Final[dict[str, Asking]] = {
    "issue": Asking("issue --yes --as new"),
    "resume": Asking("resume", interrupted),
    "import": Asking("import bob_accessKeys.csv --keep", console_file),
    "receive": Asking("receive bob.age --identity identity --keep", handed_over),
    "verify": Asking("verify --can iam:ListUsers"),
    "doctor": Asking("doctor"),
    "rotate": Asking("rotate"),
    "audit": Asking("audit"),
    "why": Asking("why iam:ListUsers"),
    "quarantine": Asking("quarantine"),
    "watch": Asking("watch alice"),
    "scan": Asking("scan --ask leak", leaked),
    "migrate": Asking("migrate --profile default --to file"),
    "exec": Asking("exec --session default true"),
}
SILENT: Final = {
    "profiles list", "profiles show", "profiles set", "profiles rename", "profiles delete", "profiles lint",
    "profiles fix", "store list", "store show", "store put", "store delete", "store status", "store unlock",
    "store lock", "store passphrase", "export", "credential-process", "completion",
    # It asks AWS's sign-in service, which no --endpoint-url moves.
    "login-session",
}  # fmt: skip
"""What asks no service."""


VARIANTS: Final = {"page-403", "text-200", "text-503", "empty-404", "json-list", "other-xml", "cut-error", "no-result"}
"""Faults that differ from others in the form of the answer alone: one subcommand a protocol sees them."""
PROTOCOLS: Final = {"verify", "watch"}


def words(names: tuple[str, ...]) -> str:
    """Name a subcommand."""
    return " ".join(names)


def test_every_subcommand_has_its_row() -> None:
    """A new subcommand is put among those that ask a service, or those that do not, and is refused something."""
    registered = {words(one.words) for one in SUBCOMMANDS}
    assert ASKING.keys() | SILENT == registered
    assert not ASKING.keys() & SILENT
    assert REFUSED.keys() == registered


def run_against(server: FaultyServer, home: Home, run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> Done:
    """Run a subcommand that takes a peer for AWS."""
    home.place(credentials=f"[default]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n")
    (home.folder / "words").write_text("correct horse battery staple\n")
    monkeypatch.setenv(passphrase.PASSPHRASE_FILE, str(home.folder / "words"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.chdir(home.folder)
    row = ASKING[name]
    row.prepare(home, server.url)
    line = row.line.split()
    done = run(*line, *(["--json"] if has_json(name) else []))
    assert "Traceback" not in done.err
    assert "internal error" not in done.err
    assert "hunter2" not in done.out + done.err
    assert SECRET not in done.out + done.err
    return done


def has_json(name: str) -> bool:
    """Tell whether a subcommand has --json."""
    return next(one.document is not None for one in SUBCOMMANDS if words(one.words) == name)


def is_sentence(text: str) -> bool:
    """Tell whether a text is one line for people."""
    return bool(text) and "\n" not in text and len(text) < 400 and "<" not in text


@pytest.mark.parametrize(
    ("fault", "name"),
    [(fault.name, name) for fault in FAULTS for name in ASKING if fault.name not in VARIANTS or name in PROTOCOLS],
)
def test_what_is_not_aws(
    fault: str,
    name: str,
    peers: Peers,
    home: Home,
    run: Run,
    hasty: None,
    cheap: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A peer that is not AWS is exit code 3 and one sentence, with --json in `error` too."""
    done = run_against(peers[fault, False], home, run, monkeypatch, name)
    assert done.code == 3, done
    if not has_json(name):
        assert done.out == ""
        assert is_sentence(done.err.strip().removeprefix("keywright: ").split("\n")[-1])
        return
    error = json.loads(done.out)["error"]
    assert error.keys() == {"code", "message", "next", "exit_code"}
    assert error["code"] in {"NotAwsAnswer", "Unreachable"}
    assert error["exit_code"] == 3
    assert is_sentence(error["message"])


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("fault", ["page-200", "empty-200", "empty-500", "cut-transfer", "lacking", "web-server"])
def test_what_is_not_aws_after_signing_in(
    fault: str,
    name: str,
    peers: Peers,
    home: Home,
    run: Run,
    hasty: None,
    cheap: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A peer that answers GetCallerIdentity alone ends no subcommand in a traceback, nor without its one object."""
    done = run_against(peers[fault, True], home, run, monkeypatch, name)
    assert done.code in {0, 1, 3}, done
    if has_json(name):
        document = json.loads(done.out)
        assert ("error" in document) is (done.code == 3), done


# ---- what is refused ----

REFUSED: Final[dict[str, tuple[str, int]]] = {
    "issue": ("issue --out x", 2),
    "resume": ("resume --nonsense", 2),
    "import": ("import nowhere.csv", 1),
    "receive": ("receive nowhere.age", 1),
    "verify": ("verify --can nonsense", 2),
    "doctor": ("doctor --nonsense", 2),
    "rotate": ("rotate --all", 2),
    "audit": ("audit --only nonsense", 2),
    "why": ("why", 2),
    "quarantine": ("quarantine --do sessions", 2),
    "watch": ("watch alice --since 400d", 2),
    "scan": ("scan nowhere", 2),
    "migrate": ("migrate --profile nowhere --to file", 1),
    "profiles list": ("profiles list --nonsense", 2),
    "profiles show": ("profiles show nowhere", 1),
    "profiles set": ("profiles set new", 2),
    "profiles rename": ("profiles rename nowhere new", 1),
    "profiles delete": ("profiles delete nowhere --yes", 1),
    "profiles lint": ("profiles lint --nonsense", 2),
    "profiles fix": ("profiles fix --nonsense", 2),
    "store list": ("store list --nonsense", 2),
    "store show": ("store show nowhere", 1),
    "store put": ("store put new --to file", 2),
    "store delete": ("store delete nowhere --yes", 1),
    "store status": ("store status --nonsense", 2),
    "store unlock": ("store unlock --for nonsense", 2),
    "store lock": ("store lock --nonsense", 2),
    "store passphrase": ("store passphrase", 1),
    "exec": ("exec nowhere true", 3),
    "export": ("export nowhere", 3),
    "credential-process": ("credential-process nowhere", 1),
    "login-session": ("login-session nowhere", 3),
    "completion": ("completion nonsense", 2),
}
"""Command lines that are refused in an empty home."""


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str, home: Home, run: Run, cheap: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal, a wrong usage or a missing file is a sentence, and with --json the same object for all."""
    monkeypatch.chdir(home.folder)
    line, code = REFUSED[name]
    done = run(*line.split(), *(["--json"] if has_json(name) else []))
    assert (done.code, "Traceback" in done.err) == (code, False), done
    assert done.err
    if not has_json(name):
        assert done.out == ""
        return
    if "error" not in json.loads(done.out):
        # A command that does several things says of each what became of it.
        assert name == "migrate"
        return
    (error,) = json.loads(done.out).values()
    assert error.keys() == {"code", "message", "next", "exit_code"}
    assert error["exit_code"] == code
    assert is_sentence(error["message"])
    assert error["code"] == "Usage" or code != 2


@pytest.mark.parametrize("name", sorted(name for name in REFUSED if has_json(name)))
def test_aws_files_that_cannot_be_read(
    name: str, home: Home, run: Run, cheap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS files that are folders, or no text, end no subcommand in a traceback."""
    monkeypatch.chdir(home.folder)
    home.credentials.mkdir()
    home.config.write_bytes(b"[default\xff\x00]\nregion = \xfe\n")
    line = ASKING[name].line if name in ASKING else REFUSED[name][0]
    done = run(*line.split(), "--json")
    assert "Traceback" not in done.err
    assert "internal error" not in done.err, done
    json.loads(done.out)
    assert done.code in {0, 1, 2, 3}


def test_our_own_faults(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw is told as ours, without its words, which may hold a secret."""
    monkeypatch.setattr("keywright.client.cli.profiles.read_profiles", lambda _environment: [][int(SECRET[:0] or 7)])
    done = run("profiles", "list", "--json")
    assert done.code == 70
    assert json.loads(done.out)["error"]["code"] == "Internal"
    assert "Traceback" not in done.err
    monkeypatch.setenv("KEYWRIGHT_DEBUG", "1")
    assert "IndexError" in run("profiles", "list").err


def test_aws_s_own_refusal_keeps_its_code(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch, peers: Peers) -> None:
    """What a service refuses has the service's code."""
    from botocore.exceptions import ClientError

    from keywright.client.cli import failures

    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListUsers")
    assert failures.failure_of(error).code == "AccessDenied"
    assert failures.failure_of(error).exit_code == 1


def test_commands_to_type_are_listed() -> None:
    """The commands that a sentence names are members of their own."""
    from keywright.client.cli.failures import failure
    from keywright.client.errors import Exit

    assert failure("no profile x: `keywright profiles list` shows them", Exit.NEGATIVE).next == (
        "keywright profiles list",
    )
