"""Errors that the wire itself raises, before any service is asked."""

from __future__ import annotations

from keywright.aws.errors import AwsError


class InvalidAction(AwsError):
    """The Query API's answer to an operation that it does not know."""


class MissingAction(AwsError):
    """The Query API's answer to a request without an `Action`."""


class MalformedInput(AwsError):
    """A Query parameter that cannot become its model's type."""


class MalformedQueryString(AwsError):
    """A form or query string that is not one. AWS: 404, per the Query API's common errors."""

    status = 404


class ValidationError(AwsError):
    """Query: a value outside the model's constraints."""


class ValidationException(AwsError):
    """JSON: a value outside the model's constraints."""


class UnknownParameter(AwsError):
    """EC2: a parameter that the operation does not have."""


class InvalidParameterValue(AwsError):
    """EC2: a parameter that cannot become its model's type, or breaks a constraint."""


class SerializationException(AwsError):
    """JSON: a body that is no JSON, or a value of another type than the model's."""


class UnknownOperationException(AwsError):
    """JSON: a target that the service does not know."""


class UnknownRestOperation(AwsError):
    """REST-JSON: no operation has this method and path."""

    code = "UnknownOperationException"
    status = 404


class RequestEntityTooLarge(AwsError):
    """More fields, or deeper nesting, than Keywright reads."""

    status = 413


class MethodNotAllowed(AwsError):
    """S3: no operation has this method on this kind of resource."""

    status = 405


class MalformedXML(AwsError):
    """S3: a body that is no XML or does not fit the operation's shape."""


class InvalidArgument(AwsError):
    """S3: a value outside the model's constraints."""


class InvalidURI(AwsError):
    """S3: a path that cannot be decoded."""


class MissingRequestBodyError(AwsError):
    """S3: the operation needs a body and has none."""


MALFORMED_XML_MESSAGE = "The XML you provided was not well-formed or did not validate against our published schema"
METHOD_NOT_ALLOWED_MESSAGE = "The specified method is not allowed against this resource."
