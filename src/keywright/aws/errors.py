"""
Errors in AWS's words.

A class per error code, named by the code, so that services raise what the API reference lists. The status is the
model's where the model knows the code; the one here is for the codes that every service shares.
"""

from __future__ import annotations

from typing import ClassVar


class AwsError(Exception):
    """
    An answer that AWS would give: a code, a message for the caller, an HTTP status.

    The message reaches the client and the trail: it never holds a secret.
    """

    code: ClassVar[str] = "InternalFailure"
    status: ClassVar[int] = 400
    keeps_changes: ClassVar[bool] = False
    """Whether what was written before it stays, for a refusal that must be remembered, such as a wrong code."""

    def __init_subclass__(cls) -> None:
        """Take the class's name as its code unless it states one."""
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = cls.__name__

    def __init__(self, message: str = "", **details: str) -> None:
        """Take the message, and the members that the service adds to this error, e.g. S3's `BucketName`."""
        super().__init__(message)
        self.message = message
        self.details = details


class AccessDenied(AwsError):
    """The caller is known, and may not."""

    status = 403


class InternalFailure(AwsError):
    """Something went wrong inside; the log says what, the client is told nothing."""

    status = 500


class NotPerformed(AwsError):
    """An operation or a parameter of AWS's that Keywright does not perform yet."""

    code = "NotImplemented"
    status = 501
