"""Scanning real repositories: work trees, indexes, histories, pushes."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.client.conftest import Home, Run
from tests.unit.client.leak_forms import FORMS
from tests.unit.client.leaks import new_leak
from tests.unit.client.repositories import Repo, env_file


@pytest.fixture
def repo(home: Home, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Be in a new repository."""
    made = Repo(home.folder / "repo")
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def scan(run: Run) -> Any:
    """Scan offline, as JSON."""

    def scan_json(*arguments: str, code: int | None = None, stdin: str = "") -> Any:
        done = run("scan", *arguments, "--offline", "--json", stdin=stdin)
        document = json.loads(done.out)
        assert done.code == (code if code is not None else int(bool(document["Findings"]))), done
        return document

    return scan_json


def told(document: Any) -> list[tuple[str | None, str | None]]:
    """Give each finding's path and key."""
    return [(one["Path"], one["AccessKeyId"]) for one in document["Findings"]]


def test_what_git_takes(repo: Repo, scan: Any) -> None:
    """Tracked and untracked files are looked at, ignored ones are not; but an ignored folder that is named is."""
    tracked, untracked, ignored = new_leak(), new_leak(), new_leak()
    repo.commit({"a.env": env_file(tracked), ".gitignore": "build/\n"})
    repo.write("sub/b.env", env_file(untracked))
    repo.write("build/c.env", env_file(ignored))
    assert told(scan()) == [("a.env", tracked.id), ("sub/b.env", untracked.id)]
    assert told(scan("sub")) == [("sub/b.env", untracked.id)]
    assert told(scan("build")) == [("build/c.env", ignored.id)]
    assert told(scan("build/c.env", "build", "sub")) == [("build/c.env", ignored.id), ("sub/b.env", untracked.id)]


def test_outside_a_repository(home: Home, scan: Any) -> None:
    """Elsewhere every file is looked at, but a link's target, a pipe and what is in a .git folder."""
    leak = new_leak()
    folder = home.folder / "plain"
    (folder / "x y").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "c").write_text(env_file(new_leak()))
    (folder / "x y" / "a\nb.env").write_text(env_file(leak))
    (home.folder / "elsewhere.env").write_text(env_file(new_leak()))
    (folder / "link").symlink_to(home.folder / "elsewhere.env")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    document = scan(str(folder))
    assert told(document) == [(f"{folder}/x y/a\nb.env", leak.id)]
    assert (document["Unread"], document["Scanned"]) == ([], 1)


def test_staged(repo: Repo, scan: Any) -> None:
    """--staged looks at what the commit would have, not at the work tree, also before the first commit."""
    staged, later = new_leak(), new_leak()
    repo.write("a.env", env_file(staged))
    repo.git("add", "a.env")
    repo.write("a.env", "clean now\n")
    repo.write("b.env", env_file(later))
    assert told(scan("--staged")) == [("a.env", staged.id)]
    repo.commit()
    assert told(scan("--staged")) == []
    repo.git("rm", "-q", "b.env")
    assert scan("--staged")["Scanned"] == 0


def test_history(repo: Repo, scan: Any) -> None:
    """--history finds a key that is gone from the files, and who brought it in, when, by which commit."""
    leak = new_leak()
    repo.commit({"README": "hello\n"})
    first = repo.commit({"a b/ü.env": env_file(leak)})
    repo.commit({"a b/ü.env": env_file(leak) + "# another version\n"})
    (repo.folder / "a b" / "ü.env").unlink()
    repo.commit()
    (found,) = scan("--history")["Findings"]
    assert (found["Path"], found["AccessKeyId"], found["Line"], found["Occurrences"]) == ("a b/ü.env", leak.id, 1, 2)
    assert found["Commit"] == {"Id": first, "Author": "Ann Author <ann@example.com>", "At": "2026-03-04T05:06:07Z"}
    assert found["AccountId"] == "111122223333"
    repo.git("gc", "-q", "--prune=now")
    assert scan("--history")["Findings"] == [found]


