"""
Measure the CPU microseconds of verifying one signed request, the signing key at hand.

Run: .venv/bin/python tests/bench/sigv4_verify.py
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import read_claim
from keywright.sigv4.refusals import Style
from keywright.sigv4.signature import signing_key
from keywright.sigv4.verify import check_freshness, check_scope, verify_signature

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ROUNDS = 20_000
REGIONS = frozenset(("us-east-1",))


def signed(
    signer: type[auth.SigV4Auth], method: str, url: str, service: str, body: bytes, **options: int
) -> WireRequest:
    """Sign as boto3 does, with the headers that come along unsigned."""
    content_type = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"} if body else {}
    request = AWSRequest(method, url, data=body, headers={"Host": "127.0.0.1:4580", **content_type})
    signer(Credentials("AKIAIOSFODNN7EXAMPLE", SECRET), service, "us-east-1", **options).add_auth(request)
    path, _, query = request.url.removeprefix("http://127.0.0.1:4580").partition("?")
    headers = {name.lower().encode(): value.encode() for name, value in request.headers.items()}
    headers |= {b"user-agent": b"Boto3/1.44.5 " + b"x" * 120, b"accept-encoding": b"identity", b"connection": b"close"}
    return WireRequest(method, path.encode(), query.encode(), headers, body, secure=False, client_address="127.0.0.1")


def check(wire: WireRequest, service: str, style: Style) -> Callable[[], None]:
    """Make the whole check of one request."""
    now = datetime.now(UTC)
    key = signing_key(SECRET, now.strftime("%Y%m%d"), "us-east-1", service)

    def run() -> None:
        claim = read_claim(wire)
        check_freshness(claim, now, style)
        check_scope(claim, service, REGIONS)
        verify_signature(wire, claim, key, style)

    return run


def main() -> None:
    """Print the best of seven runs of each kind."""
    root = "http://127.0.0.1:4580/"
    form = b"Action=GetCallerIdentity&Version=2011-06-15"
    listing = root + "bucket?list-type=2&prefix=a%2Fb&encoding-type=url"
    kinds = {
        "POST, form (GetCallerIdentity)": check(signed(auth.SigV4Auth, "POST", root, "sts", form), "sts", "query"),
        "GET, S3 root (ListBuckets)": check(signed(auth.S3SigV4Auth, "GET", root, "s3", b""), "s3", "s3"),
        "GET, S3 with a query": check(signed(auth.S3SigV4Auth, "GET", listing, "s3", b""), "s3", "s3"),
        "GET, S3 presigned": check(
            signed(auth.S3SigV4QueryAuth, "GET", root + "bucket/key", "s3", b"", expires=60), "s3", "s3"
        ),
    }
    for name, run in kinds.items():
        seconds = min(timeit.repeat(run, timer=process_time, number=ROUNDS, repeat=7))
        print(f"{name:32} {seconds / ROUNDS * 1e6:6.2f} µs")


if __name__ == "__main__":
    main()
