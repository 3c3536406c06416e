"""Identity providers that hang: they are one account's matter, and do not hold the server when it stops."""

from __future__ import annotations

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec

from keywright.identity.jwt import sign_jwt
from tests.e2e.conftest import CopyStore
from tests.e2e.live_server import LiveServer

_SLOW = 6


@pytest.mark.usefixtures("true_starts")
def test_slow_providers(tmp_path: Path, copy_store: CopyStore) -> None:
    """Of six hanging fetches two run and four are refused at once; SIGTERM ends with the fetches' deadline."""
    account = copy_store(tmp_path / "data")
    key = ec.generate_private_key(ec.SECP256R1())
    with (
        socket.create_server(("127.0.0.1", 0), backlog=50) as silent,
        LiveServer(tmp_path, "--federation-networks", "127.0.0.0/8,::1") as server,
        ThreadPoolExecutor(_SLOW) as threads,
    ):
        iam = boto3.client(
            "iam",
            endpoint_url=server.url,
            region_name="us-east-1",
            aws_access_key_id=account.access_key_id,
            aws_secret_access_key=account.secret_access_key,
        )
        urls = [f"localhost:{silent.getsockname()[1]}/{number}" for number in range(_SLOW)]
        arns = [iam.create_open_id_connect_provider(Url=f"https://{url}")["OpenIDConnectProviderArn"] for url in urls]
        role = f"arn:aws:iam::{arns[0].split(':')[4]}:role/r"
        config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, read_timeout=30)
        sts = boto3.client("sts", endpoint_url=server.url, region_name="us-east-1", config=config)

        def bring(url: str) -> tuple[str, float]:
            claims: dict[str, Any] = {"iss": f"https://{url}", "aud": "app", "sub": "u", "iat": 0, "exp": 2**33}
            token = sign_jwt(claims, key, "ES256", "k1")
            began = time.monotonic()
            with pytest.raises(ClientError) as caught:
                sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="app1", WebIdentityToken=token)
            return caught.value.response["Error"]["Code"], time.monotonic() - began

        waiting = [threads.submit(bring, url) for url in urls]
        time.sleep(3)
        assert sum(one.done() for one in waiting) == _SLOW - 2, [one.result() for one in waiting if one.done()]
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(25) == 0
        assert time.monotonic() - began < 15
        assert {one.result()[0] for one in waiting} == {"IDPCommunicationError"}
