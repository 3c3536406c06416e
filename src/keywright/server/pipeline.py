"""
The corridor: the life of a request, top to bottom. Read this first.

    listen → parse → authenticate → authorise → perform → serialise → record

Each door returns a type that the next one asks for (`stages`). What fails before the caller is known goes to the log
alone; from then on every outcome is an event, and the answer leaves when the event is on the disk.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from keywright.aws.errors import AwsError, InternalFailure
from keywright.aws.wire import WireRequest, WireResponse
from keywright.protocol.route import RoutingError
from keywright.server.authenticate import authenticate
from keywright.server.authorise import authorise
from keywright.server.perform import perform
from keywright.server.recording import Closed
from keywright.server.runtime import Runtime
from keywright.server.stages import Authenticated, Parsed
from keywright.sigv4.refusals import Refusal, as_error
from keywright.store.transaction import Transaction
from keywright.trail.event import OpenEvent, open_event

log: Final = logging.getLogger("keywright.corridor")


class Handled(NamedTuple):
    """The answer, and what the request's log line says of it."""

    response: WireResponse
    event: OpenEvent
    action: str | None = None
    principal: str | None = None
    error_code: str | None = None


async def handle(request: WireRequest, runtime: Runtime) -> Handled | None:
    """Answer one request; None where nothing in it is AWS's."""
    event = open_event(runtime.clock(), request.client_address, request.header(b"user-agent"))
    try:
        route = runtime.routes.route(request)
    except RoutingError as error:
        return Handled(error.serialise(event.request_id), event, error_code=error.error.code)
    if route is None:
        return None
    parsed = Parsed(request, route, runtime.entries[route.service.name, route.operation.name])
    try:
        authenticated = await authenticate(parsed, runtime.directory, event.at)
    except Refusal as refusal:
        return _refuse(parsed, event, as_error(refusal, parsed.entry.style))
    except Exception:
        log.exception("authentication failed unexpectedly", extra={"request_id": event.request_id})
        return _refuse(parsed, event, InternalFailure())
    try:
        response = await _transact(authenticated, event, runtime)
    except AwsError as error:
        return await _record_failure(authenticated, event, runtime, error)
    except Exception:
        log.exception("the corridor failed", extra={"request_id": event.request_id})
        return await _record_failure(authenticated, event, runtime, InternalFailure())
    return Handled(response, event, parsed.entry.action, authenticated.credential.caller.arn)


async def _transact(authenticated: Authenticated, event: OpenEvent, runtime: Runtime) -> WireResponse:
    """Go through the last doors in one transaction; the answer comes back when it is on the disk."""

    def through_the_doors(connection: Connection) -> tuple[WireResponse, Closed]:
        authorised = authorise(authenticated, connection, runtime.sealer, event.at)
        result = perform(authorised)
        response = authenticated.route.serialise(result, event.request_id)
        return response, runtime.recorder.close(event, authenticated, authorised.inputs, result, None)

    if authenticated.entry.reads:
        operation = authenticated.entry.operation
        aside = operation is not None and operation.takes_time
        read = runtime.store.read_aside if aside else runtime.store.read
        response, closed = await read(through_the_doors)
        await runtime.store.add(closed.event, closed.key_use)
        return response

    def change(transaction: Transaction) -> WireResponse:
        response, closed = through_the_doors(transaction.connection)
        transaction.additions.events.append(closed.event)
        transaction.additions.resources.extend(closed.resources)
        if closed.key_use is not None:
            transaction.additions.key_uses.append(closed.key_use)
        if authenticated.entry.changes_identity:
            transaction.identity_changed(authenticated.credential.caller.account_id)
        return response

    return await runtime.store.write(change)


async def _record_failure(authenticated: Authenticated, event: OpenEvent, runtime: Runtime, error: AwsError) -> Handled:
    """Record a call that failed: nothing of it is left but its event."""
    try:
        closed = runtime.recorder.close(event, authenticated, _inputs_or_none(authenticated), None, error)
        await runtime.store.add(closed.event, closed.key_use)
    except Exception:
        # INVARIANT: no answer but this one leaves unrecorded.
        log.exception("the event could not be written", extra={"request_id": event.request_id})
        error = InternalFailure()
    response = authenticated.route.serialise_error(error, event.request_id, error.details)
    return Handled(response, event, authenticated.entry.action, authenticated.credential.caller.arn, error.code)


def _inputs_or_none(authenticated: Authenticated) -> Mapping[str, Any] | None:
    """Read the parameters for the event of a call that failed; they may be what it failed on."""
    try:
        return authenticated.route.parse()
    except AwsError:
        return None


def _refuse(parsed: Parsed, event: OpenEvent, error: AwsError) -> Handled:
    """Answer a request whose caller is not known: no account's trail is the place for it."""
    response = parsed.route.serialise_error(error, event.request_id, error.details)
    return Handled(response, event, parsed.entry.action, None, error.code)
