"""
Sign-in, from the request to the answer: the one thing that a browser asks of this server and no AWS API has.

`POST /signin` begins a session, `/signin/credentials` gives its credentials, `/signin/out` ends it.
"""

from __future__ import annotations

import logging
from typing import Final

from keywright.aws.wire import WireRequest, WireResponse
from keywright.identity.browser_sessions import end_session, find_session
from keywright.protocol.addresses import is_signed
from keywright.server.pages import plain_text
from keywright.server.pipeline import Handled
from keywright.server.runtime import Runtime
from keywright.server.signin.answers import as_json, as_result, describe
from keywright.server.signin.attempts import Attempt, Throttled, check_password
from keywright.server.signin.changes import ChangeRefused, change_password
from keywright.server.signin.cookies import clear_cookie, read_cookie, set_cookie
from keywright.server.signin.credentials import issue_credentials
from keywright.server.signin.outcomes import Outcome, conclude, sign_in
from keywright.server.signin.requests import BadRequest, check_site, read_sign_in
from keywright.store.transaction import Transaction
from keywright.trail.event import OpenEvent, open_event

log: Final = logging.getLogger("keywright.signin")

_LANDING: Final = "/console/"
_STATUS: Final = {"refused": 401, "mfaRequired": 401, "passwordChangeRequired": 403, "passwordExpired": 403}
_ACTIONS: Final = {
    b"/signin": "signin:SignIn",
    b"/signin/credentials": "signin:GetCredentials",
    b"/signin/out": "signin:SignOut",
}


def asks_sign_in(request: WireRequest) -> bool:
    """Tell whether a request is for sign-in: a signed one is for a bucket that happens to have this name."""
    return request.raw_path in _ACTIONS and not is_signed(request)


async def handle_sign_in(request: WireRequest, runtime: Runtime) -> Handled:
    """Answer what is asked of sign-in."""
    action = _ACTIONS[request.raw_path]
    event = open_event(runtime.clock(), request.client_address, request.header(b"user-agent"))
    if request.method != "POST":
        return Handled(plain_text(405, "Method not allowed\n", (b"allow", b"POST")), event, action)
    try:
        check_site(request)
        match request.raw_path:
            case b"/signin":
                return await _sign_in(request, event, runtime)
            case b"/signin/credentials":
                return await _give_credentials(request, event, runtime)
            case _:
                return await _sign_out(request, event, runtime)
    except BadRequest as error:
        return Handled(
            as_result(error.status, error.result, message=error.message), event, action, error_code=error.result
        )
    except Throttled as error:
        retry = (b"retry-after", b"%d" % error.seconds)
        response = as_result(429, "throttled", retry, retryAfterSeconds=error.seconds)
        return Handled(response, event, action, error_code="throttled")
    except Exception:
        # INVARIANT: as in the corridor, nobody is signed in without a record, and the client is told nothing.
        log.exception("sign-in failed unexpectedly", extra={"request_id": event.request_id})
        return Handled(as_result(500, "failed"), event, action, error_code="failed")


async def _sign_in(request: WireRequest, event: OpenEvent, runtime: Runtime) -> Handled:
    attempt = Attempt(read_sign_in(request), event, request.origin + _LANDING, read_cookie(request))
    checked = await check_password(attempt, runtime)
    outcome = await runtime.store.write(lambda transaction: conclude(transaction, runtime.sealer, checked))
    if outcome.result == "passwordChangeRequired" and attempt.asked.new_password is not None:
        try:
            outcome = await _change_and_sign_in(request, attempt, outcome, runtime)
        except ChangeRefused as refused:
            response = as_result(400, "passwordPolicyViolation", *_cookies(request, outcome), message=str(refused))
            return _handled(response, event, outcome, "passwordPolicyViolation")
    return _handled(_answer(request, outcome), event, outcome, outcome.result)


async def _change_and_sign_in(request: WireRequest, attempt: Attempt, outcome: Outcome, runtime: Runtime) -> Outcome:
    """Change the password by the session that is for that alone, and begin one that is for everything."""
    assert outcome.token is not None
    assert attempt.asked.new_password is not None
    token = outcome.token.reveal()
    session = await runtime.store.read(lambda connection: find_session(connection, token, attempt.event.at))
    if session is None:
        return Outcome("refused", None)
    await change_password(request, attempt, session, attempt.asked.new_password, runtime)
    changed = attempt._replace(cookie=token)

    def begin(transaction: Transaction) -> Outcome:
        # It has outlived the old password only if it was by this session that the password was changed.
        now = find_session(transaction.connection, token, attempt.event.at)
        if now is None or now.holder.reset_required:
            return Outcome("refused", None)
        return sign_in(transaction, changed, now.holder, now.mfa_serial_number)

    return await runtime.store.write(begin)


def _answer(request: WireRequest, outcome: Outcome) -> WireResponse:
    if outcome.result == "signedIn":
        assert outcome.holder is not None
        return as_result(200, outcome.result, *_cookies(request, outcome), **describe(outcome.holder))
    return as_result(_STATUS[outcome.result], outcome.result, *_cookies(request, outcome))


def _cookies(request: WireRequest, outcome: Outcome) -> list[tuple[bytes, bytes]]:
    return [] if outcome.token is None else [set_cookie(request, outcome.token)]


def _handled(response: WireResponse, event: OpenEvent, outcome: Outcome, result: str) -> Handled:
    arn = None if outcome.holder is None else outcome.holder.arn
    return Handled(response, event, _ACTIONS[b"/signin"], arn, None if result == "signedIn" else result)


async def _give_credentials(request: WireRequest, event: OpenEvent, runtime: Runtime) -> Handled:
    token, action = read_cookie(request), _ACTIONS[request.raw_path]
    given = None
    if token is not None:
        given = await runtime.store.write(
            lambda transaction: issue_credentials(transaction, runtime.sealer, token, event.at)
        )
    if given is None:
        return Handled(as_result(401, "signedOut"), event, action, error_code="signedOut")
    return Handled(as_json(200, given), event, action, given["arn"])


async def _sign_out(request: WireRequest, event: OpenEvent, runtime: Runtime) -> Handled:
    token = read_cookie(request)

    def end(transaction: Transaction) -> None:
        account_id = None if token is None else end_session(transaction.connection, token)
        if account_id is not None:
            transaction.identity_changed(account_id)

    await runtime.store.write(end)
    gone = [clear_cookie(request), (b"cache-control", b"no-store")]
    return Handled(WireResponse(204, gone, b""), event, _ACTIONS[request.raw_path])
