"""A `credential_process` that gives no credentials: each way that it fails is told in a sentence, with what to do."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.client.conftest import Home, Run

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
TOKEN = "IQoJb3JpZ2luX2VjEAAaCXVzLWVhc3QtMSJGMEQCIH" * 4
WHOLE = {"Version": 1, "AccessKeyId": "AKIAXYAFLIG2DFBKVWHJ", "SecretAccessKey": SECRET}


def printing(**changes: object) -> str:
    """Write a program that prints credentials with changes; None takes a member out."""
    values = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    return f"#!/bin/sh\ncat <<'END'\n{json.dumps(values)}\nEND\n"


def lead_to(home: Home, process: str) -> None:
    """Have a profile whose credentials come from a process."""
    home.place(config=f"[profile kw]\nregion = us-east-1\ncredential_process = {process}\n")


YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (f"#!/bin/sh\necho {SECRET}\n", "printed something else than one JSON object"),
        (f"#!/bin/sh\necho '[\"{SECRET}\"]'\n", "printed something else than one JSON object"),
        ("#!/bin/sh\nexit 3\n", "ended with exit code 3 and said nothing"),
        (f"#!/bin/sh\necho token {TOKEN} is bad >&2\nexit 1\n", "exit code 1 and said: token **** is bad"),
        ("#!/bin/sh\nkill -9 $$\n", "ended with the signal SIGKILL and said nothing"),
        ("#!/bin/sh\n", "printed nothing"),
        (printing(Version=2), 'printed another Version, where tools want "Version": 1'),
        (printing(Version=None), 'printed no Version, where tools want "Version": 1'),
        (printing(SecretAccessKey=None), "printed no SecretAccessKey"),
        (printing(Expiration="soon"), "printed an Expiration that is no time"),
        (printing(Expiration="2099-01-01T00:00:00"), "printed an Expiration without a time zone"),
        (printing(Expiration=YESTERDAY), "printed credentials that ended at"),
        ("#!/no/such/interpreter\n", "whose first line names /no/such/interpreter, which does not exist"),
        ("not a program\n", "cannot be run (Exec format error)"),
    ],
)
def test_a_process_that_fails(home: Home, run: Run, program: str, words: str) -> None:
    """doctor, verify and export say what it did and what to type, and repeat nothing that it printed."""
    path = home.folder / "give key"
    path.write_text(program)
    path.chmod(0o755)
    lead_to(home, f"'{path}' --now")
    for command in (("doctor", "--profile", "kw"), ("verify", "--profile", "kw"), ("export", "kw")):
        done = run(*command)
        said = done.out + done.err
        assert done.code == 3, done
        assert words in said
        assert f"the credential_process of the profile kw ({home.config}:3)" in said
        assert SECRET not in said
        assert TOKEN not in said
    (one,) = json.loads(run("doctor", "--profile", "kw", "--json").out)["Diagnoses"]
    assert one["Next"] in {
        'sh -c "$(aws configure get credential_process --profile kw) > /dev/null"',
        "keywright profiles show kw",
    }


@pytest.mark.parametrize(
    ("process", "words", "then"),
    [
        ("{home}/gone kw", "names {home}/gone, which does not exist", "keywright profiles show kw"),
        ("{home}/plain kw", "names {home}/plain, which is not executable", "chmod +x {home}/plain"),
        ("{home} kw", "which is a folder", "keywright profiles show kw"),
        ("nowhere-at-all kw", "which is not found in PATH", "keywright profiles show kw"),
        ("~/plain kw", "tools expand neither ~ nor", "keywright profiles set kw 'credential_process={home}/plain kw'"),
        ("'{home}/plain kw", "cannot be split into words", "keywright profiles show kw"),
    ],
)
def test_a_program_that_cannot_be_run(home: Home, run: Run, process: str, words: str, then: str) -> None:
    """A program that is not there, or not one, is told by doctor (asking nobody too) and verify."""
    (home.folder / "plain").write_text("#!/bin/sh\n")
    lead_to(home, process.format(home=home.folder))
    wanted = words.format(home=home.folder)
    found = json.loads(run("doctor", "--profile", "kw", "--json").out)["Diagnoses"]
    assert [one["Next"] for one in found if wanted in one["What"]] == [then.format(home=home.folder)]
    found = json.loads(run("doctor", "--offline", "--profile", "kw", "--json").out)["Diagnoses"]
    assert [wanted in one["What"] for one in found] == [True]
    done = run("verify", "--profile", "kw")
    assert (done.code, wanted in done.err) == (3, True)


def test_a_name_that_only_this_path_finds(home: Home, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without its path works here, and is warned of: a cron job has another PATH."""
    (home.folder / "give").write_text(printing())
    (home.folder / "give").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home.folder}:/usr/bin:/bin")
    lead_to(home, "give --now 'a b'")
    (one,) = json.loads(run("doctor", "--offline", "--profile", "kw", "--json").out)["Diagnoses"]
    assert (one["Gravity"], "cron jobs" in one["What"]) == ("warning", True)
    assert run(*shlex.split(one["Next"])[1:]).code == 0
    assert f"credential_process = {home.folder}/give --now 'a b'\n" in home.config.read_text()
    assert json.loads(run("doctor", "--offline", "--profile", "kw", "--json").out)["Diagnoses"] == []


def test_a_source_profile_is_told_by_its_name(home: Home, run: Run) -> None:
    """A role's source profile whose process fails is the one that is named."""
    role = "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = kw\nregion = us-east-1\n"
    home.place(config=f"{role}[profile kw]\ncredential_process = {home.folder}/gone\n")
    done = run("verify", "--profile", "role")
    assert (done.code, "the credential_process of the profile kw" in done.err) == (3, True), done
    assert "gone, which does not exist" in done.err
