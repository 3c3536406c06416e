"""`keywright recover`: an administrator for an account whose own are lost, while nothing serves it."""

from __future__ import annotations

import configparser
import json
from pathlib import Path

from tests.e2e.live_server import LiveServer, make_account, run_keywright
from tests.e2e.signing import Key, lookup_events, query
from tests.e2e.writers import Client, load, texts


def test_who_lost_all_has_an_administrator_again(tmp_path: Path) -> None:
    """The new user's key may do everything in this account alone, is in the profile, and the trail has it."""
    data = tmp_path / "data"
    account = make_account(data, home=tmp_path)
    other = make_account(data, home=tmp_path, command=("account", "create"))
    flags = ("--account", account.account_id, "--data", str(data), "--json")
    admin = Key(account.access_key_id, account.secret_access_key)
    with LiveServer(tmp_path, name="before") as server, load(server.port, admin, "lost"):
        served = run_keywright("recover", *flags, home=tmp_path)
        assert served.returncode == 1
        assert "is in use: stop its server first" in served.stderr
    with LiveServer(tmp_path, name="locked-out") as server, Client(server.port) as client:
        inactive = {"UserName": "admin", "AccessKeyId": account.access_key_id, "Status": "Inactive"}
        client.ask_for(admin, query("iam", "UpdateAccessKey", **inactive))

    done = run_keywright("recover", *flags, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    assert (made["AccountId"], made["UserName"]) == (account.account_id, "recovery")
    stored = run_keywright("recover", *flags, "--profile", "rescue", home=tmp_path)
    second = json.loads(stored.stdout)
    assert (second["UserName"], second["SecretAccessKey"]) == ("recovery-2", None)
    profiles = configparser.ConfigParser()
    profiles.read(tmp_path / ".aws" / "credentials")
    assert profiles["rescue"]["aws_access_key_id"] == second["AccessKeyId"]

    assert run_keywright("check", "--data", str(data), home=tmp_path).returncode == 0
    keys = [
        Key(made["AccessKeyId"], made["SecretAccessKey"]),
        Key(second["AccessKeyId"], profiles["rescue"]["aws_secret_access_key"]),
    ]
    with LiveServer(tmp_path, name="after") as server, Client(server.port) as client:
        for key, name in zip(keys, ("recovery", "recovery-2"), strict=True):
            (arn,) = texts(client.ask_for(key, query("sts", "GetCallerIdentity")), "Arn")
            assert arn == f"arn:aws:iam::{account.account_id}:user/{name}"
        active = {"UserName": "admin", "AccessKeyId": account.access_key_id, "Status": "Active"}
        client.ask_for(keys[0], query("iam", "UpdateAccessKey", **active))
        looked_up = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "RecoverAdministrator"}]}
        events = json.loads(client.ask_for(keys[0], lookup_events(**looked_up)).body)["Events"]
        records = [json.loads(one["CloudTrailEvent"]) for one in events]
        assert {one["serviceEventDetails"]["accessKeyId"] for one in records} == {key.access_key_id for key in keys}
        assert {(one["eventType"], one["recipientAccountId"]) for one in records} == {
            ("AwsServiceEvent", account.account_id)
        }
        others = Key(other.access_key_id, other.secret_access_key)
        assert json.loads(client.ask_for(others, lookup_events(**looked_up)).body)["Events"] == []


def test_an_account_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    """Nothing is made in an account that does not exist, and nothing where there is no store."""
    data = tmp_path / "data"
    account = make_account(data, home=tmp_path)
    before = (data / "keywright.db").read_bytes()
    unknown = run_keywright("recover", "--account", "111111111111", "--data", str(data), home=tmp_path)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert account.account_id in unknown.stderr
    assert len((data / "keywright.db").read_bytes()) == len(before)
    nowhere = run_keywright("recover", "--account", "111111111111", "--data", str(tmp_path / "no"), home=tmp_path)
    assert nowhere.returncode == 2