def test_every_corner_of_history(repo: Repo, scan: Any) -> None:
    """Stashes, tags, other branches, dropped commits, the index and messages are looked at too."""
    leaks = {
        name: new_leak() for name in ("tag", "branch", "old stash", "stash", "dropped", "index", "message", "note")
    }
    repo.commit({"README": "hello\n"})
    repo.git("checkout", "-q", "-b", "other")
    repo.commit({"branch.env": env_file(leaks["branch"])})
    repo.git("checkout", "-q", "--detach", "main")
    repo.commit({"tag.env": env_file(leaks["tag"])})
    repo.git("tag", "-a", "v1", "-m", env_file(leaks["note"]))
    repo.git("checkout", "-q", "main")
    for name in ("old stash", "stash"):
        repo.write(f"{name}.env", env_file(leaks[name]))
        repo.git("stash", "push", "-q", "--include-untracked")
    repo.commit({"dropped.env": env_file(leaks["dropped"])})
    repo.git("reset", "-q", "--hard", "HEAD~1")
    with_message = repo.commit(message=f"oops\n\n{env_file(leaks['message'])}")
    repo.write("index.env", env_file(leaks["index"]))
    repo.git("add", "-A")
    document = scan("--history")
    found = {one["AccessKeyId"]: one for one in document["Findings"]}
    assert {one.id for one in leaks.values()} == set(found)
    for name in ("tag", "branch", "old stash", "stash", "dropped"):
        assert found[leaks[name].id]["Path"] == f"{name}.env"
        assert found[leaks[name].id]["Commit"] is not None
    assert found[leaks["index"].id]["Commit"] is None
    message = found[leaks["message"].id]
    assert (message["Place"], message["Path"], message["Commit"]["Id"]) == ("commit message", None, with_message)
    assert found[leaks["note"].id]["Place"] == "tag message"


def test_merges_and_renames(repo: Repo, scan: Any) -> None:
    """What a merge itself brings in is the merge's; what a branch has brought in stays the branch's; a renamed file
    is found under both names.
    """
    of_merge, of_branch = new_leak(), new_leak()
    repo.commit({"README": "hello\n"})
    repo.git("checkout", "-q", "-b", "side")
    on_side = repo.commit({"side.env": env_file(of_branch)})
    repo.git("checkout", "-q", "main")
    repo.commit({"main.txt": "x\n"})
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    merge = repo.commit({"README": env_file(of_merge)})
    repo.git("mv", "side.env", "renamed.env")
    renamed = repo.commit()
    commits = {one["Path"]: one["Commit"]["Id"] for one in scan("--history")["Findings"]}
    assert commits == {"README": merge, "renamed.env": renamed, "side.env": on_side}


def test_sha256_and_bare(home: Home, scan: Any) -> None:
    """A repository of SHA-256 is read, and one without a work tree."""
    leak = new_leak()
    repo = Repo(home.folder / "new", "--object-format=sha256")
    commit = repo.commit({"a.env": env_file(leak)})
    assert len(commit) == 64
    repo.git("clone", "-q", "--bare", ".", str(home.folder / "bare.git"))
    for folder in (repo.folder, home.folder / "bare.git"):
        (found,) = scan("--history", str(folder))["Findings"]
        assert (found["Path"], found["Commit"]["Id"]) == ("a.env", commit)


def test_submodules_are_not_entered(repo: Repo, home: Home, scan: Any) -> None:
    """Another repository inside this one is its own affair."""
    inner = Repo(home.folder / "inner")
    inner.commit({"a.env": env_file(new_leak())})
    repo.git("submodule", "add", "-q", str(inner.folder), "vendored")
    assert told(scan()) == []
    assert told(scan("--staged")) == []
    repo.commit()
    assert told(scan("--history")) == []


def test_odd_names(repo: Repo, scan: Any) -> None:
    """Names with line ends, and names that are no UTF-8, are found in files, index and history, and shown escaped."""
    one, other = new_leak(), new_leak()
    repo.write("new\nline", env_file(one))
    Path(os.fsdecode(b"bad\xff.env")).write_text(env_file(other))
    names = [(os.fsdecode(b"bad\xff.env"), other.id), ("new\nline", one.id)]
    assert told(scan()) == names
    repo.git("add", "-A")
    assert told(scan("--staged")) == names
    repo.commit()
    assert told(scan("--history")) == names


