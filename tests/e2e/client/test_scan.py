"""`keywright scan` and a real server: a leaked key that lives is found, its owner named, and the key ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.conftest import MakeCli
from tests.e2e.live_server import KEYWRIGHT, Account, LiveServer
from tests.e2e.signing import Key
from tests.unit.client.leaks import Leak, new_leak
from tests.unit.client.repositories import Repo, env_file


@pytest.fixture
def repo(person: Person) -> Repo:
    """Have a repository in one's home."""
    return Repo(person.home / "repo")


def variables(server: LiveServer, key: Key) -> dict[str, str]:
    """Be somebody by the environment."""
    return {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
    }


def leak_into(repo: Repo, key: Key) -> str:
    """Commit a key, and take it out again."""
    commit = repo.commit({"deploy.env": env_file(Leak(key.access_key_id, key.secret_access_key))})
    repo.git("rm", "-q", "deploy.env")
    repo.commit()
    return commit


def test_found_named_and_ended(
    person: Person,
    repo: Repo,
    server: LiveServer,
    account: Account,
    admin: Key,
    new_key: Callable[[str], Key],
    make_cli: MakeCli,
) -> None:
    """A key deep in the history: whose it is, that it lives, where it came from; and then the aws CLI refuses it."""
    leaked = new_key("bob")
    commit = leak_into(repo, leaked)
    as_bob = make_cli(leaked)
    assert as_bob.json("sts", "get-caller-identity")["Arn"].endswith(":user/bob")
    me = variables(server, admin)
    found = person.json("scan", str(repo.folder), "--history", code=1, variables=me)
    (finding,), (key,) = found["Findings"], found["Keys"]
    assert (finding["Path"], finding["Commit"]["Id"]) == ("deploy.env", commit)
    assert (key["AccountId"], key["UserName"], key["Status"]) == (account.account_id, "bob", "Active")
    assert (key["LastUsedService"], key["Deactivated"], key["Reason"]) == ("sts", False, None)
    done = person.keywright("scan", str(repo.folder), "--history", "--deactivate", "--yes", variables=me)
    assert done.returncode == 1
    assert f"made inactive: {leaked.access_key_id} of bob" in done.stderr
    assert "Inactive from now on" in done.stdout
    assert leaked.secret_access_key not in done.stdout + done.stderr
    assert as_bob.error("sts", "get-caller-identity").code == "InvalidClientTokenId"
    again = person.json("scan", str(repo.folder), "--history", "--deactivate", "--yes", code=1, variables=me)
    assert (again["Keys"][0]["Status"], again["Keys"][0]["Deactivated"]) == ("Inactive", False)


def test_each_key_is_asked_for(
    person: Person, repo: Repo, server: LiveServer, iam: Any, admin: Key, new_key: Callable[[str], Key]
) -> None:
    """On a terminal each key is asked for, the one that asks last and with a warning; a no leaves it as it is."""
    carol, boss = new_key("carol"), new_key("boss")
    iam.attach_user_policy(UserName="boss", PolicyArn="arn:aws:iam::aws:policy/IAMFullAccess")
    for number, key in enumerate((boss, carol)):
        repo.write(f"{number}.env", env_file(Leak(key.access_key_id, key.secret_access_key)))
    options = ("region=us-east-1", f"endpoint_url={server.url}", "--key")
    typed = f"{boss.access_key_id}\n{boss.secret_access_key}\n"
    assert person.keywright("profiles", "set", "boss", *options, typed=typed).returncode == 0
    code, screen = at_terminal(
        person,
        *("scan", str(repo.folder), "--deactivate", "--profile", "boss"),
        answers=[(f"Make {carol.access_key_id} of carol inactive", "y"), ("It is the key that asks this", "n")],
    )
    assert code == 1, screen
    assert "in the profile boss of this machine" in screen
    status = {name: iam.list_access_keys(UserName=name)["AccessKeyMetadata"][0]["Status"] for name in ("carol", "boss")}
    assert status == {"carol": "Inactive", "boss": "Active"}


