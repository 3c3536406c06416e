"""One connection's waits, limits and ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.edge.connection import Phase
from keywright.server.edge.limits import FREE_BODY_BYTES, MAX_BODY_BYTES, MAX_METADATA_BYTES, Limits
from keywright.server.edge.listening import Edge
from tests.unit.server.edge.rfc9112 import CHUNKED, GET
from tests.unit.server.edge.wire import Peer, rest, understood

OK = WireResponse(200, [], b"ok\n")
LIMITS = Limits()


async def at_once(_request: WireRequest) -> WireResponse:
    """Answer."""
    return OK


def run(talk: Callable[[Callable[..., Edge]], Coroutine[Any, Any, None]]) -> None:
    """Run a conversation on a loop of its own."""

    async def main() -> None:
        def edge(answer: Callable[[WireRequest], Awaitable[WireResponse]] = at_once, **limits: Any) -> Edge:
            return Edge(answer, replace(LIMITS, **limits))

        await talk(edge)

    asyncio.run(main())


def post(length: int, body: bytes = b"", headers: bytes = b"") -> bytes:
    """Make a request with a body that may not be whole."""
    return b"POST / HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n\r\n%b" % (headers, length, body)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        post(10, b"abc"),
        CHUNKED + b"3\r\nabc\r\n",
        CHUNKED + b"3\r\nabc\r\n0\r\n",
        CHUNKED + b"3\r\nab",
    ],
    ids=["a head", "a body", "chunks", "a last chunk without its end", "a chunk"],
)
def test_half_a_request_is_nothing(sent: bytes) -> None:
    """What is cut off is not executed, and not answered."""
    seen = understood([sent], end=True)
    assert (seen.requests, seen.statuses, seen.closed) == ([], [], True)


def test_a_client_that_ends_its_side_is_answered() -> None:
    """A whole request whose client sends no more gets its answer, and the connection closes."""

    async def talk(edge: Callable[..., Edge]) -> None:
        go = asyncio.Event()

        async def answer(_request: WireRequest) -> WireResponse:
            await go.wait()
            return OK

        peer = Peer(edge(answer))
        await peer.send([GET], end=True)
        assert not peer.wire.closed
        go.set()
        await rest()
        assert (peer.statuses, peer.wire.closed) == ([200], True)

    run(talk)


def test_answers_keep_the_order_of_their_requests() -> None:
    """Of two pipelined requests the second is not begun before the first has its answer."""

    async def talk(edge: Callable[..., Edge]) -> None:
        begun: list[bytes] = []
        go = asyncio.Event()

        async def answer(request: WireRequest) -> WireResponse:
            begun.append(request.raw_path)
            await go.wait()
            return WireResponse(200, [], request.raw_path)

        peer = Peer(edge(answer))
        await peer.send([GET.replace(b"/ ", b"/1 ") + GET.replace(b"/ ", b"/2 ")])
        assert begun == [b"/1"]
        go.set()
        await rest()
        assert begun == [b"/1", b"/2"]
        assert [piece[-2:] for piece in peer.wire.writes] == [b"/1", b"/2"]

    run(talk)


def test_a_flood_of_requests_is_not_read() -> None:
    """While one request is answered, 64 KiB of the next are kept and no more are read; then all are answered."""

    async def talk(edge: Callable[..., Edge]) -> None:
        go = asyncio.Event()

        async def answer(_request: WireRequest) -> WireResponse:
            await go.wait()
            return OK

        peer = Peer(edge(answer))
        many = 65_536 // len(GET) + 2
        await peer.send([GET, GET * many])
        assert peer.wire.pauses == 1
        go.set()
        for _ in range(many):
            await rest()
        assert not peer.wire.paused
        assert peer.statuses == [200] * (many + 1)

    run(talk)


def test_a_slow_reader_is_waited_for() -> None:
    """The next request is not begun before the client has taken the last answer, and a client that never does goes."""

    async def talk(edge: Callable[..., Edge]) -> None:
        one = edge(send_seconds=5)
        peer = Peer(one)
        peer.wire.unread = 100
        await peer.send([GET + GET])
        assert peer.statuses == [200]
        peer.wire.unread = 0
        peer.connection.resume_writing()
        await rest()
        assert peer.statuses == [200, 200]
        peer.wire.unread = 100
        await peer.send([GET])
        peer.connection.look(one.now() + 6)
        assert peer.wire.closed

    run(talk)


@pytest.mark.parametrize(
    ("sent", "after", "statuses"),
    [
        (b"", 31, []),
        (b"GET / HTTP/1.1\r\nHost", 31, [408]),
        (GET, 76, [200]),
        (post(100, b"a"), 12, [408]),
        (post(500_000, b"a" * 400_000), 61, [408]),
    ],
    ids=["silence", "half a head", "idle", "a body that stalls", "a body that takes too long"],
)
def test_every_wait_has_an_end(sent: bytes, after: float, statuses: list[int]) -> None:
    """A client that does not go on is told so where it has begun, and the connection closes."""

    async def talk(edge: Callable[..., Edge]) -> None:
        one = edge()
        peer = Peer(one)
        await peer.send([sent] if sent else [])
        peer.connection.look(one.now() + after - 2)
        assert not peer.wire.closed or peer.statuses == [408]
        peer.connection.look(one.now() + after)
        assert (peer.statuses, peer.wire.closed) == (statuses, True)

    run(talk)


def test_work_has_an_end() -> None:
    """An answer that takes too long is 503, and the connection can be used again."""

    async def talk(edge: Callable[..., Edge]) -> None:
        async def answer(request: WireRequest) -> WireResponse:
            if request.raw_path == b"/slow":
                await asyncio.sleep(3600)
            return OK

        one = edge(answer)
        peer = Peer(one)
        await peer.send([GET.replace(b"/ ", b"/slow ")])
        peer.connection.look(one.now() + LIMITS.answer_seconds + 1)
        await rest()
        assert peer.statuses == [503]
        assert b"<Code>ServiceUnavailable</Code>" in peer.written
        await peer.send([GET])
        assert peer.statuses == [503, 200]

    run(talk)


def test_an_error_is_500() -> None:
    """An answerer that fails is a 500 that says nothing else, as is an answer whose header holds a line end."""

    async def talk(edge: Callable[..., Edge]) -> None:
        async def fail(_request: WireRequest) -> WireResponse:
            raise OSError("a secret")

        async def split(_request: WireRequest) -> WireResponse:
            return WireResponse(200, [(b"x", b"y\r\nset-cookie: z")], b"")

        for answer in (fail, split):
            peer = Peer(edge(answer))
            await peer.send([GET])
            assert peer.statuses == [500]
            assert b"secret" not in peer.written
            assert b"set-cookie" not in peer.written

    run(talk)


def test_bodies_have_a_limit() -> None:
    """A body of 1 MiB is read; a byte more is 413 as soon as it is plain that it is not SAML metadata."""
    assert understood([post(MAX_BODY_BYTES), b"a" * MAX_BODY_BYTES]).statuses == [200]
    assert understood([post(MAX_BODY_BYTES + 1), b"a" * 5000]).statuses == [413]
    metadata = b"Action=CreateSAMLProvider&Version=2010-05-08&Name=a&SAMLMetadataDocument=".ljust(
        MAX_METADATA_BYTES, b"x"
    )
    for begins in (metadata[:100], metadata[:5000]):
        pieces = [post(len(metadata)), begins, metadata[len(begins) :]]
        assert understood(pieces).statuses == [200]
    assert understood([post(MAX_METADATA_BYTES + 1)]).statuses == [413]
    in_chunks = [CHUNKED, *(b"%x\r\n%b\r\n" % (len(part), part) for part in (metadata, b"x")), b"0\r\n\r\n"]
    assert understood(in_chunks).statuses == [413]


def test_memory_of_bodies_has_a_limit() -> None:
    """Bodies share their memory: past it a long one is refused in its protocol's words, and a short one still read."""

    async def talk(edge: Callable[..., Edge]) -> None:
        one = edge(body_bytes=1_000_001)
        half = FREE_BODY_BYTES + 1_000_000
        holding = Peer(one)
        await holding.send([post(half + 1, b"a" * half)])
        for headers, told in (
            (b"", b"<Code>Throttling</Code>"),
            (b"X-Amz-Target: CloudTrail_20131101.LookupEvents\r\n", b"ThrottlingException"),
            (b"Authorization: AWS4-HMAC-SHA256 Credential=A/20261125/us-east-1/s3/aws4_request\r\n", b"SlowDown"),
        ):
            refused = Peer(one)
            await refused.send([post(FREE_BODY_BYTES + 2, b"a" * (FREE_BODY_BYTES + 2), headers)])
            assert (refused.statuses, refused.wire.closed) == ([503], True)
            assert told in refused.written
        short = Peer(one)
        await short.send([post(FREE_BODY_BYTES, b"a" * FREE_BODY_BYTES)])
        assert short.statuses == [200]
        await holding.send([b"a"])
        assert holding.statuses == [200]
        again = Peer(one)
        await again.send([post(FREE_BODY_BYTES + 2, b"a" * (FREE_BODY_BYTES + 2))])
        assert again.statuses == [200]

    run(talk)


