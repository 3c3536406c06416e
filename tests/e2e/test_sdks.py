"""The guide's flow by the SDKs: boto3, and the AWS SDK for JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.e2e.conftest import MakeClient
from tests.e2e.denials import without_pointer
from tests.e2e.live_server import Account, LiveServer, bare_environment
from tests.e2e.signing import Key

NODE_SDK: Final = Path(__file__).parents[2] / "build" / "node-sdk"
SCRIPT: Final = Path(__file__).with_name("node") / "corridor.mjs"
READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


def _refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int, str]:
    response: Any = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def _may_not_create(arn: str, account: Account) -> str:
    return (
        f"User: {arn} is not authorized to perform: iam:CreateUser on resource: "
        f"arn:aws:iam::{account.account_id}:user/other because no identity-based policy allows the iam:CreateUser "
        "action"
    )


def test_boto3(iam: Any, make_client: MakeClient, account: Account) -> None:
    """A user, a policy and a key made by boto3 work by boto3, and stop when the key is deleted."""
    arn = f"arn:aws:iam::{account.account_id}:user/sdk/boto-user"
    assert iam.create_user(UserName="boto-user", Path="/sdk/")["User"]["Arn"] == arn
    iam.attach_user_policy(UserName="boto-user", PolicyArn=READ_ONLY)
    made = iam.create_access_key(UserName="boto-user")["AccessKey"]
    key = Key(made["AccessKeyId"], made["SecretAccessKey"])
    own, sts, s3 = (make_client(service, key) for service in ("iam", "sts", "s3"))
    assert sts.get_caller_identity()["Arn"] == arn
    assert own.get_user()["User"]["Arn"] == arn
    assert "Buckets" in s3.list_buckets()
    with pytest.raises(ClientError) as denied:
        own.create_user(UserName="other")
    code, status, message = _refusal(denied)
    assert (code, status, without_pointer(message)) == ("AccessDenied", 403, _may_not_create(arn, account))
    session = sts.get_session_token(DurationSeconds=900)["Credentials"]
    temporary = Key(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    assert make_client("sts", temporary).get_caller_identity()["Arn"] == arn
    iam.delete_access_key(UserName="boto-user", AccessKeyId=key.access_key_id)
    with pytest.raises(ClientError) as deleted:
        sts.get_caller_identity()
    assert _refusal(deleted) == (
        "InvalidClientTokenId",
        403,
        "The security token included in the request is invalid.",
    )


def test_boto3_waiters_and_paginators(iam: Any) -> None:
    """What boto3 builds on the API, waiters and paginators, works on this one."""
    for number in range(5):
        iam.create_user(UserName=f"paged-{number}", Path="/paged/")
    iam.get_waiter("user_exists").wait(UserName="paged-4", WaiterConfig={"Delay": 1, "MaxAttempts": 2})
    pages = list(iam.get_paginator("list_users").paginate(PathPrefix="/paged/", PaginationConfig={"PageSize": 2}))
    names = [user["UserName"] for page in pages for user in page["Users"]]
    assert names == [f"paged-{number}" for number in range(5)]
    assert [page["IsTruncated"] for page in pages] == [True, True, False]


def test_javascript(server: LiveServer, account: Account, admin: Key, folder: Path) -> None:
    """The same flow works by @aws-sdk/client-iam, client-sts and client-s3, errors and their names included."""
    node = shutil.which("node")
    if node is None or not (NODE_SDK / "node_modules" / "@aws-sdk" / "client-iam").exists():
        pytest.skip("node or the AWS SDK for JavaScript is not there: make build/node-sdk/.installed")
    environment = bare_environment(
        folder,
        NODE_SDK=str(NODE_SDK),
        AWS_ENDPOINT_URL=server.url,
        AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID=admin.access_key_id,
        AWS_SECRET_ACCESS_KEY=admin.secret_access_key,
    )
    done = subprocess.run([node, str(SCRIPT)], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    arn = f"arn:aws:iam::{account.account_id}:user/sdk/node-user"
    assert found["created"]["Arn"] == found["identity"]["Arn"] == found["user"]["Arn"] == arn
    assert found["created"]["UserId"] == found["identity"]["UserId"] == found["user"]["UserId"]
    assert found["sessionIdentity"]["Arn"] == arn
    assert found["buckets"] == ["node-bucket"]
    assert (found["denied"]["name"], found["denied"]["status"]) == ("AccessDenied", 403)
    assert without_pointer(found["denied"]["message"]) == _may_not_create(arn, account)
    assert found["missing"] == {
        "name": "NoSuchEntityException",
        "status": 404,
        "message": "The user with name nobody cannot be found.",
    }
    assert found["slip"] == {"name": "SignatureDoesNotMatch", "status": 403, "message": MISMATCH}
    assert found["deleted"] == {
        "name": "InvalidClientTokenId",
        "status": 403,
        "message": "The security token included in the request is invalid.",
    }