def test_empty_and_none(repo: Repo, home: Home, run: Run, scan: Any) -> None:
    """An empty repository has nothing to find; where there is none, it is wrong usage to ask for its history."""
    for flags in ((), ("--staged",), ("--history",)):
        assert scan(*flags)["Scanned"] == 0
    leak = new_leak()
    repo.write("a.env", env_file(leak))
    repo.git("add", "-A")
    (found,) = scan("--history")["Findings"]
    assert (found["AccessKeyId"], found["Path"], found["Commit"]) == (leak.id, None, None)
    for flags in (("--staged",), ("--history",), ("--install-hook",)):
        done = run("scan", str(home.aws), *flags)
        assert (done.code, "not a git repository" in done.err) == (2, True)


def test_shallow(repo: Repo, home: Home, scan: Any) -> None:
    """Of a shallow clone it is said that the rest was not looked at."""
    repo.commit({"a.env": env_file(new_leak())})
    repo.git("rm", "-q", "a.env")
    repo.commit()
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.folder}", str(home.folder / "shallow"))
    document = scan("--history", str(home.folder / "shallow"))
    assert document["Findings"] == []
    assert "shallow" in document["Notes"][0]


def test_pushed(repo: Repo, scan: Any) -> None:
    """--pushed looks at what the other side lacks, and at nothing where a branch is deleted."""
    old, new = new_leak(), new_leak()
    before = repo.commit({"old.env": env_file(old)})
    after = repo.commit({"new.env": env_file(new)})
    zero = "0" * 40
    assert told(scan("--pushed", stdin=f"refs/heads/main {after} refs/heads/main {before}\n")) == [("new.env", new.id)]
    both = scan("--pushed", stdin=f"refs/heads/main {after} refs/heads/main {zero}\n")
    assert {key for _, key in told(both)} == {old.id, new.id}
    assert told(scan("--pushed", stdin=f"(delete) {zero} refs/heads/main {after}\n")) == []
    assert told(scan("--pushed")) == []


def test_a_broken_repository(repo: Repo, run: Run) -> None:
    """What cannot be read to its end is not said to be clean."""
    repo.commit({"a.txt": "x\n"})
    for path in (repo.folder / ".git" / "objects").glob("??/*"):
        path.chmod(0o600)
        path.write_bytes(b"nonsense")
    done = run("scan", "--history", "--offline")
    assert done.code == 2
    assert "no findings" not in done.out


