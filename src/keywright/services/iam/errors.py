"""IAM's errors, by their codes; the model has their statuses."""

from __future__ import annotations

from keywright.aws.errors import AwsError


class NoSuchEntity(AwsError):
    """What is named does not exist."""

    status = 404


class EntityAlreadyExists(AwsError):
    """The name is taken."""

    status = 409


class DeleteConflict(AwsError):
    """Something still hangs on what is to be deleted."""

    status = 409


class LimitExceeded(AwsError):
    """A quota is reached."""

    status = 409


class InvalidInput(AwsError):
    """A value that the model permits and IAM does not."""


class ValidationError(AwsError):
    """A value outside of what its operation takes."""


class MalformedPolicyDocument(AwsError):
    """A text that is not a policy, or not one of this kind."""


class UnmodifiableEntity(AwsError):
    """A service-linked role, which only its service changes."""


class PolicyNotAttachable(AwsError):
    """A policy that AWS keeps for service-linked roles."""


class InvalidAuthenticationCode(AwsError):
    """Codes that the MFA device does not show. The attempt is counted although it is refused."""

    status = 403
    keeps_changes = True


class PasswordPolicyViolation(AwsError):
    """A password that the account does not accept."""


class InvalidUserType(AwsError):
    """Somebody who has no password to change."""


class EntityTemporarilyUnmodifiable(AwsError):
    """Something is being changed by somebody else."""

    status = 409


class MalformedCertificate(AwsError):
    """A text that is no certificate, key or chain."""


class InvalidCertificate(AwsError):
    """A certificate that is not valid now."""


class KeyPairMismatch(AwsError):
    """A private key that is not the certificate's."""


class DuplicateCertificate(AwsError):
    """A certificate that is somebody's already."""

    status = 409


class DuplicateSSHPublicKey(AwsError):
    """A key that is the user's already."""


class InvalidPublicKey(AwsError):
    """A key that cannot be read, or is not strong enough."""


class UnrecognizedPublicKeyEncoding(AwsError):
    """A key in neither of the two encodings."""


class ReportNotPresent(AwsError):
    """No credential report was asked for."""

    status = 410


class ReportInProgress(AwsError):
    """The credential report is being made."""

    status = 404


class ReportExpired(AwsError):
    """The credential report is older than four hours."""

    status = 410


class OrganizationNotFoundException(AwsError):
    """The account is in no organisation."""


class FeatureEnabled(AwsError):
    """What is to be turned on is on."""

    status = 409


class FeatureDisabled(AwsError):
    """What is asked about is off."""

    status = 404


def quota_exceeded(quota: str, limit: int) -> LimitExceeded:
    """Say that a quota is reached, as IAM does."""
    return LimitExceeded(f"Cannot exceed quota for {quota}: {limit}")
