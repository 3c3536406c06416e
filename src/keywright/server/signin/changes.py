"""
The change of a password that sign-in asks for.

It is the caller's own iam:ChangePassword and takes the corridor's last doors: the same permission, the same policy, the
same event.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from keywright.aws.errors import AccessDenied, AwsError, InternalFailure
from keywright.aws.identifiers import new_access_key_id
from keywright.aws.secret import Secret
from keywright.aws.wire import WireRequest
from keywright.identity.browser_sessions import BrowserSession
from keywright.identity.directory import Credential, find_signed_in
from keywright.identity.principals import Session
from keywright.server.pipeline import log, record_failure, transact
from keywright.server.runtime import Runtime
from keywright.server.signin.attempts import Attempt
from keywright.server.stages import Authenticated
from keywright.trail.event import open_event

_REGION: Final = "us-east-1"
_VERSION: Final = "2010-05-08"
_REFUSED: Final = (
    "Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account "
    "password policy set by administrator"
)


class ChangeRefused(Exception):
    """The new password was not taken; the message says why, as AWS's page does."""


async def change_password(
    request: WireRequest, attempt: Attempt, session: BrowserSession, new_password: Secret, runtime: Runtime
) -> None:
    """
    Change the password of somebody whose session is for that alone.

    Raises: ChangeRefused.
    """
    holder = session.holder
    of_session = Session(
        new_access_key_id(holder.account_id, "ASIA"),
        session.began_at,
        session.expires_at,
        session.mfa_serial_number is not None,
        browser_session_id=session.session_id,
    )
    caller = await runtime.store.read(
        lambda connection: find_signed_in(connection, holder.account_id, holder.user_id, of_session)
    )
    if caller is None:
        raise ChangeRefused(_REFUSED)
    asked = _as_call(request, attempt.asked.password, new_password)
    route = runtime.routes.route(asked)
    assert route is not None
    entry = runtime.entries[route.service.name, route.operation.name]
    authenticated = Authenticated(asked, route, entry, Credential(caller, None, None), _REGION)
    event = open_event(runtime.clock(), request.client_address, request.header(b"user-agent"))
    try:
        await transact(authenticated, event, runtime)
    except AwsError as error:
        await record_failure(authenticated, event, runtime, error)
        message = _REFUSED if isinstance(error, AccessDenied) else error.message
        raise ChangeRefused(message) from error
    except Exception as error:
        log.exception("a password could not be changed", extra={"request_id": event.request_id})
        await record_failure(authenticated, event, runtime, InternalFailure())
        raise ChangeRefused("The password could not be changed; the server's log says why.") from error


def _as_call(request: WireRequest, old: Secret, new: Secret) -> WireRequest:
    """Write the change as the call that it is."""
    form = {"Action": "ChangePassword", "Version": _VERSION, "OldPassword": old.reveal(), "NewPassword": new.reveal()}
    headers = {b"content-type": b"application/x-www-form-urlencoded"}
    headers |= {name: request.headers[name] for name in (b"host", b"user-agent") if name in request.headers}
    return request._replace(method="POST", raw_path=b"/", raw_query=b"", headers=headers, body=urlencode(form).encode())
