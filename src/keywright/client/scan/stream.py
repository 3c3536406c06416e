"""Look through texts of any length, piece by piece, in whatever encoding they are."""

from __future__ import annotations

import codecs
import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from keywright.client.scan.detector import REACH, Hit, find
from keywright.client.scan.encoded import unescaped, without_escapes
from keywright.client.scan.patterns import may_hold_any
from keywright.client.scan.unpacking import PACKED, PIECE, Budget, CannotUnpack, unpack

_MARGIN: Final = 3 * REACH
# PowerShell's `>` writes UTF-16.
_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAX_DEPTH: Final = 1
"""An archive in an archive is unpacked, one in that is not."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked for, and who is told of what could not be looked at."""

    ids_alone: bool = False
    """Find the ids of keys too that stand without a secret."""
    refuse: Callable[[str], object] = lambda _why: None


_KEYS: Final = Looking()


def hits_in(pieces: Iterable[bytes], looking: Looking = _KEYS) -> Iterable[Hit]:
    """Find the keys of a text that comes in pieces, unpacked where it is packed; lines count from its beginning."""
    pieces = iter(pieces)
    first = next(pieces, b"")
    if first.startswith(PACKED):
        return _hits_in_packed(itertools.chain((first,), pieces), looking, Budget(), 0)
    return _hits(first, pieces, looking)


def _hits(first: bytes, pieces: Iterator[bytes], looking: Looking) -> Iterable[Hit]:
    second = next(pieces, None)
    if second is not None:
        return _hits_in_long(_as_text(itertools.chain((first, second), pieces)), looking)
    if first.startswith(_BOMS):
        first = b"".join(_from_utf16(iter((first,))))
    if not may_hold_any(first):
        return ()
    return find(without_escapes(first), ids_alone=looking.ids_alone)


def _hits_in_packed(pieces: Iterable[bytes], looking: Looking, budget: Budget, depth: int) -> Iterator[Hit]:
    try:
        for name, inner in unpack(pieces, budget, is_outermost=depth == 0):
            first = next(inner, b"")
            if not first.startswith(PACKED):
                hits = _hits(first, inner, looking)
            elif depth < _MAX_DEPTH:
                hits = _hits_in_packed(itertools.chain((first,), inner), looking, budget, depth + 1)
            else:
                looking.refuse(f"{name} is packed too often: it was not looked at")
                continue
            for hit in hits:
                yield dataclasses.replace(hit, within=f"{name}, {hit.within}" if hit.within else name)
    except CannotUnpack as error:
        looking.refuse(str(error))


def _hits_in_long(texts: Iterator[bytes], looking: Looking) -> Iterator[Hit]:
    buffer, lines_before, told = b"", 0, 0
    text = next(texts, None)
    while text is not None:
        following = next(texts, None)
        buffer += text
        # What is near the end waits for what follows it.
        limit = len(buffer) if following is None else max(told, len(buffer) - _MARGIN)
        for hit in find(buffer, ids_alone=looking.ids_alone):
            if told <= hit.start < limit:
                yield dataclasses.replace(hit, line=hit.line + lines_before)
        dropped = max(0, limit - _MARGIN)
        lines_before += buffer.count(b"\n", 0, dropped)
        buffer, told, text = buffer[dropped:], limit - dropped, following


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Read a file in pieces."""
    while piece := file.read(PIECE):
        yield piece


def _as_text(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the pieces in an encoding that leaves ASCII as it is, and without escapes."""
    first = next(pieces, b"")
    pieces = itertools.chain((first,), pieces)
    yield from unescaped(_from_utf16(pieces) if first.startswith(_BOMS) else pieces)


def _from_utf16(pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