@pytest.mark.parametrize("how", ["lost", "ended", "refused"])
def test_memory_is_given_back(how: str) -> None:
    """However a connection ends, the room of its body is free again."""

    async def talk(edge: Callable[..., Edge]) -> None:
        one = edge(body_bytes=100_000)
        peer = Peer(one)
        await peer.send([post(200_000, b"a" * 100_000)])
        match how:
            case "lost":
                peer.connection.connection_lost(None)
            case "ended":
                await peer.send([], end=True)
                peer.connection.connection_lost(None)
            case _:
                await peer.send([b"a" * 50_000])
                assert peer.statuses == [503]
        assert one.reserve(100_000)

    run(talk)


def test_requests_have_a_limit() -> None:
    """Past the limit of requests answered at once, a further one is 503 at once, and its connection stays."""

    async def talk(edge: Callable[..., Edge]) -> None:
        go = asyncio.Event()

        async def answer(_request: WireRequest) -> WireResponse:
            await go.wait()
            return OK

        one = edge(answer, requests=2)
        peers = [Peer(one) for _ in range(3)]
        for peer in peers:
            await peer.send([GET])
        assert [peer.statuses for peer in peers] == [[], [], [503]]
        go.set()
        await rest()
        await peers[2].send([GET])
        assert [peer.statuses for peer in peers] == [[200], [200], [503, 200]]

    run(talk)


