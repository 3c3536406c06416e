"""STS's errors, by their codes; the model has their statuses."""

from __future__ import annotations

from keywright.aws.errors import AwsError


class ValidationError(AwsError):
    """A value outside of what its operation takes."""


class InvalidParameterValue(AwsError):
    """A value that the model permits and STS does not."""


class InvalidContextAssertion(AwsError):
    """A word of a context provider that is not true."""


class MalformedPolicyDocument(AwsError):
    """A session policy that is not a policy."""


class PackedPolicyTooLarge(AwsError):
    """More policies and tags than a session token holds."""


class InvalidIdentityToken(AwsError):
    """A token or an assertion that nobody vouches for."""


class IDPRejectedClaim(AwsError):
    """A token that its provider would not accept itself."""

    status = 403


class IDPCommunicationError(AwsError):
    """The provider cannot be asked for its keys."""


class ExpiredTokenException(AwsError):
    """A token or an assertion that is too old."""


class ExpiredTradeInTokenException(AwsError):
    """A trade-in token that cannot be exchanged any more."""


class OutboundWebIdentityFederationDisabledException(AwsError):
    """The account does not vouch for its principals elsewhere."""

    status = 403


class SessionDurationEscalationException(AwsError):
    """A token that would outlive the session that asks for it."""

    status = 403


class JWTPayloadSizeExceededException(AwsError):
    """More claims than a token holds."""