def test_keys_of_others(
    person: Person, repo: Repo, server: LiveServer, iam: Any, admin: Key, new_key: Callable[[str], Key]
) -> None:
    """Another account's key, one that is no more, and what one may not ask, are told with the reason."""
    gone, other = new_key("dora"), new_leak()
    iam.delete_access_key(UserName="dora", AccessKeyId=gone.access_key_id)
    repo.write("a.env", env_file(other))
    repo.write("b.env", env_file(Leak(gone.access_key_id, gone.secret_access_key)))
    keys = person.json("scan", str(repo.folder), code=1, variables=variables(server, admin))["Keys"]
    reasons = {one["AccessKeyId"]: one["Reason"] for one in keys}
    assert "it is of 111122223333" in reasons[other.id]
    assert reasons[gone.access_key_id] == "there is no such key any more"
    nobody = variables(server, new_key("nobody"))
    done = person.keywright("scan", str(repo.folder), "--deactivate", "--yes", variables=nobody)
    assert done.returncode == 1
    assert "AccessDenied" in done.stdout


def test_a_live_keys_id_alone(
    person: Person, repo: Repo, server: LiveServer, iam: Any, admin: Key, new_key: Callable[[str], Key]
) -> None:
    """An id without its secret is a finding while its key is active, and only where IAM can be asked."""
    live, ended, other = new_key("ida"), new_key("una"), new_leak()
    iam.update_access_key(UserName="una", AccessKeyId=ended.access_key_id, Status="Inactive")
    repo.commit({"a.txt": f"{live.access_key_id}\n{ended.access_key_id} {other.id}\n"})
    repo.git("rm", "-q", "a.txt")
    repo.commit({"b.txt": f"key of the backup: {live.access_key_id}\n"})
    me = variables(server, admin)
    for flags, path in (((), "b.txt"), (("--history",), "a.txt")):
        found = person.json("scan", str(repo.folder), *flags, code=1, variables=me)
        one = found["Findings"][0]
        assert (one["Rule"], one["AccessKeyId"], one["Path"]) == ("live-key-id", live.access_key_id, path)
        assert {one["AccessKeyId"] for one in found["Findings"]} == {live.access_key_id}
        (key,) = found["Keys"]
        assert (key["UserName"], key["Status"]) == ("ida", "Active")
        assert person.json("scan", str(repo.folder), *flags, "--offline", code=0, variables=me)["Findings"] == []
    nowhere = me | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    document = person.json("scan", str(repo.folder), code=0, variables=nowhere)
    assert (document["Findings"], len(document["Notes"])) == ([], 1)
    assert "127.0.0.1:9" in document["Notes"][0]
    person.json("scan", str(repo.folder), "--ask", code=3, variables=nowhere)
    known = ("--baseline", str(repo.folder / "known.json"))
    done = person.keywright("scan", str(repo.folder), *known, "--write-baseline", variables=me)
    assert "names 1 findings" in done.stdout, done
    assert person.json("scan", str(repo.folder), *known, code=0, variables=me)["Baselined"] == 1
    done = person.keywright("scan", str(repo.folder), "--deactivate", "--yes", variables=me)
    assert f"made inactive: {live.access_key_id} of ida" in done.stderr, done
    assert person.json("scan", str(repo.folder), code=0, variables=me)["Findings"] == []


def test_nobody_answers(person: Person, repo: Repo, admin: Key, server: LiveServer) -> None:
    """Findings are told all the same; exit code 3 is for who has demanded to be told whose they are."""
    leak = new_leak()
    repo.write("a.env", env_file(leak))
    nowhere = variables(server, admin) | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    for flags, code in (((), 1), (("--ask",), 3), (("--deactivate", "--yes"), 3)):
        document = person.json("scan", str(repo.folder), *flags, code=code, variables=nowhere)
        assert [one["AccessKeyId"] for one in document["Findings"]] == [leak.id]
        assert "127.0.0.1:9" in document["Notes"][0]
    assert person.keywright("scan", str(repo.folder), "--ask").returncode == 3


def test_the_hooks_refuse(person: Person, repo: Repo) -> None:
    """With the hooks a commit, and a push, that hold a key are refused by git itself; others pass."""
    for name in ("pre-commit", "pre-push"):
        done = person.keywright("scan", str(repo.folder), "--install-hook", name)
        assert (done.returncode, done.stderr) == (0, ""), done
    origin = Repo(person.home / "origin", "--bare")
    leak = new_leak()
    repo.write("a.env", env_file(leak))
    repo.git("add", "-A")
    assert leak.id in repo.git("commit", "-q", "-m", "x", code=1, HOME=str(person.home))
    repo.git("commit", "-q", "--no-verify", "-m", "x", HOME=str(person.home))
    repo.write("b.txt", "fine\n")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "y", HOME=str(person.home))
    said = repo.git("push", "-q", str(origin.folder), "main", code=1, HOME=str(person.home))
    assert leak.id in said
    assert leak.secret not in said
    clean = Repo(person.home / "clean")
    assert person.keywright("scan", str(clean.folder), "--install-hook", "pre-push").returncode == 0
    clean.commit({"b.txt": "fine\n"})
    clean.git("push", "-q", str(origin.folder), "main", HOME=str(person.home))


