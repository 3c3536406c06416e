"""What an event may show of parameters and answers: nothing secret, for any operation of any service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.loaders import Loader

from keywright.aws.model import OperationModel, load_service
from keywright.protocol.keywords import keyword
from keywright.services.catalogue import all_services
from keywright.trail.redaction import compile_elements, compile_parameters, trail_moment, trail_name

SECRET, PLAIN = "s3cr3t-sentinel", "plain-sentinel"
BLOB_SECRET, BLOB_PLAIN = SECRET.encode(), PLAIN.encode()
MOMENT = datetime(2026, 11, 24, 15, 4, 5, tzinfo=UTC)
SERVICES = [service.model.name for service in all_services()]
# Beside what the model marks: STS's credentials and one-time codes are marked nowhere in it.
SECRET_NAMES = {"SecretAccessKey", "SessionToken", "TokenCode", "AuthenticationCode1", "AuthenticationCode2"}
_DEPTH = 12


class RawModel:
    """A service's model as botocore ships it: an oracle that our own reading of it has no part in."""

    def __init__(self, service: str) -> None:
        self.model: Mapping[str, Any] = Loader().load_service_model(service, "service-2")

    def fill(self, shape_name: str, *, secret: bool = False, depth: int = 0) -> Any:
        """Make a value with a sentinel in each place; None where a shape goes on for ever."""
        shape = self.model["shapes"][shape_name]
        secret = secret or bool(shape.get("sensitive"))
        if depth > _DEPTH:
            return None
        # botocore hands over S3's Expires as a text, whatever its model says.
        match "string" if shape_name == "Expires" else shape["type"]:
            case "structure":
                members = {
                    name: self.fill(member["shape"], secret=secret or name in SECRET_NAMES, depth=depth + 1)
                    for name, member in shape["members"].items()
                }
                return {name: value for name, value in members.items() if value is not None}
            case "list":
                return _if_any(self.fill(shape["member"]["shape"], secret=secret, depth=depth + 1), lambda one: [one])
            case "map":
                value = self.fill(shape["value"]["shape"], secret=secret, depth=depth + 1)
                return _if_any(value, lambda one: {"key": one})
            case "blob":
                return BLOB_SECRET if secret else BLOB_PLAIN
            case "timestamp":
                return MOMENT
            case "boolean":
                return True
            case "integer" | "long" | "float" | "double":
                return 987654321 if secret else 7
            case _:
                return SECRET if secret else PLAIN


def _if_any(value: Any, wrap: Any) -> Any:
    return None if value is None else wrap(value)


def operations() -> Iterator[tuple[str, str]]:
    """List every operation of the services."""
    for name in SERVICES:
        yield from ((name, operation) for operation in load_service(name).operations)