def test_connections_have_limits() -> None:
    """A connection too many is 503 and closed at once, of all or of one address; a proxy's address has no limit."""

    async def talk(edge: Callable[..., Edge]) -> None:
        for limits in ({"connections": 2}, {"connections_per_address": 2}):
            one = edge(**limits)
            peers = [Peer(one) for _ in range(3)]
            assert [(peer.statuses, peer.wire.closed) for peer in peers] == [([], False)] * 2 + [([503], True)]
            peers[0].connection.connection_lost(None)
            peers[2].connection.connection_lost(None)
            assert not Peer(one).wire.closed
        behind_a_proxy = Edge(
            at_once, replace(LIMITS, connections_per_address=1), lambda address: address == "192.0.2.7"
        )
        assert not [peer for peer in [Peer(behind_a_proxy) for _ in range(3)] if peer.wire.closed]

    run(talk)


def test_a_refused_client_may_finish_its_sentence() -> None:
    """After a refusal what still comes is read and thrown away, up to a limit in bytes and in time."""

    async def talk(edge: Callable[..., Edge]) -> None:
        one = edge(linger_bytes=1000)
        peer = Peer(one)
        await peer.send([post(MAX_METADATA_BYTES + 1)])
        assert (peer.statuses, peer.connection.phase) == ([413], Phase.LINGER)
        await peer.send([b"a" * 1000])
        assert len(peer.wire.writes) == 1
        peer.connection.look(one.now() + 3)
        assert peer.wire.closed

    run(talk)


def test_continue_is_said_once_the_head_is_good() -> None:
    """A client that waits for it is told to go on after its head, unless the body has begun or is refused."""

    async def talk(edge: Callable[..., Edge]) -> None:
        expecting = b"Expect: 100-continue\r\n"
        waiting = Peer(edge())
        await waiting.send([post(3, headers=expecting)])
        assert waiting.written == b"HTTP/1.1 100 Continue\r\n\r\n"
        await waiting.send([b"abc"])
        assert waiting.statuses == [100, 200]
        hasty = Peer(edge())
        await hasty.send([post(3, b"abc", expecting)])
        assert hasty.statuses == [200]
        refused = Peer(edge())
        await refused.send([post(MAX_METADATA_BYTES + 1, headers=expecting)])
        assert refused.statuses == [413]

    run(talk)


def test_draining() -> None:
    """A server that stops closes who is idle, answers what is under way, and closes with that answer."""

    async def talk(edge: Callable[..., Edge]) -> None:
        go = asyncio.Event()

        async def answer(_request: WireRequest) -> WireResponse:
            await go.wait()
            return OK

        one = edge(answer)
        # One that has come and gone: what it left behind must not be taken for the end.
        Peer(one).connection.connection_lost(None)
        idle, half, busy, sending = (Peer(one) for _ in range(4))
        await half.send([GET[:10]])
        await busy.send([GET])
        await sending.send([post(3, b"a")])
        draining = asyncio.create_task(one.drain(5))
        await rest()
        assert [peer.wire.closed for peer in (idle, half, busy, sending)] == [True, True, False, False]
        go.set()
        await sending.send([b"bc"])
        for peer in (busy, sending):
            assert (peer.statuses, peer.wire.closed) == ([200], True)
            assert b"connection: close\r\n" in peer.written
        assert not draining.done()
        for peer in (idle, half, busy, sending):
            peer.connection.connection_lost(None)
        await draining

    run(talk)


def test_draining_has_an_end() -> None:
    """What is still under way when the grace is over is cut off."""

    async def talk(edge: Callable[..., Edge]) -> None:
        async def answer(_request: WireRequest) -> WireResponse:
            await asyncio.sleep(3600)
            return OK

        one = edge(answer)
        peer = Peer(one)
        await peer.send([GET])
        await one.drain(0.01)
        assert peer.wire.closed
        peer.connection.connection_lost(None)
        await rest()

    run(talk)
