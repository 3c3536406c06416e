"""What an event was about, for LookupEvents by resource (facts §12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_TYPES: Final[Mapping[str, str]] = {
    "userName": "AWS::IAM::User",
    "newUserName": "AWS::IAM::User",
    "accessKeyId": "AWS::IAM::AccessKey",
    "groupName": "AWS::IAM::Group",
    "newGroupName": "AWS::IAM::Group",
    "roleName": "AWS::IAM::Role",
    "instanceProfileName": "AWS::IAM::InstanceProfile",
    "policyArn": "AWS::IAM::Policy",
    "policyName": "AWS::IAM::Policy",
    "serialNumber": "AWS::IAM::MfaDevice",
    "serverCertificateName": "AWS::IAM::ServerCertificate",
    "newServerCertificateName": "AWS::IAM::ServerCertificate",
    "certificateId": "AWS::IAM::SigningCertificate",
    "sSHPublicKeyId": "AWS::IAM::SSHPublicKey",
    "bucketName": "AWS::S3::Bucket",
}
"""CloudTrail's resource types, by the member that names one."""


def resources_of(*parts: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """List the type and name of each resource that a change's parameters and answer name."""
    return sorted({found for part in parts if part for found in _named_in(part)})


def _named_in(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        if isinstance(value, dict):
            yield from _named_in(value)
        elif name in _TYPES and isinstance(value, str):
            yield _TYPES[name], value