def leaves(value: Any) -> Iterator[Any]:
    """List every text, number and so on in a value."""
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def show(operation: OperationModel, values: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Show values as parameters or as elements."""
    if kind == "input":
        return compile_parameters(operation)({keyword(name): value for name, value in values.items()})
    return compile_elements(operation)(values)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", ["input", "output"])
def test_no_sensitive_member_ever_shows(service: str, kind: str) -> None:
    """Whatever operation is called with whatever members, nothing that is secret is in what its event shows."""
    raw = RawModel(service)
    secrets = 0
    for name, operation in load_service(service).operations.items():
        described = raw.model["operations"][name]
        if kind not in described:
            continue
        values = raw.fill(described[kind]["shape"])
        secrets += any(one in (SECRET, BLOB_SECRET, 987654321) for one in leaves(values))
        shown = list(leaves(show(operation, values, kind)))
        assert not any(SECRET in str(one) or one == 987654321 for one in shown), name
        assert not any(isinstance(one, bytes | datetime) for one in shown), name
    if service in {"iam", "sts", "s3"}:
        assert secrets > 0


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_not_secret_shows(service: str) -> None:
    """Every member of a request's first level that is not secret is there, by CloudTrail's name."""
    raw = RawModel(service)
    for name, operation in load_service(service).operations.items():
        described = raw.model["operations"][name]
        if "input" not in described:
            continue
        values = raw.fill(described["input"]["shape"])
        shown = show(operation, values, "input")
        plain = {trail_name(one) for one, value in values.items() if value in (PLAIN, 7, True)}
        assert plain <= shown.keys(), name


@pytest.mark.parametrize(
    ("service", "operation", "kind", "hidden"),
    [
        ("iam", "CreateAccessKey", "output", "secretAccessKey"),
        ("iam", "CreateLoginProfile", "input", "password"),
        ("iam", "UpdateLoginProfile", "input", "password"),
        ("iam", "ChangePassword", "input", "oldPassword"),
        ("iam", "ChangePassword", "input", "newPassword"),
        ("iam", "CreateVirtualMFADevice", "output", "base32StringSeed"),
        ("iam", "CreateVirtualMFADevice", "output", "qRCodePNG"),
        ("iam", "UploadServerCertificate", "input", "privateKey"),
        ("iam", "CreateServiceSpecificCredential", "output", "servicePassword"),
        ("sts", "GetSessionToken", "output", "sessionToken"),
        ("sts", "GetSessionToken", "output", "secretAccessKey"),
        ("sts", "AssumeRole", "output", "sessionToken"),
        ("sts", "AssumeRoleWithWebIdentity", "input", "webIdentityToken"),
        ("sts", "AssumeRoleWithSAML", "input", "sAMLAssertion"),
        ("s3", "PutObject", "input", "sSECustomerKey"),
    ],
)
def test_known_secrets_are_left_out(service: str, operation: str, kind: str, hidden: str) -> None:
    """The members that everybody knows to be secret are absent by name."""
    raw, model = RawModel(service), load_service(service).operations[operation]
    shown = show(model, raw.fill(raw.model["operations"][operation][kind]["shape"]), kind)
    assert hidden not in set(_names(shown))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _names(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)


def test_one_time_codes_are_left_out() -> None:
    """A one-time code opens a door for half a minute: it is no more for the trail than a password."""
    for service, operation, names in (
        ("iam", "EnableMFADevice", {"AuthenticationCode1", "AuthenticationCode2"}),
        ("sts", "GetSessionToken", {"TokenCode"}),
    ):
        values = dict.fromkeys(names, "314159") | {"SerialNumber": "arn"}
        shown = show(load_service(service).operations[operation], values, "input")
        assert "314159" not in shown.values()


@pytest.mark.parametrize(
    ("member", "name"),
    [("UserName", "userName"), ("MFAToken", "mFAToken"), ("Bucket", "bucketName"), ("key", "key"), ("ID", "iD")],
)
def test_members_are_named_as_cloudtrail_does(member: str, name: str) -> None:
    """A member's first letter is small; a bucket is bucketName."""
    assert trail_name(member) == name


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2024, 1, 15, 3, 30, 0, tzinfo=UTC), "Jan 15, 2024, 3:30:00 AM"),
        (datetime(2024, 1, 5, 0, 0, 9, tzinfo=UTC), "Jan 5, 2024, 12:00:09 AM"),
        (datetime(2024, 12, 31, 12, 0, 0, tzinfo=UTC), "Dec 31, 2024, 12:00:00 PM"),
        (datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC), "Dec 31, 2024, 11:59:59 PM"),
    ],
)
def test_moments_are_written_as_cloudtrail_does(moment: datetime, text: str) -> None:
    """Dates in responseElements are CloudTrail's own (facts §12)."""
    assert trail_moment(moment) == text


def test_nothing_is_shown_of_nothing() -> None:
    """An operation without input or output shows nothing."""
    iam = load_service("iam")
    assert compile_parameters(iam.operations["GetAccountSummary"])({"user_name": "x"}) == {}
    assert compile_elements(iam.operations["DeleteUser"])({"UserName": "x"}) == {}
