"""
Measure what the wire costs: microseconds a request, milliseconds and megabytes at start.

Run: python tests/bench/protocol_roundtrip.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keywright.aws.model import load_service
from keywright.aws.wire import WireRequest, WireResponse
from keywright.protocol import Routes

SERVICES = ("iam", "sts", "s3", "cloudtrail")
REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"
USER = {
    "Path": "/team/",
    "UserName": "alice",
    "UserId": "AIDAIOSFODNN7EXAMPLEX",
    "Arn": "arn:aws:iam::111122223333:user/team/alice",
    "CreateDate": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "Tags": [{"Key": "team", "Value": "red blue"}, {"Key": "cost", "Value": "42"}],
}
IDENTITY = {"UserId": "AIDAIOSFODNN7EXAMPLE", "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/alice"}
CREATE_USER = (
    b"Action=CreateUser&Version=2010-05-08&UserName=alice&Path=%2Fteam%2F&Tags.member.1.Key=team"
    b"&Tags.member.1.Value=red+blue&Tags.member.2.Key=cost&Tags.member.2.Value=42"
)


def main() -> None:
    """Print the numbers."""
    memory, started = resident_megabytes(), time.perf_counter()
    routes = Routes([load_service(name) for name in SERVICES])
    elapsed = (time.perf_counter() - started) * 1000
    print(f"load and compile {len(SERVICES)} services: {elapsed:.0f} ms, {resident_megabytes() - memory:.1f} MB")
    cases: list[tuple[str, WireRequest, dict[str, Any]]] = [
        ("GetCallerIdentity", query(b"sts", b"Action=GetCallerIdentity&Version=2011-06-15"), IDENTITY),
        ("CreateUser, two tags", query(b"iam", CREATE_USER), {"User": USER}),
        ("LookupEvents", lookup_events(), {"Events": []}),
        ("ListBuckets", signed(b"s3", method="GET"), {"Buckets": [{"Name": "b", "CreationDate": USER["CreateDate"]}]}),
    ]
    for name, request, result in cases:
        print(f"{name}: {best(round_trip(routes, request, result)):.1f} µs")


def round_trip(routes: Routes, request: WireRequest, result: dict[str, Any]) -> Callable[[], WireResponse]:
    """Make one request's way through routing, parsing and serialising."""

    def run() -> WireResponse:
        route = routes.route(request)
        assert route is not None
        route.parse()
        return route.serialise(result, REQUEST_ID)

    return run


def best(run: Callable[[], object], *, rounds: int = 9, repeats: int = 3000) -> float:
    """Give the microseconds of one run in the fastest round, which the machine's other work disturbed least."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(repeats):
            run()
        times.append((time.perf_counter() - started) / repeats)
    return min(times) * 1e6


def signed(service: bytes, *, method: str = "POST", body: bytes = b"", **headers: bytes) -> WireRequest:
    """Make a request with the headers that the SDKs send."""
    credential = b"AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/" + service + b"/aws4_request"
    return WireRequest(
        method,
        b"/",
        b"",
        {
            b"host": b"127.0.0.1:4580",
            b"user-agent": b"aws-cli/2",
            b"x-amz-date": b"20260101T000000Z",
            b"authorization": b"AWS4-HMAC-SHA256 Credential=%b, SignedHeaders=host;x-amz-date, Signature=00"
            % credential,
            **{name.replace("_", "-").encode(): value for name, value in headers.items()},
        },
        body,
        secure=False,
        client_address="127.0.0.1",
    )


def query(service: bytes, body: bytes) -> WireRequest:
    """Make a signed form."""
    return signed(service, body=body, content_type=b"application/x-www-form-urlencoded; charset=utf-8")


def lookup_events() -> WireRequest:
    """Make a signed JSON request."""
    target = b"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
    body = (
        b'{"LookupAttributes":[{"AttributeKey":"AccessKeyId","AttributeValue":"AKIAIOSFODNN7EXAMPLE"}],"MaxResults":50}'
    )
    return signed(b"cloudtrail", body=body, x_amz_target=target)


def resident_megabytes() -> float:
    """Give the memory that this process has in RAM now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main()
