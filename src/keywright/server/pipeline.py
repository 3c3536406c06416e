"""
The corridor: the life of a request, top to bottom. Read this first.

    listen → parse → authenticate → authorise → perform → serialise → record

Each door returns a type that the next one asks for (`stages`). What fails before the caller is known goes to the log
alone; from then on every outcome is an event, and the answer leaves when the event is on the disk.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from keywright.aws.errors import AwsError, InternalFailure
from keywright.aws.wire import WireRequest, WireResponse
from keywright.protocol.route import NotLoaded, RoutingError
from keywright.server.authenticate import authenticate, find_signer, identify
from keywright.server.authorise import Denied, authorise
from keywright.server.entries import style_of
from keywright.server.perform import perform, prepare_for
from keywright.server.recording import Closed
from keywright.server.runtime import Runtime
from keywright.server.stages import Authenticated, Parsed
from keywright.services.operation import Operation
from keywright.services.sts.authorization_messages import HEADER
from keywright.sigv4.refusals import Refusal, as_error
from keywright.store.transaction import Transaction
from keywright.trail.denials import Denial, write_denial
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
    except NotLoaded as asked:
        return await handle_not_loaded(asked, request, event, runtime)
    if route is None:
        return None
    parsed = Parsed(request, route, runtime.entries[route.service.name, route.operation.name])
    try:
        if parsed.entry.identify is None:
            authenticated = await authenticate(parsed, runtime.directory, event.at)
        else:
            authenticated = await identify(parsed, runtime.means, event.at)
    except Refusal as refusal:
        return _refuse(parsed, event, as_error(refusal, parsed.entry.style))
    except AwsError as error:
        return _refuse(parsed, event, error)
    except Exception:
        log.exception("authentication failed unexpectedly", extra={"request_id": event.request_id})
        return _refuse(parsed, event, InternalFailure())
    return await finish(authenticated, event, runtime)


async def handle_not_loaded(asked: NotLoaded, request: WireRequest, event: OpenEvent, runtime: Runtime) -> Handled:
    """
    Answer a request for a service whose model is read only now that its caller is known.

    INVARIANT: no request without a good signature makes the server read a model.
    """
    style = style_of(asked.signing_name, asked.protocol)
    error: AwsError
    try:
        credential, claim, _ = await find_signer(request, asked.signing_name, style, runtime.directory, event.at)
    except Refusal as refusal:
        error = as_error(refusal, style)
        return Handled(asked.refuse(error).serialise(event.request_id), event, error_code=error.code)
    except Exception:
        log.exception("authentication failed unexpectedly", extra={"request_id": event.request_id})
        error = InternalFailure()
        return Handled(asked.refuse(error).serialise(event.request_id), event, error_code=error.code)
    principal = credential.caller.arn
    try:
        loaded = await runtime.other_services.load(asked)
        route = loaded.routes.route(request)
    except RoutingError as unknown:
        code = unknown.error.code
        return Handled(unknown.serialise(event.request_id), event, asked.signing_name, principal, code)
    except Exception:
        log.exception("a service's model could not be read", extra={"request_id": event.request_id})
        error = InternalFailure()
        response = asked.refuse(error).serialise(event.request_id)
        return Handled(response, event, asked.signing_name, principal, error.code)
    entry = loaded.entries[route.service.name, route.operation.name]
    authenticated = Authenticated(request, route, entry, credential, claim.credential[3])
    return await finish(authenticated, event, runtime)


async def finish(authenticated: Authenticated, event: OpenEvent, runtime: Runtime) -> Handled:
    """Take a request whose caller is known through the rest of the corridor."""
    try:
        response = await transact(authenticated, event, runtime)
    except AwsError as error:
        return await record_failure(authenticated, event, runtime, error)
    except Exception:
        log.exception("the corridor failed", extra={"request_id": event.request_id})
        return await record_failure(authenticated, event, runtime, InternalFailure())
    return Handled(response, event, authenticated.entry.action, authenticated.credential.caller.arn)


async def transact(authenticated: Authenticated, event: OpenEvent, runtime: Runtime) -> WireResponse:
    """Go through the last doors in one transaction; the answer comes back when it is on the disk."""
    operation = authenticated.entry.operation
    prepared: Any = None

    def through_the_doors(connection: Connection) -> tuple[WireResponse, Closed]:
        authorised = authorise(authenticated, connection, runtime.sealer, event.at)
        result = perform(authorised, prepared)
        response = authenticated.route.serialise(result, event.request_id)
        return response, runtime.recorder.close(event, authenticated, authorised.inputs, result, None)

    if _only_reads(authenticated):
        aside = operation is not None and operation.takes_time
        read = runtime.store.read_aside if aside else runtime.store.read
        async with runtime.turns.of(authenticated.credential.caller.account_id, takes_turns=_simulates(operation)):
            response, closed = await read(through_the_doors)
        await runtime.store.add(closed.event, closed.key_use, closed.service_use)
        if closed.shared is not None:
            await runtime.store.add(closed.shared, None)
        return response

    if operation is not None and operation.prepare is not None:

        def prepare(connection: Connection) -> Any:
            return prepare_for(authorise(authenticated, connection, runtime.sealer, event.at))

        prepared = await runtime.store.read_aside(prepare)

    def change(transaction: Transaction) -> WireResponse | AwsError:
        try:
            response, closed = through_the_doors(transaction.connection)
        except AwsError as error:
            if not error.keeps_changes:
                raise
            return error
        closed.add_to(transaction.additions)
        if authenticated.entry.changes_identity:
            transaction.identity_changed(authenticated.credential.caller.account_id)
        return response

    outcome = await runtime.store.write(change)
    if isinstance(outcome, AwsError):
        raise outcome
    if operation is not None and operation.starts_work:
        runtime.background.wake()
    return outcome


def _simulates(operation: Operation | None) -> bool:
    return operation is not None and operation.model.name.startswith("Simulate")


def _only_reads(authenticated: Authenticated) -> bool:
    entry = authenticated.entry
    return entry.reads and (entry.writes_with is None or entry.writes_with not in authenticated.route.fields)


async def record_failure(authenticated: Authenticated, event: OpenEvent, runtime: Runtime, error: AwsError) -> Handled:
    """Record a call that failed: nothing of it is left but its event."""
    try:
        closed = runtime.recorder.close(event, authenticated, _inputs_or_none(authenticated), None, error)
        if isinstance(error, Denied) and error.denial is not None:
            await runtime.store.write(partial(_write_denial, authenticated, event, closed, error.denial))
        else:
            await runtime.store.add(closed.event, closed.key_use, closed.service_use)
    except Exception:
        # INVARIANT: no answer but this one leaves unrecorded.
        log.exception("the event could not be written", extra={"request_id": event.request_id})
        error = InternalFailure()
    response = authenticated.route.serialise_error(error, event.request_id, error.details)
    if isinstance(error, Denied) and error.encoded_message is not None:
        response = response._replace(headers=[*response.headers, (HEADER, error.encoded_message.encode("ascii"))])
    return Handled(response, event, authenticated.entry.action, authenticated.credential.caller.arn, error.code)


def _write_denial(
    authenticated: Authenticated, event: OpenEvent, closed: Closed, denial: Denial, transaction: Transaction
) -> None:
    """Write a refusal's event and its details, together."""
    write_denial(transaction.connection, authenticated.credential.caller.account_id, denial, event.at)
    closed.add_to(transaction.additions)


def _inputs_or_none(authenticated: Authenticated) -> Mapping[str, Any] | None:
    """Read the parameters for the event of a call that failed; they may be what it failed on."""
    if authenticated.entry.operation is None:
        return None
    try:
        return authenticated.route.parse()
    except AwsError:
        return None


def _refuse(parsed: Parsed, event: OpenEvent, error: AwsError) -> Handled:
    """Answer a request whose caller is not known: no account's trail is the place for it."""
    response = parsed.route.serialise_error(error, event.request_id, error.details)
    return Handled(response, event, parsed.entry.action, None, error.code)
