"""Every service that Keywright reads, and values for every shape that their models have."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from keywright.aws.model import Member, OperationModel, ServiceModel, Shape, load_service
from keywright.aws.wire import WireRequest
from keywright.protocol import Routes
from keywright.protocol.patterns import compile_pattern

SERVICES = ("iam", "sts", "s3", "cloudtrail", "secretsmanager", "signin", "iam-toolbox", "accessanalyzer")

# One of these fits each pattern and length that the models ask for.
_CANDIDATES = (
    "alice",
    "a1:" * 16,
    "Alice+team=blue,1@example-2",
    "111122223333",
    "/",
    "/team/blue/",
    "arn:aws:iam::111122223333:role/alice",
    "arn:aws:iam::111122223333:policy/team/long",
    "arn:aws:kms:eu-west-1:111122223333:key/0123-abcd",
    "arn:aws:s3:::bucket",
    "arn:aws:s3express:eu-west-1:111122223333:accesspoint/ap",
    "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap",
    "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
    "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/main",
    "arn:aws:signin:::devtools/same-device",
    "v1",
    "123456",
    "o-abcdefghij",
    "o-abcdefghij/r-abcd",
    "r-abcd",
    "p-12345678",
    "https://example.org/callback?a=b",
    "s3://bucket/prefix",
    "cloudtrail.amazonaws.com",
    "12:30",
    "4h",
    "eu-west-1",
    "01234567-89ab-cdef-0123-456789abcdef",
    "Bearer",
    "client_credentials",
    "authorization_code",
    "access_token",
    "ASOA" + "x" * 60,
    "ASOR" + "x" * 60,
    "urn:ietf:params:oauth:token-type:access_token",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "vpc-01234567",
    "vpce-01234567",
    "A" * 64,
    "aws_sigv4",
    "abc012",
    "a" * 20,
    "a" * 32,
    "a" * 43,
    "a" * 64,
    "a" * 100,
    "a" * 1024,
)
_TEXTS = ("x", "plain", "a b", "q\"&<>'", "grün ☃ 𝒳", "tab\tnew\nline", "100% +1", "a=b&c=d", "trailing ")
_ASCII_TEXTS = ("x", "plain", "a b", "q&<>'", "100% +1")


class Sampler:
    """Makes values that fit a shape, the same ones for the same seed."""

    def __init__(self, seed: object, *, milliseconds: bool = False) -> None:
        self._random = random.Random(repr(seed))
        self._milliseconds = milliseconds

    def structure(self, shape: Shape, *, optional: float = 0.8, depth: int = 0) -> dict[str, Any]:
        """Make a structure with its required members, and others with this probability."""
        if shape.union:
            members = [self._random.choice(list(shape.members.items()))]
        else:
            members = [
                (name, member)
                for name, member in shape.members.items()
                if member.required or (depth < 6 and self._random.random() < optional)
            ]
        # Query and XML have no way to say that a structure is there and empty.
        members = members or list(shape.members.items())[:1]
        return {name: self.member(member, depth=depth + 1) for name, member in members}

    def member(self, member: Member, *, depth: int = 0) -> Any:  # noqa: PLR0912 - one case for each type
        """Make a value for one place."""
        shape = member.shape
        if shape.document:
            return {"any": [1, "two", None]}
        match shape.type:
            case "structure":
                return self.structure(shape, optional=0.6, depth=depth)
            case "list":
                assert shape.element is not None
                size = min(max(int(shape.min or 0), self._random.randint(1, 2)), int(shape.max or 2))
                return [self.member(shape.element, depth=depth + 1) for _ in range(size)]
            case "map":
                assert shape.key is not None
                assert shape.value is not None
                if member.location == "headers":
                    return {"colour": "blue", "owner": "a b"}
                keys = {self.member(shape.key) for _ in range(int(min(shape.max or 2, 2)))}
                return {key: self.member(shape.value, depth=depth + 1) for key in sorted(keys)}
            case "string":
                if member.host_label:
                    return "route-1"
                if (member.location_name or "").endswith("Expires"):
                    return "Wed, 21 Oct 2026 07:28:00 GMT"  # Botocore wants a date in this one string.
                return self._string(shape, plain=member.location == "header")
            case "integer" | "long":
                return self._random.randint(int(shape.min or 0), int(shape.max or 2**31 - 1))
            case "boolean":
                return self._random.random() < 0.5
            case "float" | "double":
                return self._random.randint(0, 1000) / 8
            case "blob":
                return self._random.randbytes(max(int(shape.min or 0), 5))
            case "timestamp":
                micro = self._random.randrange(1000) * 1000 if self._milliseconds and not member.location else 0
                if (member.timestamp_format or shape.timestamp_format) == "rfc822":
                    micro = 0
                return datetime(2026, 3, self._random.randint(1, 28), 23, 59, 7, micro, tzinfo=UTC)
        raise AssertionError(shape.type)

    def _string(self, shape: Shape, *, plain: bool) -> str:
        if shape.enum:
            return self._random.choice(shape.enum)
        low, high = int(shape.min or 0), int(shape.max or 10**9)
        if shape.pattern is not None:
            fits = compile_pattern(shape.pattern)
            fitting = [text for text in _CANDIDATES if low <= len(text) <= high and fits(text)]
            assert fitting, f"no candidate for {shape.name} {shape.pattern}"
            return self._random.choice(fitting)
        text = self._random.choice(_ASCII_TEXTS if plain else _TEXTS)
        return (text * (low // len(text) + 1))[:high].strip() if plain else (text * (low // len(text) + 1))[:high]


def request_of(
    method: str = "POST",
    path: str = "/",
    query: str = "",
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> WireRequest:
    """Make a request as the server would hand it over."""
    encoded = {name.lower().encode(): value.encode("latin-1") for name, value in (headers or {}).items()}
    encoded.setdefault(b"host", b"127.0.0.1:4580")
    return WireRequest(method, path.encode(), query.encode(), encoded, body, secure=False, client_address="127.0.0.1")


def scope(service: str) -> dict[str, str]:
    """Make the header of a signature for a service."""
    credential = f"AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/{service}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00"}


@pytest.fixture(scope="session")
def models() -> dict[str, ServiceModel]:
    """Load all models once."""
    return {name: load_service(name) for name in SERVICES}


@pytest.fixture(scope="session")
def routes(models: dict[str, ServiceModel]) -> Routes:
    """Compile all services once."""
    return Routes(list(models.values()))


@pytest.fixture(scope="session")
def sampler() -> Callable[..., Sampler]:
    """Give the maker of samplers."""
    return Sampler


@pytest.fixture(scope="session")
def ask() -> Callable[..., WireRequest]:
    """Give the maker of requests."""
    return request_of


@pytest.fixture(scope="session")
def signed() -> Callable[[str], dict[str, str]]:
    """Give the maker of signature headers."""
    return scope


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `operation` once for each operation, but for those that its module leaves out."""
    if "operation" in metafunc.fixturenames:
        left_out = metafunc.module.LEFT_OUT[metafunc.function.__name__]
        operations: list[OperationModel] = [
            operation
            for name in SERVICES
            for operation in load_service(name).operations.values()
            if operation.name not in left_out
        ]
        metafunc.parametrize("operation", operations, ids=[f"{o.service_name}-{o.name}" for o in operations])
