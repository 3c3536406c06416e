"""Look through texts of any length, piece by piece, in whatever encoding they are."""

from __future__ import annotations

import codecs
import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from keywright.client.scan.detector import REACH, Hit, find
from keywright.client.scan.patterns import may_hold_any

PIECE: Final = 1 << 20
_MARGIN: Final = 3 * REACH
# PowerShell's `>` writes UTF-16.
_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEST_BYTES: Final = 8000
"""As much as git looks at to tell text from binary."""


def hits_in(pieces: Iterable[bytes]) -> Iterable[Hit]:
    """Find the keys of a text that comes in pieces; lines count from its beginning."""
    pieces = iter(pieces)
    first = next(pieces, b"")
    second = next(pieces, None)
    if second is not None:
        return _hits_in_long(_as_text(itertools.chain((first, second), pieces)))
    if not may_hold_any(first) and not first.startswith(_BOMS):
        return ()
    return find(b"".join(_as_text(iter((first,)))))


def _hits_in_long(texts: Iterator[bytes]) -> Iterator[Hit]:
    buffer, lines_before, told = b"", 0, 0
    text = next(texts, None)
    while text is not None:
        following = next(texts, None)
        buffer += text
        # What is near the end waits for what follows it.
        limit = len(buffer) if following is None else max(told, len(buffer) - _MARGIN)
        for hit in find(buffer):
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
    """Give the pieces in an encoding that leaves ASCII as it is; nothing of what is not text."""
    first = next(pieces, b"")
    if first.startswith(_BOMS):
        yield from _from_utf16(first, pieces)
        return
    if b"\0" in first[:_TEST_BYTES]:
        return
    yield _unescaped(first)
    for piece in pieces:
        yield _unescaped(piece)


def _from_utf16(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    yield _unescaped(decoder.decode(first).encode("utf-8", "replace"))
    for piece in pieces:
        yield _unescaped(decoder.decode(piece).encode("utf-8", "replace"))


def _unescaped(text: bytes) -> bytes:
    r"""Write `\/` as `/`: PHP's JSON has it in secrets."""
    return text.replace(b"\\/", b"/") if b"\\/" in text else text
