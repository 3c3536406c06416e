"""`keywright quarantine` against the real server: a compromised user recovered step by step, in AWS's order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.conftest import MakeClient
from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Key

V3 = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
_numbers = itertools.count()


class Victim:
    """A user in quarantine, and what was made with the user's key before."""

    def __init__(self, number: int, iam: Any, new_key: Callable[[str], Key], make_client: MakeClient) -> None:
        self.name = f"victim-{number}"
        self.made = f"intruder-{number}"
        self.key = new_key(self.name)
        iam.attach_user_policy(UserName=self.name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        theirs = make_client("iam", self.key)
        theirs.create_user(UserName=self.made)
        self.made_key = theirs.create_access_key(UserName=self.made)["AccessKey"]["AccessKeyId"]
        make_client("sts", self.key).get_session_token()
        iam.attach_user_policy(UserName=self.name, PolicyArn=V3)


@pytest.fixture
def victim(iam: Any, new_key: Callable[[str], Key], make_client: MakeClient) -> Victim:
    """Have a user whose key was found, used, and put in quarantine."""
    return Victim(next(_numbers), iam, new_key, make_client)


def steps_of(document: Any) -> dict[str, str]:
    """Give each step's status of the one user."""
    (user,) = document["Users"]
    return {step["Name"]: step["Status"] for step in user["Steps"]}


def test_what_happened_is_told(person: Person, victim: Victim, variables: dict[str, str]) -> None:
    """The quarantined user is found, with the exposed key, what was made with it, and the session it made."""
    found = person.json("quarantine", code=1, variables=variables)
    user = next(one for one in found["Users"] if one["UserName"] == victim.name)
    assert user["Policies"] == ["AWSCompromisedKeyQuarantineV3"]
    assert user["QuarantinedAt"] is not None
    assert [(key["AccessKeyId"], key["Exposed"]) for key in user["Keys"]] == [(victim.key.access_key_id, True)]
    assert [(one["Kind"], one["Name"], one["Exists"]) for one in user["Made"]] == [
        ("user", victim.made, True),
        ("access key", victim.made_key, True),
    ]
    sessions = next(step for step in user["Steps"] if step["Name"] == "sessions")
    assert "GetSessionToken gave credentials" in sessions["Detail"]
    assert user["Addresses"] == ["127.0.0.1"]


def test_a_recovery_step_by_step(
    person: Person, victim: Victim, variables: dict[str, str], iam: Any, make_client: MakeClient
) -> None:
    """Each step is done in AWS's order, none before its time, and each run says what is left."""

    def state(*arguments: str, code: int = 1) -> dict[str, str]:
        document = person.json("quarantine", "--user", victim.name, *arguments, code=code, variables=variables)
        return steps_of(document)

    def refused(*arguments: str) -> str:
        done = person.keywright("quarantine", "--user", victim.name, *arguments, variables=variables)
        assert done.returncode == 1, done
        return done.stderr

    assert state() == {
        "replace": "left",
        "deactivate": "left",
        "sessions": "left",
        "made": "left",
        "delete": "blocked",
        "detach": "blocked",
    }
    for too_early in ("delete", "sessions"):
        assert "deactivate it first" in refused("--do", too_early)
    assert "not confirmed" in refused("--do", "detach")
    assert "do NOT remove" in refused("--do", "detach", "--confirm", victim.name)
    assert [one["PolicyName"] for one in attached(iam, victim)] == [
        "AWSCompromisedKeyQuarantineV3",
        "AdministratorAccess",
    ]

    fresh = iam.create_access_key(UserName=victim.name)["AccessKey"]["AccessKeyId"]
    assert state()["replace"] == "done"
    assert state("--do", "deactivate")["deactivate"] == "done"
    assert statuses(iam, victim) == {victim.key.access_key_id: "Inactive", fresh: "Active"}
    assert state("--do", "sessions")["sessions"] == "done"
    assert iam.get_user_policy(UserName=victim.name, PolicyName="AWSRevokeOlderSessions")
    assert state()["made"] == "left"
    iam.delete_access_key(UserName=victim.made, AccessKeyId=victim.made_key)
    iam.delete_user(UserName=victim.made)
    assert state()["made"] == "done"
    assert state("--do", "delete")["delete"] == "done"
    assert list(statuses(iam, victim)) == [fresh]
    assert state()["detach"] == "left"
    assert "not confirmed" in refused("--do", "detach", "--confirm", "somebody")
    done = state("--do", "detach", "--confirm", victim.name, code=0)
    assert set(done.values()) == {"done"}
    assert [one["PolicyName"] for one in attached(iam, victim)] == ["AdministratorAccess"]


def attached(iam: Any, victim: Victim) -> Any:
    """Give the user's attached policies by name."""
    policies = iam.list_attached_user_policies(UserName=victim.name)["AttachedPolicies"]
    return sorted(policies, key=lambda one: one["PolicyName"])


def statuses(iam: Any, victim: Victim) -> dict[str, str]:
    """Give the status of each of the user's keys."""
    keys = iam.list_access_keys(UserName=victim.name)["AccessKeyMetadata"]
    return {key["AccessKeyId"]: key["Status"] for key in keys}


def test_a_walk_at_a_terminal(
    person: Person, victim: Victim, variables: dict[str, str], iam: Any, server: LiveServer, admin: Key
) -> None:
    """At a terminal each step is offered; what is not confirmed is not done; the walk is taken up where it was left."""
    typed = f"{admin.access_key_id}\n{admin.secret_access_key}\n"
    arguments = ("profiles", "set", "default", "region=us-east-1", f"endpoint_url={server.url}", "--key")
    assert person.keywright(*arguments, typed=typed).returncode == 0
    walk = ("quarantine", "--user", victim.name)
    code, screen = at_terminal(person, *walk, answers=[("Go on without one?", "n")])
    assert (code, statuses(iam, victim)) == (1, {victim.key.access_key_id: "Active"}), screen
    iam.create_access_key(UserName=victim.name)
    code, screen = at_terminal(
        person,
        *walk,
        answers=[
            ("Do it now?", "y"),
            ("Do it now?", "y"),
            ("Is all of it gone, or yours?", "y"),
            ("Do it now?", "y"),
            (f"Type {victim.name} to remove it", "no"),
        ],
    )
    assert code == 1, screen
    assert victim.key.access_key_id not in statuses(iam, victim)
    assert V3 in {one["PolicyArn"] for one in attached(iam, victim)}
    code, screen = at_terminal(person, *walk, "--looked", answers=[(f"Type {victim.name} to remove it", victim.name)])
    assert code == 0, screen
    assert V3 not in {one["PolicyArn"] for one in attached(iam, victim)}


def test_whom_it_does_not_concern(
    person: Person, variables: dict[str, str], victim: Victim, server: LiveServer
) -> None:
    """Who is not in quarantine needs no recovery; who does not exist is said not to; the victim cannot do it."""
    shown = person.keywright("quarantine", "--user", "admin", variables=variables)
    assert (shown.returncode, "not in quarantine" in shown.stdout) == (0, True), shown
    assert "NoSuchEntity" in person.keywright("quarantine", "--user", "nobody", variables=variables).stderr
    assert person.keywright("quarantine", "--do", "delete", variables=variables).returncode == 2
    theirs = variables | {
        "AWS_ACCESS_KEY_ID": victim.key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": victim.key.secret_access_key,
    }
    done = person.keywright("quarantine", "--user", victim.name, "--do", "deactivate", variables=theirs)
    assert done.returncode == 1, done
    assert "an administrator has to" in done.stderr
    assert "could not be read" not in done.stdout
    assert person.keywright("quarantine").returncode == 3


def test_elsewhere(person: Person, moto_iam: Any, moto_variables: dict[str, str]) -> None:
    """A server that has no event history is recovered on too: what cannot be read is left to a person."""
    moto_iam.create_user(UserName="alice")
    key = moto_iam.create_access_key(UserName="alice")["AccessKey"]["AccessKeyId"]
    # moto_server has AWS's own policies only where it is told so: one of the account's stands for it, by its name.
    document = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}}'
    made = moto_iam.create_policy(PolicyName="AWSCompromisedKeyQuarantineV3", PolicyDocument=document)["Policy"]["Arn"]
    moto_iam.attach_user_policy(UserName="alice", PolicyArn=made)
    found = person.json("quarantine", "--user", "alice", code=1, variables=moto_variables)
    assert found["Users"][0]["Policies"] == ["AWSCompromisedKeyQuarantineV3"]
    assert steps_of(found)["made"] == "blocked"
    assert person.json("quarantine", variables=moto_variables)["Users"] == []
    for step in ("deactivate", "sessions", "delete"):
        done = person.json("quarantine", "--user", "alice", "--do", step, code=1, variables=moto_variables)
        assert steps_of(done)[step] == "done", step
    assert key not in {one["AccessKeyId"] for one in moto_iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]}
    last = ("quarantine", "--user", "alice", "--do", "detach", "--confirm", "alice", "--looked")
    assert steps_of(person.json(*last, variables=moto_variables))["detach"] == "done"
    assert moto_iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"] == []
