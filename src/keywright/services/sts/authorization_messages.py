"""
Encoded authorization messages: why a call was refused, sealed so that only those who may decode it can read it.

DIVERGES: Encoded authorization messages. The services that put one in their refusals on AWS (EC2 and the like) are not
performed here; the refusals of the services that are, but for IAM's, carry one in a header.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from keywright.aws.errors import AwsError
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.sealing import Sealer, UnsealError

HEADER: Final = b"x-keywright-encoded-authorization-message"
_ROW: Final = "authorization_message"
_LIFETIME: Final = timedelta(hours=24)
_MAX_CHARACTERS: Final = 6144
"""A longer message is not sent: proxies bound the headers of a response, often to 8 KiB."""


class InvalidAuthorizationMessageException(AwsError):
    """A text that is no message, is another account's, or is too old."""


def seal_message(sealer: Sealer, account_id: str, message: Mapping[str, Any], now: datetime) -> str | None:
    """Write a message that principals of one account may decode for a day; None for one that grows too long."""
    packed = zlib.compress(orjson.dumps([account_id, now.timestamp(), message]))
    encoded = base64.urlsafe_b64encode(sealer.seal(packed, _ROW)).decode("ascii")
    return encoded if len(encoded) <= _MAX_CHARACTERS else None


@operation(resource=everything)
def decode_authorization_message(call: Call, *, encoded_message: str) -> Result:
    """
    Open a message that a refusal of this server's carried.

    Raises: InvalidAuthorizationMessageException.
    """
    try:
        sealed = base64.urlsafe_b64decode(encoded_message.encode("ascii"))
        account_id, sent_at, message = orjson.loads(zlib.decompress(call.sealer.unseal(sealed, _ROW)))
    except (binascii.Error, UnicodeEncodeError, UnsealError):
        raise InvalidAuthorizationMessageException("The specified message is not valid.") from None
    if account_id != call.account_id:
        raise InvalidAuthorizationMessageException("The specified message is not valid.")
    if call.now.timestamp() - sent_at > _LIFETIME.total_seconds():
        raise InvalidAuthorizationMessageException("The specified message has expired.")
    return {"DecodedMessage": orjson.dumps(message).decode()}
