"""Reading AWS's models from botocore's package data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from keywright.aws import model
from keywright.aws.model import ErrorModel, load_service


def test_a_query_service_says_what_the_codecs_need() -> None:
    """IAM's model carries its version, protocol, names and namespace."""
    iam = load_service("iam")
    assert (iam.name, iam.api_version, iam.protocol) == ("iam", "2010-05-08", "query")
    assert (iam.signing_name, iam.endpoint_prefix) == ("iam", "iam")
    assert iam.xml_namespace == "https://iam.amazonaws.com/doc/2010-05-08/"
    assert (iam.target_prefix, iam.json_version) == (None, None)
    assert len(iam.operations) >= 180


def test_a_json_service_says_its_target_and_version() -> None:
    """CloudTrail's model carries the prefix of X-Amz-Target and the JSON version."""
    cloudtrail = load_service("cloudtrail")
    assert cloudtrail.target_prefix == "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
    assert cloudtrail.json_version == "1.1"


def test_a_signing_name_may_differ_from_the_service() -> None:
    """IAM Toolbox signs as iam, Access Analyzer as access-analyzer."""
    assert load_service("iam-toolbox").signing_name == "iam"
    assert load_service("accessanalyzer").signing_name == "access-analyzer"


def test_an_operation_knows_its_shapes_and_errors() -> None:
    """CreateUser has its input, output, wrapper, and errors by the code that is on the wire."""
    operation = load_service("iam").operations["CreateUser"]
    assert operation.input is not None
    assert list(operation.input.members) == ["Path", "UserName", "PermissionsBoundary", "Tags"]
    assert operation.input.required == ("UserName",)
    assert operation.input.members["UserName"].required
    assert operation.input.members["UserName"].shape.max == 64
    assert operation.input.members["UserName"].shape.pattern == r"[\w+=,.@-]+"
    assert operation.result_wrapper == "CreateUserResult"
    assert operation.errors["NoSuchEntity"] == ErrorModel(
        "NoSuchEntity", "NoSuchEntityException", 404, sender_fault=True
    )
    assert (operation.http_method, operation.http_uri, operation.success_status) == ("POST", "/", 200)


def test_lookups_allow_longer_user_names_than_creation() -> None:
    """The model's own two shapes for user names are kept apart: 64 to create, 128 to look up."""
    members = load_service("iam").operations["GetUser"].input
    assert members is not None
    assert members.members["UserName"].shape.max == 128


def test_errors_of_the_server_are_500_and_not_the_senders_fault() -> None:
    """A fault without a status is 500; a code without a trait is its exception's name and 400."""
    assert load_service("iam").errors["ServiceFailure"].sender_fault is False
    assert load_service("iam").errors["ServiceFailure"].status == 500
    assert load_service("secretsmanager").errors["InternalServiceError"].status == 500
    assert load_service("cloudtrail").errors["TrailNotFoundException"].status == 400


def test_traits_of_places_and_shapes_are_kept() -> None:
    """Locations, flattening, attributes, payloads, sensitivity and unsigned operations survive."""
    s3, sts, iam = load_service("s3"), load_service("sts"), load_service("iam")
    put = s3.operations["PutObject"].input
    assert put is not None
    assert put.payload == "Body"
    assert put.members["Key"].location == "uri"
    assert put.members["Metadata"].location == "headers"
    assert s3.shapes["Grantee"].members["Type"].xml_attribute
    assert s3.shapes["Grantee"].xml_prefix == "xsi"
    assert s3.shapes["GetBucketCorsOutput"].members["CORSRules"].location_name == "CORSRule"
    assert iam.shapes["passwordType"].sensitive
    assert sts.operations["AssumeRoleWithSAML"].unsigned
    assert not sts.operations["AssumeRole"].unsigned
    assert s3.operations["DeleteBucket"].success_status == 204


def test_an_unknown_service_is_refused() -> None:
    """A name that botocore does not have is a LookupError that repeats it."""
    with pytest.raises(LookupError, match="no-such-service"):
        load_service("no-such-service")


def test_the_newest_version_is_read_packed_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several versions the newest is taken, and an unpacked model serves as well as a packed one."""
    for version in ("2020-01-01", "2021-01-01"):
        folder = tmp_path / "data" / "demo" / version
        folder.mkdir(parents=True)
        metadata = {"apiVersion": version, "protocol": "query", "endpointPrefix": "demo"}
        text = orjson.dumps({"metadata": metadata, "operations": {}, "shapes": {}})
        (folder / "service-2.json").write_bytes(text)
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    assert load_service("demo").api_version == "2021-01-01"


def test_botocores_own_model_code_is_never_imported() -> None:
    """Compiling all services leaves botocore's modules, 16 MB of them, out of the process."""
    program = (
        "import sys; from keywright.aws.model import load_service; from keywright.protocol import Routes;"
        "Routes([load_service(name) for name in ('iam', 'sts', 's3', 'cloudtrail')]);"
        "print(sorted(name for name in sys.modules if name.startswith('botocore.')))"
    )
    source = Path(model.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(source)},
    )
    assert done.stdout.strip() == "[]"