def test_hooks_and_those_that_are_there(person: Person, repo: Repo) -> None:
    """An existing hook is not overwritten; with --chain it goes first, hears what git says, and may refuse."""
    hook = repo.folder / "githooks" / "pre-push"
    repo.git("config", "core.hooksPath", "githooks")
    repo.write("githooks/pre-push", '#!/bin/sh\nread ref rest\necho "heard $ref"\n[ ! -e stop ]\n')
    hook.chmod(0o755)
    done = person.keywright("scan", str(repo.folder), "--install-hook", "pre-push")
    assert done.returncode == 2
    assert "--chain" in done.stderr
    done = person.keywright("scan", str(repo.folder), "--install-hook", "pre-push", "--chain")
    assert done.returncode == 0, done.stderr
    # Once more replaces our own, and keeps what it goes after.
    assert person.keywright("scan", str(repo.folder), "--install-hook", "pre-push").returncode == 0
    leak = new_leak()
    origin = Repo(person.home / "origin", "--bare")
    repo.commit({"a.txt": "x\n"})
    assert "heard refs/heads/main" in repo.git("push", str(origin.folder), "main", HOME=str(person.home))
    repo.commit({"a.env": env_file(leak)})
    assert leak.id in repo.git("push", str(origin.folder), "main", code=1, HOME=str(person.home))
    repo.write("stop", "")
    said = repo.git("push", str(origin.folder), "main", code=1, HOME=str(person.home))
    assert "heard" in said
    assert leak.id not in said


def test_a_hook_without_keywright(person: Person, repo: Repo) -> None:
    """Where keywright has gone, the hook looks on the PATH, and else refuses and says why."""
    assert person.keywright("scan", str(repo.folder), "--install-hook").returncode == 0
    hook = repo.folder / ".git" / "hooks" / "pre-commit"
    assert hook.stat().st_mode & 0o777 == 0o755
    hook.write_text(hook.read_text().replace(str(KEYWRIGHT), "/nowhere/keywright"))
    repo.write("a.txt", "x\n")
    repo.git("add", "-A")
    said = repo.git("commit", "-m", "x", code=1, HOME=str(person.home), PATH="/usr/bin:/bin")
    assert "nothing was looked at" in said
    repo.git("commit", "-m", "x", HOME=str(person.home), PATH=f"{KEYWRIGHT.parent}:/usr/bin:/bin")


def test_a_hook_with_a_baseline(person: Person, repo: Repo) -> None:
    """A hook that was installed with a baseline lets pass what it names, from wherever git is called."""
    leak = new_leak()
    repo.write("sub/a.env", env_file(leak))
    file = str(repo.folder / "known.json")
    assert person.keywright("scan", str(repo.folder), "--baseline", file, "--write-baseline").returncode == 0
    done = person.keywright("scan", str(repo.folder), "--install-hook", "--baseline", file)
    assert done.returncode == 0, done.stderr
    repo.git("add", "-A")
    repo.git("-C", "sub", "commit", "-q", "-m", "x", HOME=str(person.home))
    repo.write("b.env", env_file(new_leak()))
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "y", code=1, HOME=str(person.home))


def test_on_moto(person: Person, repo: Repo, moto_variables: dict[str, str], moto_iam: Any) -> None:
    """It needs no API of our own: on moto_server the owner is named, and the key ended, as on ours."""
    moto_iam.create_user(UserName="erin")
    made = moto_iam.create_access_key(UserName="erin")["AccessKey"]
    leak = new_leak()
    repo.write("a.env", env_file(Leak(made["AccessKeyId"], leak.secret)))
    document = person.json("scan", str(repo.folder), "--deactivate", "--yes", code=1, variables=moto_variables)
    (key,) = document["Keys"]
    assert (key["UserName"], key["Status"], key["Deactivated"]) == ("erin", "Inactive", True)
    assert moto_iam.list_access_keys(UserName="erin")["AccessKeyMetadata"][0]["Status"] == "Inactive"
