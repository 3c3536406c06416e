"""`keywright watch` against the real server: calls of the real aws CLI and of boto3, told apart, the refused marked."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.conftest import MakeCli
from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment
from tests.e2e.signing import Key, query


@pytest.fixture(scope="module")
def key(new_key: Callable[[str], Key]) -> Key:
    """Have a user who may nothing."""
    return new_key("watched")


@pytest.fixture(scope="module", autouse=True)
def used(key: Key, make_cli: MakeCli, make_client: Any) -> None:
    """Use the key with the aws CLI, then with boto3, then in another region; one call is refused."""
    aws = make_cli(key)
    aws.json("sts", "get-caller-identity")
    assert aws.error("iam", "list-users").code == "AccessDenied"
    make_client("sts", key).get_caller_identity()
    make_client("sts", key, "eu-west-1").get_caller_identity()


def test_a_key_is_watched(person: Person, key: Key, variables: dict[str, str]) -> None:
    """Each call is there with its tool; what is new and what was refused is marked; the sum agrees."""
    watched = person.json("watch", key.access_key_id, "--region", "eu-west-1", variables=variables)
    events = watched["Events"]
    assert [(one["Action"], one["Tool"].rpartition(" ")[0], one["ErrorCode"]) for one in events] == [
        ("sts:GetCallerIdentity", "AWS CLI", None),
        ("iam:ListUsers", "AWS CLI", "AccessDenied"),
        ("sts:GetCallerIdentity", "Boto3", None),
        ("sts:GetCallerIdentity", "Boto3", None),
    ]
    assert [one["New"] for one in events] == [[], [], ["tool"], ["region"]]
    assert {one["AccessKeyId"] for one in events} == {key.access_key_id}
    assert watched["Regions"] == ["eu-west-1", "us-east-1"]
    assert sum(one["Calls"] for one in watched["Groups"]) == 4
    assert sum(one["Refused"] for one in watched["Groups"]) == 1
    assert watched["Truncated"] is False


def test_a_user_is_watched(person: Person, variables: dict[str, str]) -> None:
    """By a user's name the same calls are found; a person sees a table, or a line for each."""
    shown = person.keywright("watch", "watched", variables=variables)
    assert shown.returncode == 0, shown
    assert shown.stdout.splitlines()[0].split()[:3] == ["DAY", "TOOL", "ADDRESS"]
    assert "3 calls by watched" in shown.stdout
    assert "15 minutes" in shown.stderr
    each = person.keywright("watch", "watched", "--each", variables=variables).stdout
    assert [line for line in each.splitlines() if "AccessDenied" in line and "iam:ListUsers" in line]
    assert [line for line in each.splitlines() if "new tool" in line and "Boto3" in line]


def test_older_calls_are_left_out_and_said_so(person: Person, key: Key, variables: dict[str, str]) -> None:
    """--max-events keeps the newest."""
    watched = person.json("watch", key.access_key_id, "--max-events", "1", variables=variables)
    assert (watched["Truncated"], [one["Tool"].split()[0] for one in watched["Events"]]) == (True, ["Boto3"])


def test_a_new_address_is_marked(person: Person, server: LiveServer, new_key: Any, variables: dict[str, str]) -> None:
    """A call from another address than before is marked, in its line too."""
    key = new_key("moved")
    for address in ("127.0.0.1", "127.0.0.2"):
        request = query("sts", "GetCallerIdentity").signed(server, key)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, source_address=(address, 0))
        connection.request(request.method, request.target, request.body, request.headers)
        assert connection.getresponse().status == 200
        connection.close()
    watched = person.json("watch", key.access_key_id, variables=variables)
    assert [(one["Address"], one["New"]) for one in watched["Events"]] == [
        ("127.0.0.1", []),
        ("127.0.0.2", ["address"]),
    ]
    each = person.keywright("watch", key.access_key_id, "--each", variables=variables).stdout
    assert "127.0.0.2" in each
    assert "new address" in each


def test_following(person: Person, new_key: Callable[[str], Key], variables: dict[str, str], make_client: Any) -> None:
    """--follow prints what is there, then what comes, one JSON object a line, and Ctrl-C is a good end."""
    key = new_key("followed")
    for _ in range(3):
        make_client("sts", key).get_caller_identity()
    process = subprocess.Popen(
        [str(KEYWRIGHT), "watch", key.access_key_id, "--follow", "--every", "1", "--json"],
        env=bare_environment(person.home, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # A guard against waiting for ever: the end of the process ends the reading.
    guard = threading.Timer(120, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        before = [json.loads(process.stdout.readline()) for _ in range(3)]
        make_client("sts", key).get_caller_identity()
        after = json.loads(process.stdout.readline())
        assert [one["Action"] for one in before][-1] == after["Action"] == "sts:GetCallerIdentity"
        assert after["EventId"] not in {one["EventId"] for one in before}
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        guard.cancel()
        process.kill()
        _, errors = process.communicate()
    assert "Traceback" not in errors


def test_wrong_use(person: Person, new_key: Callable[[str], Key], variables: dict[str, str]) -> None:
    """Spans that are none are wrong use; who may not read the trail is told so; a stranger's name has no calls."""
    key = new_key("blind")
    for since in ("x", "91d", "7"):
        assert person.keywright("watch", "watched", "--since", since, variables=variables).returncode == 2
    assert person.keywright("watch", "watched", "--max-events", "0", variables=variables).returncode == 2
    mine = variables | {"AWS_ACCESS_KEY_ID": key.access_key_id, "AWS_SECRET_ACCESS_KEY": key.secret_access_key}
    refused = person.keywright("watch", "watched", variables=mine)
    assert (refused.returncode, "cloudtrail:LookupEvents" in refused.stderr) == (3, True), refused
    assert person.json("watch", "nobody", variables=variables)["Events"] == []
    assert person.keywright("watch", "watched").returncode == 3
