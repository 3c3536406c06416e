"""What sign-in answers: JSON that nobody keeps."""

from __future__ import annotations

from typing import Any

import orjson

from keywright.aws.wire import WireResponse
from keywright.identity.password_holders import PasswordHolder


def as_json(status: int, content: dict[str, Any], *headers: tuple[bytes, bytes]) -> WireResponse:
    """Answer with a JSON object."""
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    own = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return WireResponse(status, [*own, *headers], body)


def as_result(status: int, result: str, *headers: tuple[bytes, bytes], **more: Any) -> WireResponse:
    """Answer how something ended."""
    return as_json(status, {"result": result} | more, *headers)


def describe(holder: PasswordHolder) -> dict[str, Any]:
    """Say who is signed in."""
    return {
        "accountId": holder.account_id,
        "accountAlias": holder.account_alias,
        "userName": holder.user_name,
        "arn": holder.arn,
    }