def test_unreadable_files_are_told(repo: Repo, scan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read is named, and the others are looked at."""
    leak = new_leak()
    repo.write("a.env", env_file(leak))
    repo.write("locked", "x")
    opened = os.open

    def refuse(path: Any, *arguments: Any, **options: Any) -> int:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    document = scan()
    assert told(document) == [("a.env", leak.id)]
    assert document["Unread"] == ["locked: Permission denied"]


def test_the_baseline(repo: Repo, run: Run, scan: Any) -> None:
    """What a baseline names is not told again, wherever in its file it moves; what is new is."""
    known, lone, new = new_leak(), new_leak(), new_leak()
    repo.write("a.env", env_file(known))
    repo.write("b.py", f"aws_secret_access_key = '{lone.secret}'\n")
    written = run("scan", "--baseline", "known.json", "--write-baseline", "--offline")
    assert written.code == 0
    text = (repo.folder / "known.json").read_text()
    assert known.id in text
    assert known.secret not in text
    assert lone.secret not in text
    repo.write("a.env", "# moved\n" + env_file(known))
    document = scan("--baseline", "known.json", code=0)
    assert (document["Findings"], document["Baselined"]) == ([], 2)
    repo.commit()
    assert scan("--history", "--baseline", "known.json")["Findings"] == []
    repo.write("c.env", env_file(new))
    repo.write("b.py", f"aws_secret_access_key = '{new_leak().secret}'\n")
    assert told(scan("--baseline", "known.json")) == [("b.py", None), ("c.env", new.id)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [1]}'])
def test_what_is_no_baseline(repo: Repo, run: Run, text: str) -> None:
    """A file that is no baseline is refused, not taken for an empty one."""
    repo.write("known.json", text)
    done = run("scan", "--baseline", "known.json")
    assert (done.code, "Findings" in done.out) == (2, False)
    assert "baseline" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere",),
        ("--baseline", "nowhere.json"),
        ("--baseline", "."),
        ("--write-baseline",),
        ("--json", "--format", "sarif"),
        ("--yes",),
        ("--chain",),
        ("--deactivate",),
        ("--staged", "--history"),
        ("--history", ".", ".git"),
        ("--deactivate", "--yes", "--write-baseline", "--baseline", "x"),
        ("--pushed", "--ask", "--offline"),
    ],
)
def test_wrong_usage(repo: Repo, run: Run, arguments: tuple[str, ...]) -> None:
    """What makes no sense is exit code 2, with a word of what to do."""
    done = run("scan", *arguments)
    assert (done.code, "findings" in done.out) == (2, False)
    assert done.err


def test_no_form_shows_a_secret(repo: Repo, run: Run) -> None:
    """Table, JSON and SARIF tell of the key, and none of them its secret."""
    leak, lone = new_leak(), new_leak()
    repo.commit({"a.env": env_file(leak), "b.py": f"aws_secret_access_key = '{lone.secret}'\n"})
    for flags in ((), ("--json",), ("--format", "sarif"), ("--history",), ("--history", "--format", "sarif")):
        done = run("scan", *flags, "--offline")
        assert done.code == 1
        for part in (leak.id, "a.env", "b.py"):
            assert part in done.out
        for secret in (leak.secret, lone.secret):
            assert secret[:8] not in done.out + done.err


def test_profiles_of_this_machine(home: Home, repo: Repo, scan: Any) -> None:
    """A key that a profile of this machine has is told with it, offline too."""
    leak = new_leak()
    repo.write("a.env", env_file(leak))
    home.place(credentials=f"[work]\naws_access_key_id = {leak.id}\naws_secret_access_key = {leak.secret}\n")
    (key,) = scan()["Keys"]
    assert (key["Profiles"], key["AccountId"], key["Status"]) == (["work"], "111122223333", None)


def test_sarif_of_a_message(repo: Repo, run: Run) -> None:
    """A finding in a file has its place in SARIF, one in a message its name."""
    leak = new_leak()
    repo.commit({"a.env": "x\n" + env_file(leak)}, message=env_file(new_leak()))
    results = json.loads(run("scan", "--history", "--offline", "--format", "sarif").out)["runs"][0]["results"]
    places = [one["locations"][0] for one in results]
    assert {"artifactLocation": {"uri": "a.env"}, "region": {"startLine": 2}} in [
        one.get("physicalLocation") for one in places
    ]
    assert any("commit message" in one["logicalLocations"][0]["fullyQualifiedName"] for one in places if len(one) == 1)


def test_wrapped_in_the_history(repo: Repo, scan: Any) -> None:
    """A key in an archive or in base64 is found in files, index and history; SARIF's line is none of the archive's."""
    packed, encoded = new_leak(), new_leak()
    files = {"app.zip": FORMS["deflated.zip"](packed), "k8s/secret.yaml": FORMS["secret.yaml"](encoded)}
    for name, content in files.items():
        repo.write(name, content)
    repo.git("add", "-A")
    names = [("app.zip", packed.id), ("k8s/secret.yaml", encoded.id)]
    assert told(scan()) == told(scan("--staged")) == names
    commit = repo.commit()
    repo.git("rm", "-q", "-r", ".")
    repo.commit()
    found = scan("--history")["Findings"]
    assert [(one["Path"], one["AccessKeyId"]) for one in found] == names
    assert [one["Within"] for one in found] == ["zip: config/.env", "base64"]
    assert {one["Commit"]["Id"] for one in found} == {commit}


def test_what_is_not_unpacked_is_told(repo: Repo, run: Run, scan: Any) -> None:
    """An archive that is not read to its end is named, in files and in the history: nobody takes it for clean."""
    repo.write("bomb.gz", gzip.compress(bytes(50 << 20)))
    assert scan()["Unread"][0].startswith("bomb.gz: unpacks to more than")
    repo.commit()
    blob = repo.git("rev-parse", "HEAD:bomb.gz").strip()
    assert scan("--history")["Unread"][0].startswith(f"object {blob}: unpacks to more than")
    assert "bomb.gz: unpacks to more than" in run("scan", "--offline").err


def test_sarif_of_an_archive(repo: Repo, run: Run) -> None:
    """What is in an archive has the archive for its place, and no line."""
    repo.write("app.zip", FORMS["deflated.zip"](new_leak()))
    (result,) = json.loads(run("scan", "--offline", "--format", "sarif").out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "app.zip"}}
