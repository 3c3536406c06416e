"""Refusals of the operations on credentials other than access keys, and on reports (facts/aws-errors.md, section C)."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], str, str]
"""An operation, what it is asked with, the resource policies are asked about, and the one the refusal names."""

_IAM = "arn:aws:iam::{account}:"
_USER, _BOB, _TEXT = {"UserName": "bob"}, _IAM + "user/team/bob", "user bob"
_DEVICE = _IAM + "mfa/phone"
_CODES = {"SerialNumber": _DEVICE, "AuthenticationCode1": "000000", "AuthenticationCode2": "000001"}
_SERIAL = {"SerialNumber": _DEVICE}
_TAGS, _KEYS = {"Tags": [{"Key": "a", "Value": "b"}]}, {"TagKeys": ["a"]}
_CERTIFICATE, _CERTIFICATE_ARN = {"ServerCertificateName": "web"}, _IAM + "server-certificate/web"
_ID = "A" * 24
_JOB = {"JobId": "00000000-0000-4000-8000-000000000000"}
_REQUEST, _REQUEST_ARN = {"DelegationRequestId": "0123456789abcdef"}, _IAM + "delegation-request/0123456789abcdef"
_NEW_REQUEST = {
    "Description": "d",
    "Permissions": {"PolicyTemplateArn": "arn:aws:iam::123456789012:policy-template/x"},
    "RequestorWorkflowId": "workflow",
    "NotificationChannel": "arn:aws:sns:us-east-1:123456789012:t",
    "SessionDuration": 300,
}
_ENTITY = "o-a1b2c3d4e5/r-f6g7h8i9j0example"


def _on_bob(operation: str, **parameters: str) -> Case:
    return operation, _USER | parameters, _BOB, _TEXT


def _anywhere(operation: str, parameters: dict[str, Any] | None = None) -> Case:
    return operation, parameters or {}, "*", "*"


def _on_request(operation: str) -> Case:
    return operation, _REQUEST, _REQUEST_ARN, _REQUEST_ARN


CREDENTIAL_REFUSALS: list[Case] = [
    _on_bob("CreateLoginProfile", Password="weak"),
    _on_bob("GetLoginProfile"),
    _on_bob("UpdateLoginProfile", Password="weak"),
    _on_bob("DeleteLoginProfile"),
    (
        "ChangePassword",
        {"OldPassword": "a", "NewPassword": "b"},
        _IAM + "user/alice",
        "user alice",
    ),
    _anywhere("UpdateAccountPasswordPolicy"),
    _anywhere("GetAccountPasswordPolicy"),
    _anywhere("DeleteAccountPasswordPolicy"),
    ("CreateVirtualMFADevice", {"VirtualMFADeviceName": "phone"}, _DEVICE, _DEVICE),
    ("DeleteVirtualMFADevice", _SERIAL, _DEVICE, _DEVICE),
    ("ListVirtualMFADevices", {}, _IAM + "mfa/", _IAM + "mfa/"),
    ("TagMFADevice", _SERIAL | _TAGS, _DEVICE, _DEVICE),
    ("UntagMFADevice", _SERIAL | _KEYS, _DEVICE, _DEVICE),
    ("ListMFADeviceTags", _SERIAL, _DEVICE, _DEVICE),
    _on_bob("EnableMFADevice", **_CODES),
    _on_bob("ResyncMFADevice", **_CODES),
    _on_bob("DeactivateMFADevice", **_SERIAL),
    _on_bob("ListMFADevices"),
    _on_bob("GetMFADevice", **_SERIAL),
    (
        "UploadServerCertificate",
        _CERTIFICATE | {"CertificateBody": "x", "PrivateKey": "x"},
        _CERTIFICATE_ARN,
        _CERTIFICATE_ARN,
    ),
    ("GetServerCertificate", _CERTIFICATE, _CERTIFICATE_ARN, "server certificate web"),
    ("ListServerCertificates", {}, _IAM + "server-certificate/", _IAM + "server-certificate/"),
    ("UpdateServerCertificate", _CERTIFICATE, _CERTIFICATE_ARN, "server certificate web"),
    ("DeleteServerCertificate", _CERTIFICATE, _CERTIFICATE_ARN, "server certificate web"),
    ("TagServerCertificate", _CERTIFICATE | _TAGS, _CERTIFICATE_ARN, "server certificate web"),
    ("UntagServerCertificate", _CERTIFICATE | _KEYS, _CERTIFICATE_ARN, "server certificate web"),
    ("ListServerCertificateTags", _CERTIFICATE, _CERTIFICATE_ARN, "server certificate web"),
    _on_bob("UploadSigningCertificate", CertificateBody="x"),
    _on_bob("ListSigningCertificates"),
    _on_bob("UpdateSigningCertificate", CertificateId=_ID, Status="Active"),
    _on_bob("DeleteSigningCertificate", CertificateId=_ID),
    _on_bob("UploadSSHPublicKey", SSHPublicKeyBody="x"),
    _on_bob("GetSSHPublicKey", SSHPublicKeyId=_ID, Encoding="SSH"),
    _on_bob("ListSSHPublicKeys"),
    _on_bob("UpdateSSHPublicKey", SSHPublicKeyId=_ID, Status="Active"),
    _on_bob("DeleteSSHPublicKey", SSHPublicKeyId=_ID),
    _on_bob("CreateServiceSpecificCredential", ServiceName="codecommit.amazonaws.com"),
    _on_bob("ListServiceSpecificCredentials"),
    ("ListServiceSpecificCredentials", {"AllUsers": True}, _IAM + "user/", _IAM + "user/"),
    _on_bob("UpdateServiceSpecificCredential", ServiceSpecificCredentialId=_ID, Status="Active"),
    _on_bob("ResetServiceSpecificCredential", ServiceSpecificCredentialId=_ID),
    _on_bob("DeleteServiceSpecificCredential", ServiceSpecificCredentialId=_ID),
    _anywhere("GenerateCredentialReport"),
    _anywhere("GetCredentialReport"),
    ("GenerateServiceLastAccessedDetails", {"Arn": _BOB}, _BOB, _BOB),
    _anywhere("GetServiceLastAccessedDetails", _JOB),
    _anywhere("GetServiceLastAccessedDetailsWithEntities", _JOB | {"ServiceNamespace": "s3"}),
    _anywhere("EnableOrganizationsRootCredentialsManagement"),
    _anywhere("DisableOrganizationsRootCredentialsManagement"),
    _anywhere("EnableOrganizationsRootSessions"),
    _anywhere("DisableOrganizationsRootSessions"),
    _anywhere("ListOrganizationsFeatures"),
    (
        "GenerateOrganizationsAccessReport",
        {"EntityPath": _ENTITY},
        _IAM + "access-report/" + _ENTITY,
        _IAM + "access-report/" + _ENTITY,
    ),
    _anywhere("GetOrganizationsAccessReport", _JOB),
    ("CreateDelegationRequest", _NEW_REQUEST, _IAM + "delegation-request/*", _IAM + "delegation-request/*"),
    _anywhere("ListDelegationRequests"),
    _on_request("GetDelegationRequest"),
    _on_request("AcceptDelegationRequest"),
    _on_request("AssociateDelegationRequest"),
    _on_request("RejectDelegationRequest"),
    _on_request("SendDelegationToken"),
    _on_request("UpdateDelegationRequest"),
    ("GetHumanReadableSummary", {"EntityArn": _REQUEST_ARN}, _REQUEST_ARN, _REQUEST_ARN),
]
PAST_THE_DOOR = {
    "InvalidInput",
    "MalformedCertificate",
    "OrganizationNotFoundException",
    "PasswordPolicyViolation",
    "ReportNotPresent",
    "UnrecognizedPublicKeyEncoding",
}
"""How these end once they are allowed; only a permission brings one so far."""
